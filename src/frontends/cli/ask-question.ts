import type { Ask } from "#app/operations/use-template";
import { readAnswer } from "#core/scaffold/read-answer";
import type { Answer, Question } from "#core/scaffold/template";
import { visibleControls } from "#frontends/output/visible-text";
import { textOf } from "#core/scaffold/render-template";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { openLineReader } from "#system/stdio/line-reader";
import type { LineReader } from "#system/stdio/line-reader";
import type { OptionValues } from "./command";
import { isOn } from "./session";

/** Wrong answers after which nobody is asked any more. */
const MOST_TRIES = 3;

/** Somebody who may be asked, until it is closed. */
export interface Asker {
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

/** Asks on the terminal, with the default in brackets; an empty line takes that. Elsewhere that is the answer. */
export function openAsker(options: OptionValues): Asker {
  if (isOn(options, "yes") || isOn(options, "no-input") || !isTerminal(0))
    return { ask: async (_question, fallback) => fallback, close: async () => undefined };
  let lines: LineReader | undefined;
  return {
    ask: (question, fallback) => {
      lines ??= openLineReader();
      return askUntilRight(question, fallback, lines);
    },
    close: async () => lines?.close(),
  };
}

async function askUntilRight(
  question: Question,
  fallback: Answer | undefined,
  lines: LineReader,
): Promise<Answer | undefined> {
  const hint = question.choices.length > 0 ? ` (${question.choices.join(", ")})` : "";
  const shown = fallback === undefined ? "" : ` [${textOf(fallback)}]`;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await print("stderr", visibleControls(`${question.ask}${hint}${shown}: `));
    const line = await lines.next();
    if (line === undefined) return undefined;
    if (line.trim() === "" && fallback !== undefined) return fallback;
    const answer = readAnswer(line.trim(), question);
    if (answer.ok) return answer.value;
    await print("stderr", `That has to be ${answer.error}.\n`);
  }
  return undefined;
}
