import { visibleControls } from "#frontends/output/visible-text";

/** What a piece of text means; how that looks is the painter's business. */
export type Style = "plain" | "dim" | "good" | "bad" | "warn" | "strong" | "bar" | "chosen" | "match" | "key";

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One row of the screen, from left to right. */
export type Row = readonly Span[];

/** Characters that take one column each and steer nothing. */
const ASCII = /^[\x20-\x7e]*$/;

/** A piece of a row, whoever wrote the text: controls in it are made visible. */
export const span = (text: string, style: Style = "plain"): Span => ({
  text: ASCII.test(text) ? text : visibleControls(text).replaceAll("\t", " "),
  style,
});

/** Columns that a text takes. */
export const widthOf = (text: string): number => (ASCII.test(text) ? text.length : Bun.stringWidth(text));

/** Beginning of a text that takes so many columns at most. */
export function cutText(text: string, columns: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, columns));
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, 4 * columns + 16))) {
    width += Bun.stringWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return kept;
}

/** The row with exactly so many columns: cut off, or filled with blanks of a style. */
export function fitRow(row: Row, columns: number, filler: Style = "plain"): Row {
  const made: Span[] = [];
  let left = columns;
  for (const { text, style } of row) {
    const width = widthOf(text);
    if (width <= left) {
      made.push({ text, style });
      left -= width;
      continue;
    }
    const kept = cutText(text, left);
    made.push({ text: kept, style });
    left -= widthOf(kept);
    break;
  }
  if (left > 0) made.push({ text: " ".repeat(left), style: filler });
  return made;
}

/** Two rows at the ends of one: the right one is shown only where there is room for it. */
export function justified(left: Row, right: Row, columns: number): Row {
  const rightWidth = rowWidth(right);
  if (rightWidth === 0) return fitRow(left, columns);
  const room = columns - rightWidth - 1;
  if (room < Math.min(rowWidth(left), Math.ceil(columns / 2))) return fitRow(left, columns);
  return [...fitRow(left, room), span(" "), ...right];
}

export const rowWidth = (row: Row): number => row.reduce((sum, { text }) => sum + widthOf(text), 0);

/** The text of a row, styles left out. */
export const rowText = (row: Row): string => row.map(({ text }) => text).join("");

/** A text in pieces of so many columns. */
export function wrapText(text: string, columns: number): readonly string[] {
  if (columns <= 0 || widthOf(text) <= columns) return [text];
  const pieces: string[] = [];
  let rest = text;
  while (rest !== "") {
    const piece = cutText(rest, columns);
    // A character that is wider than the window is left out.
    if (piece === "") return pieces.length === 0 ? [""] : pieces;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}
