const DEFAULT_DEADLINE_MS = 10_000;
const LOOK_MS = 5;

/** The longest any wait of the rig may take, in milliseconds: `ZR_TEST_TIMEOUT`, else 10 s. */
export function deadlineMs(): number {
  const given = Number(process.env["ZR_TEST_TIMEOUT"]);
  return Number.isFinite(given) && given > 0 ? given : DEFAULT_DEADLINE_MS;
}

/**
 * The given promise, or an error saying what was awaited when the deadline passes first.
 *
 * A caller may drop the returned promise: its rejection then goes unreported.
 * @param what what is awaited, as in "waited 10000 ms for <what>"
 * @param transcript what to show beneath the error, read when the deadline passes
 */
export function withDeadline<T>(promise: Promise<T>, what: string, transcript: () => string): Promise<T> {
  const limit = deadlineMs();
  const failure = new Error();
  Error.captureStackTrace(failure, withDeadline);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    failure.message = `waited ${limit} ms for ${what}\n${transcript()}`;
    reject(failure);
  }, limit);
  const guarded = Promise.race([promise, late]).finally(() => clearTimeout(timer));
  guarded.catch(() => {});
  return guarded;
}

/** Waits until something holds that nothing tells of, looking again and again. */
export async function until(holds: () => boolean, what: string, transcript: () => string): Promise<void> {
  const over = new AbortController();
  const look = async (): Promise<void> => {
    while (!over.signal.aborted && !holds()) await Bun.sleep(LOOK_MS);
  };
  await withDeadline(look(), what, transcript).finally(() => over.abort());
}
