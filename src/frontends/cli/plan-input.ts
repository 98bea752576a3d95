import type { PlanInput } from "#app/operations/plan-run";
import { isTerminal } from "#system/stdio/is-terminal";
import type { ParsedCommand } from "./command";
import { isOn, listOption, textOption } from "./session";
import type { Session } from "./session";

/** What the options and words of a command line ask to be planned. */
export function planInput(parsed: ParsedCommand, session: Session): PlanInput {
  const { options, words, extra } = parsed;
  const jobs = textOption(options, "jobs");
  const refusal = shellRefusal(session);
  return {
    host: session.host,
    ...session.load,
    words,
    extra,
    only: isOn(options, "only"),
    ...(jobs === undefined ? {} : { jobs }),
    env: pairs(listOption(options, "env")),
    vars: pairs(listOption(options, "set")),
    get isTerminal() {
      return isTerminal(1);
    },
    ...(refusal === undefined ? {} : { shellRefusal: refusal }),
  };
}

/** Why `shell()` in expressions may not run; undefined where it may. */
export const shellRefusal = ({ options, host }: Session): string | undefined =>
  isOn(options, "no-shell-expr") || (host.env["ZR_NO_SHELL_EXPR"] ?? "") !== ""
    ? "it is switched off by --no-shell-expr or ZR_NO_SHELL_EXPR"
    : undefined;

/** `KEY=VALUE` texts, whose form the parser has checked. */
export function pairs(texts: readonly string[]): Record<string, string> {
  if (texts.length === 0) return {};
  return Object.fromEntries(
    texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
  );
}
