import type { Confirm } from "./run-context";

/** Tasks that are started together would ask together: each question waits until the one before it is answered. */
export function oneAfterTheOther(confirm: Confirm): Confirm {
  let last: Promise<unknown> = Promise.resolve();
  return (question, over) => {
    const own = last.then(() => (over?.aborted === true ? undefined : confirm(question, over)));
    last = own.catch(() => undefined);
    return own;
  };
}
