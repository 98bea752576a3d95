import type { RunnablePlan } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import type { Result } from "#base/result";
import { ok } from "#base/result";
import type { FailedPart } from "#app/operations/retry-failed";
import type { ResultMemory } from "#engine/cache/result-memory";
import type { Invocation } from "#engine/history/stored-run";
import { onEndSignals } from "#system/signals";
import type { RunKeeper } from "./keep-run";
import { launchRun } from "./launch-run";
import type { Session } from "./session";

/** What a run is to the history. */
export interface RunPast {
  readonly invocation: Invocation;
  /** Set where only what went wrong before is run. */
  readonly again: FailedPart | undefined;
  /** What is known of results from an earlier run. */
  readonly memory?: ResultMemory;
  readonly takeShown?: ((bytes: Uint8Array) => void) | undefined;
  /** There where the run may be kept for another time. */
  readonly keep?: RunKeeper | undefined;
}

export const launch = (
  planned: RunnablePlan,
  session: Session,
  { invocation, again, keep, takeShown, memory = keep?.memory }: RunPast,
): ReturnType<typeof launchRun> =>
  launchRun(planned, session, {
    invocation,
    ...(again === undefined ? {} : { settled: again.settled }),
    ...(memory === undefined ? {} : { memory }),
    ...(takeShown === undefined ? {} : { takeShown }),
    ...(keep === undefined ? {} : { subscribers: [keep.subscriber] }),
  });

/** Runs a plan to its end and gives the exit code; fails where it can't be started. */
export async function execute(
  planned: RunnablePlan,
  session: Session,
  past: RunPast,
): Promise<Result<number, Problems>> {
  const launched = await launch(planned, session, past);
  if (!launched.ok) return launched;
  const { control, result, finish, look } = launched.value;
  const signals = onEndSignals((signal) => control.interrupt(signal));
  await result;
  signals[Symbol.dispose]();
  const exitCode = await finish();
  await past.keep?.finish(look());
  return ok(exitCode);
}
