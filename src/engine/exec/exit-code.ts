import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Plan } from "#core/model/plan";
import { isAnsweredFor } from "#core/plan/answered-for";
import type { ExitStatus } from "#system/process/spawn";

/** Numbers of the signals that end a process, the same on every system that zr runs on. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** 128 and the signal's number, as shells report it. */
const signalExitCode = (signal: string): number => 128 + (SIGNAL_NUMBERS[signal] ?? 0);

/** The exit code by which a shell would report how a child ended. */
export const exitCodeOf = ({ code, signal }: ExitStatus): number =>
  signal === null ? (code ?? 1) : signalExitCode(signal);

/** Of a run that has taken too long, as `timeout` has it. */
export const TIMEOUT_EXIT_CODE = 124;

/** Of a run that was stopped by a signal. */
export const interruptExitCode = (signal: string): number =>
  signal === "SIGTERM" ? 143 : signal === "SIGHUP" ? 129 : 130;

/**
 * Of a run by how its instances ended: 0; 124 where the one that failed ran out of time; the code of the only one that
 * failed where it is among `own`; else 1.
 */
export function outcomesExitCode(
  outcomes: ReadonlyMap<InstanceId, Outcome>,
  { plan, own }: { readonly plan: Pick<Plan, "instances">; readonly own: readonly InstanceId[] },
): number {
  const bad = badOnes(outcomes, plan);
  if (bad.length === 0) return 0;
  const failed = bad.filter(([, { state }]) => state === "failed" || state === "timed_out");
  const [only] = failed;
  if (failed.length !== 1 || only === undefined) return 1;
  const [id, { state, failure }] = only;
  if (state === "timed_out") return TIMEOUT_EXIT_CODE;
  return (own.includes(id) && failure !== undefined ? failureExitCode(failure) : undefined) ?? 1;
}

/** The instances that keep their run from being a success. */
export function badOnes(
  outcomes: ReadonlyMap<InstanceId, Outcome>,
  { instances }: Pick<Plan, "instances">,
): readonly (readonly [InstanceId, Outcome])[] {
  const bad = [...outcomes].filter(([, outcome]) => isBad(outcome));
  if (bad.length === 0) return bad;
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  return bad.filter(([id]) => {
    const instance = byId.get(id);
    return instance === undefined || !isAnsweredFor(instance, byId, outcomes);
  });
}

/** Whether an instance, taken by itself, keeps its run from being a success. */
export const isBad = ({ state, allowed }: Outcome): boolean =>
  allowed !== true &&
  (state === "failed" || state === "timed_out" || state === "canceled" || state === "blocked");

/** As a shell would report it: 127 not found, 126 not executable, 128 + n by signal. */
function failureExitCode(failure: NonNullable<Outcome["failure"]>): number | undefined {
  switch (failure.kind) {
    case "exit":
      return failure.code;
    case "not-found":
      return 127;
    case "spawn":
      return 126;
    case "signal":
      return signalExitCode(failure.signal);
    default:
      return undefined;
  }
}
