import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { readLine } from "#system/stdio/read-line";
import type { OptionValues } from "./command";
import { isOn } from "./session";

/** Asks a yes-or-no question on the terminal. Undefined where nobody can be asked. */
export async function confirm(question: string, options: OptionValues): Promise<boolean | undefined> {
  if (isOn(options, "yes")) return true;
  if (isOn(options, "no-input") || !isTerminal(0)) return undefined;
  await print("stderr", `${question} [y/N] `);
  const answer = await readLine();
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}
