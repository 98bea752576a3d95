import type { createColors } from "picocolors";

/** Makes text stand out, by what it means. Without colour every function gives the text as it is. */
export interface Theme {
  readonly color: boolean;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  /** Colours that tell tasks apart. */
  readonly labels: readonly Paint[];
}

/** What a terminal shows text on. */
export type Background = "dark" | "light";

export type Paint = (text: string) => string;

const plain: Paint = (text) => text;

export const PLAIN_THEME: Theme = {
  color: false,
  good: plain,
  bad: plain,
  warn: plain,
  dim: plain,
  strong: plain,
  labels: [plain],
};

/** The theme; the colour library is loaded only where colour is wanted, since that takes some ten milliseconds. */
export async function loadTheme(color: boolean, background?: Background): Promise<Theme> {
  if (!color) return PLAIN_THEME;
  const { default: picocolors } = await import("picocolors");
  const colors = picocolors.createColors(true);
  return {
    color,
    good: colors.green,
    bad: colors.red,
    // Yellow can't be read on white.
    warn: background === "light" ? colors.magenta : colors.yellow,
    dim: colors.dim,
    strong: colors.bold,
    labels: labelsOn(background, colors),
  };
}

function labelsOn(
  background: Background | undefined,
  colors: ReturnType<typeof createColors>,
): readonly Paint[] {
  const { cyan, magenta, blue, yellow, green } = colors;
  const { cyanBright, magentaBright, blueBright, yellowBright, greenBright } = colors;
  if (background === "light") return [cyan, magenta, blue, green];
  const bright = [cyanBright, magentaBright, blueBright, yellowBright, greenBright];
  // Dark blue can't be read on black.
  return background === "dark"
    ? [cyan, magenta, yellow, green, ...bright]
    : [cyan, magenta, blue, yellow, green, ...bright];
}
