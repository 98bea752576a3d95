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
export async function loadTheme(color: boolean): Promise<Theme> {
  if (!color) return PLAIN_THEME;
  const { default: picocolors } = await import("picocolors");
  const colors = picocolors.createColors(true);
  return {
    color,
    good: colors.green,
    bad: colors.red,
    warn: colors.yellow,
    dim: colors.dim,
    strong: colors.bold,
    labels: [
      colors.cyan,
      colors.magenta,
      colors.blue,
      colors.yellow,
      colors.green,
      colors.cyanBright,
      colors.magentaBright,
      colors.blueBright,
      colors.yellowBright,
      colors.greenBright,
    ],
  };
}
