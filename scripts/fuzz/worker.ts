import { exercise } from "./exercise";
import type { Reached } from "./exercise";
import type { FuzzCase } from "./mutate";

declare const self: Worker;

/** What comes back of a case: how far it came, or what went wrong. */
export type Answer = { readonly reached: Reached } | { readonly failure: string };

const answer = (message: Answer): void => self.postMessage(message);

self.addEventListener("message", (event: MessageEvent<FuzzCase>) => {
  exercise(event.data).then(
    (reached) => answer({ reached }),
    (error: unknown) =>
      answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
