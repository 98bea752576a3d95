import type { InstanceId } from "#core/model/ids";
import type { Outcome, StopReason } from "#core/model/outcome";
import type { AttemptFacts } from "./retry";

export interface SchedulerOptions {
  /** Worker slots. */
  readonly jobs: number;
  /** A failure stops starting new instances. */
  readonly failFast: boolean;
  /** A failure also stops what is running. */
  readonly killOnFail: boolean;
  /** What the running instances may reserve of memory together. */
  readonly totalMemoryBytes?: number;
  /** Begin as if the machine were too busy. */
  readonly isGateClosed?: boolean;
  /** The most retries of all instances together. */
  readonly retriesLeft?: number;
  /**
   * Instances that have ended before this run began. What needs them goes on by how they ended; there is no action for
   * them, nor for handlers and calls that are theirs.
   */
  readonly settled?: ReadonlyMap<InstanceId, Outcome>;
}

/** Everything that can happen to a run, from the scheduler's point of view. */
export type SchedulerInput =
  | { readonly type: "begin" }
  /** An attempt is over. `random` (0 to 1) is for jitter: the step itself draws nothing. */
  | {
      readonly type: "ended";
      readonly id: InstanceId;
      readonly outcome: Outcome;
      readonly facts: AttemptFacts;
      readonly random: number;
    }
  /** A persistent instance has become ready. */
  | { readonly type: "ready"; readonly id: InstanceId }
  /** The wait before another attempt is over. */
  | { readonly type: "timer"; readonly id: InstanceId }
  /** A running instance has reached a step that runs other tasks. */
  | { readonly type: "call"; readonly id: InstanceId; readonly call: number }
  /** The time of an instance is over: what it waits for to return from a call is stopped. */
  | { readonly type: "give-up"; readonly id: InstanceId }
  /** The machine is too busy for one more instance, or is so no longer. */
  | { readonly type: "gate"; readonly isOpen: boolean }
  /** What running instances have of memory at this moment. */
  | { readonly type: "memory"; readonly observed: ReadonlyMap<InstanceId, number> }
  /** Stop these, as far as they run; everything else goes on. */
  | { readonly type: "stop"; readonly ids: Iterable<InstanceId>; readonly reason: StopReason }
  /** Stop what runs, start nothing more but clean-ups. */
  | { readonly type: "cancel"; readonly reason: StopReason }
  /** Stop everything at once, clean-ups too. */
  | { readonly type: "abort"; readonly reason: StopReason };

/** What the run loop has to do, in order. */
export type SchedulerAction =
  | { readonly type: "queued"; readonly id: InstanceId }
  | { readonly type: "start"; readonly id: InstanceId; readonly attempt: number }
  /** Go on after a call; false: what was called did not end well. */
  | { readonly type: "resume"; readonly id: InstanceId; readonly isGood: boolean }
  | { readonly type: "wait"; readonly id: InstanceId; readonly delayMs: number }
  /** Run the stop sequence. */
  | { readonly type: "stop"; readonly id: InstanceId; readonly reason: StopReason }
  /** SIGKILL now. */
  | { readonly type: "kill"; readonly id: InstanceId; readonly reason: StopReason }
  | { readonly type: "settle"; readonly id: InstanceId; readonly outcome: Outcome; readonly attempts: number }
  | { readonly type: "done" };
