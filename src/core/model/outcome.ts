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
  | { readonly kind: "environment"; readonly message: string }
  | { readonly kind: "io"; readonly path: string; readonly message: string }
  | { readonly kind: "not-ready"; readonly message: string };

/** Why an instance was not run, or ended before its command could say so. */
export type StopReason =
  | { readonly kind: "condition"; readonly source: string }
  | { readonly kind: "platform"; readonly platforms: readonly string[] }
  | { readonly kind: "status" }
  | { readonly kind: "not-needed"; readonly of: InstanceId; readonly state: InstanceState }
  | { readonly kind: "not-called"; readonly by: InstanceId }
  | { readonly kind: "upstream"; readonly of: InstanceId; readonly state: InstanceState }
  | { readonly kind: "fail-fast"; readonly of: InstanceId }
  | { readonly kind: "interrupt"; readonly signal: string }
  | { readonly kind: "run-timeout" }
  | { readonly kind: "declined" };

/** How an instance ended. */
export interface Outcome {
  readonly state: InstanceState;
  readonly failure?: Failure;
  readonly reason?: StopReason;
  /** A failure that the task allows: reported, and dependents go on. */
  readonly allowed?: boolean;
}
