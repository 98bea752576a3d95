import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from "./symbols";
import type { Symbols } from "./symbols";
import { PLAIN_THEME, loadTheme } from "./theme";
import type { Background, Theme } from "./theme";

/** Colours and signs. */
export interface Look {
  readonly theme: Theme;
  readonly symbols: Symbols;
}

export function plainLook(unicode: boolean): Look {
  return { theme: PLAIN_THEME, symbols: unicode ? UNICODE_SYMBOLS : ASCII_SYMBOLS };
}

export async function loadLook(options: {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly background?: Background | undefined;
}): Promise<Look> {
  return { ...plainLook(options.unicode), theme: await loadTheme(options.color, options.background) };
}
