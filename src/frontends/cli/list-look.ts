import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { resolveColor } from "./environment-options";
import type { Session } from "./session";
import { hasUnicode } from "./terminal-facts";

/** How a listing is written where it goes. */
export interface ListLook {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
}

export const listLook = ({ options, host: { env } }: Session): ListLook => ({
  color: resolveColor(options, env, isTerminal(1)),
  unicode: hasUnicode(env),
  columns: windowSize(1)?.columns ?? 100,
});
