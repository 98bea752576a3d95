import type { Row, Style } from "./row";

/** Turns a row into text with colours. */
export type Painter = (row: Row) => string;

/**
 * A painter. Without colour nothing but text is left: what is chosen has a marker, what ended has a sign and a word. The
 * colour library is loaded only where colour is wanted.
 */
export async function loadPainter(hasColor: boolean): Promise<Painter> {
  if (!hasColor) return (row) => row.map(({ text }) => text).join("");
  const { default: picocolors } = await import("picocolors");
  const colors = picocolors.createColors(true);
  const paints: Readonly<Record<Style, (text: string) => string>> = {
    plain: (text) => text,
    dim: colors.dim,
    good: colors.green,
    bad: colors.red,
    warn: colors.yellow,
    strong: colors.bold,
    bar: (text) => colors.bold(colors.inverse(text)),
    chosen: colors.inverse,
    match: (text) => colors.black(colors.bgYellow(text)),
    key: colors.cyan,
  };
  return (row) => row.map(({ text, style }) => (text === "" ? "" : paints[style](text))).join("");
}
