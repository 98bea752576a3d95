import type { QuestionLine } from "#frontends/output/question-line";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { isNextLineThere, readLine } from "#system/stdio/read-line";
import type { OptionValues } from "./command";
import { isOn } from "./session";

/** What is known of a question that is asked while tasks run. */
export interface Asking {
  /** Keeps it below what tasks print. */
  readonly line?: QuestionLine | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly over?: AbortSignal | undefined;
}

/** Asks a yes-or-no question on the terminal. Undefined where nobody can be asked. */
export async function confirm(
  question: string,
  options: OptionValues,
  { line, over }: Asking = {},
): Promise<boolean | undefined> {
  if (isOn(options, "yes")) return true;
  if (isOn(options, "no-input") || !isTerminal(0)) return undefined;
  const text = `${question} [y/N] `;
  if (line === undefined) await print("stderr", text);
  else line.ask(text);
  const isTypedBefore = isNextLineThere();
  const answer = await readLine(over);
  // The terminal has shown the end of the line that is typed now.
  const isLineEnded = answer !== undefined && !isTypedBefore;
  if (line !== undefined) line.over(isLineEnded);
  else if (!isLineEnded) await print("stderr", "\n");
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}
