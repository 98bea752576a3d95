import type { FuzzCase } from "./fuzz-target";
import { fuzzTargets } from "./targets";

declare const self: Worker;

export interface Question {
  readonly target: string;
  readonly made: FuzzCase;
}

/** What comes back of a case: how far it came, or what went wrong. */
export type Answer = { readonly reached: string } | { readonly failure: string };

async function answerTo({ target, made }: Question): Promise<Answer> {
  try {
    const found = fuzzTargets.find(({ name }) => name === target);
    return found === undefined
      ? { failure: `there is no target ${target}` }
      : { reached: await found.exercise(made) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

self.addEventListener("message", (event: MessageEvent<Question>) => {
  void answerTo(event.data).then((answer) => self.postMessage(answer));
});
