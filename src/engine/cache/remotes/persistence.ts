import type { Result } from "#base/result";
import { err } from "#base/result";
import { randomUnit } from "#system/clock/clock";
import type { RemoteTrouble } from "#engine/cache/remote-cache";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

export interface Persistence {
  /** Further tries. */
  readonly retries: number;
  /** Ends the pause before the next try. */
  readonly signal: AbortSignal;
}

/**
 * Tries again what may go better the next time: a server that failed, a connection that broke. Pauses double, and vary so
 * that clients don't come back together. What ran into its time-out has been waited for long enough.
 */
export async function withRetries<T>(
  attempt: () => Promise<Result<T, RemoteTrouble>>,
  { retries, signal }: Persistence,
): Promise<Result<T, RemoteTrouble>> {
  for (let tried = 0; ; tried += 1) {
    if (signal.aborted) return err({ kind: "closed", reason: "it was given up" });
    const outcome = await attempt();
    if (outcome.ok || tried >= retries || !/^(?:unreachable|server)$/.test(outcome.error.kind))
      return outcome;
    await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried) * (0.5 + randomUnit() / 2), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** Does it for each item, so many at once. After a failure no further one is begun. */
export async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (let index = next; index < items.length && !hasFailed; index = next) {
      next += 1;
      try {
        results[index] = await act(items[index] as T);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
