import type { InstanceId } from "./ids";

/** The seven states in which an instance can end; each instance ends in exactly one. */
export const INSTANCE_STATES = [
  "success",
  "cached",
  "skipped",
  "failed",
  "timed_out",
  "canceled",
  "blocked",
] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** States after which dependents go on. */
export const isGood = (state: InstanceState): boolean =>
  state === "success" || state === "cached" || state === "skipped";

/** Why a command did not succeed. Made once, where the world said no; worded by the output layer. */
export type Failure =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "timeout"; readonly limitMs: number }
  | { readonly kind: "not-found"; readonly program: string }
  | { readonly kind: "spawn"; readonly message: string }
  | { readonly kind: "cwd"; readonly path: string }
  | { readonly kind: "precondition"; readonly message: string }
  | { readonly kind: "expression"; readonly message: string }
  | { readonly kind: "confirm"; readonly message: string }
  /** Of what it shares, or of what it wants of what others have shared. */
  | { readonly kind: "output"; readonly message: string }
  | { readonly kind: "environment"; readonly message: string }
  | { readonly kind: "io"; readonly path: string; readonly message: string }
  /** Something that `[hooks]` runs before the task. */
  | { readonly kind: "hook"; readonly hook: string; readonly cause: Failure }
  /** What one of its steps calls did not end well. */
  | { readonly kind: "call"; readonly of: readonly InstanceId[] }
  | { readonly kind: "not-ready"; readonly message: string }
  /** Another machine could not be reached, or the connection to it broke. */
  | { readonly kind: "unreachable"; readonly host: string; readonly message: string }
  /** Its part of the file system could not be made, or its outputs not be taken out of it. */
  | { readonly kind: "sandbox"; readonly message: string }
  | { readonly kind: "memory-limit"; readonly limitBytes: number; readonly peakBytes: number };

/** Why an instance was not run, or ended before its command could say so. */
export type StopReason =
  | { readonly kind: "condition"; readonly source: string }
  | { readonly kind: "skip-if"; readonly source: string }
  | { readonly kind: "platform"; readonly platforms: readonly string[] }
  | { readonly kind: "status" }
  /** Its result was stored under the key; the time is what making it took. */
  | { readonly kind: "cache"; readonly key: string; readonly savedMs: number }
  | { readonly kind: "not-needed"; readonly of: InstanceId; readonly state: InstanceState }
  | { readonly kind: "not-called"; readonly by: InstanceId }
  | { readonly kind: "upstream"; readonly of: InstanceId; readonly state: InstanceState }
  | { readonly kind: "fail-fast"; readonly of: InstanceId }
  | { readonly kind: "interrupt"; readonly signal: string }
  | { readonly kind: "run-timeout" }
  /** What comes after a run that was stopped has only so long. */
  | { readonly kind: "after-stop"; readonly limitMs: number }
  /** The time of the instance that called it was over. */
  | { readonly kind: "caller-timeout"; readonly by: InstanceId }
  | { readonly kind: "stage-timeout"; readonly stage: string }
  /** Its stage was not run, for a reason in words. */
  | { readonly kind: "stage"; readonly stage: string; readonly why: string }
  /** The workflow ended before it came to it. */
  | { readonly kind: "not-reached" }
  /** It is started again in another run. */
  | { readonly kind: "restart" }
  /** Somebody asked for just that, and the run goes on. */
  | { readonly kind: "asked" }
  | { readonly kind: "declined" };

/** Whether anything has called for the instance that ended so; where nothing has, there is nothing to tell of it. */
export function wasCalledFor({ state, reason }: Outcome): boolean {
  if (reason?.kind === "not-called") return state !== "skipped";
  return reason?.kind !== "stage" && reason?.kind !== "not-reached" && reason?.kind !== "not-needed";
}

/** How an instance ended. */
export interface Outcome {
  readonly state: InstanceState;
  readonly failure?: Failure;
  readonly reason?: StopReason;
  /** A failure that the task allows: reported, and dependents go on. */
  readonly allowed?: boolean;
}

/** Whether whatever needs the instance may go on; false where it has not ended. */
export const wentWell = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && (isGood(outcome.state) || outcome.allowed === true);
