import { isHandlerEdge } from "#core/model/edge-kinds";
import type { Outcome } from "#core/model/outcome";
import type { EdgeKind, Instance } from "#core/model/plan";

/**
 * The life of an instance:
 * ```
 * held ──demand──► waiting ──edges──► ready ──slot──► running ──► settled
 *                     │                 ▲   ◄──timer── delayed ◄──┤ (retry)
 *                     └─► settled       └──────── calling ◄───────┘ (call)
 * ```
 * Any phase before `running` can also be settled directly (blocked, skipped, canceled).
 */
export type Phase = "held" | "waiting" | "ready" | "running" | "delayed" | "calling" | "settled";

export const MOVES: Readonly<Record<Phase, readonly Phase[]>> = {
  held: ["waiting", "settled"],
  waiting: ["ready", "settled"],
  ready: ["running", "settled"],
  running: ["delayed", "calling", "settled"],
  delayed: ["ready", "settled"],
  calling: ["ready", "settled"],
  settled: [],
};

/** What the scheduler knows of an instance. */
export interface Entry {
  readonly instance: Instance;
  readonly index: number;
  readonly dependents: { readonly entry: Entry; readonly kind: EdgeKind }[];
  /** What it needs, and what it may call. */
  readonly wants: Entry[];
  /** Edges not yet satisfied. */
  missing: number;
  /** Handler edges (finally, success, failure) whose instance has not ended. */
  handlersLeft: number;
  /** Unsettled instances that need it or may call it. */
  wantersLeft: number;
  phase: Phase;
  attempts: number;
  /** Set once somebody wants a held instance. */
  demanded: boolean;
  /** Wanted by the end of another instance: an interrupt lets it run. */
  isCleanup: boolean;
  /** A command of it has been started. */
  started: boolean;
  isReady: boolean;
  outcome: Outcome | undefined;
  /** What a caller waits for, and how it has gone so far. */
  waitingFor: number;
  readonly callers: Entry[];
  callGood: boolean;
  /** Its time was over while it waited for what it called. */
  gaveUp: boolean;
  isResuming: boolean;
  stopping: boolean;
  lastFailure?: Outcome;
}

/** Whether a command of it runs, or is to go on after a call. */
export const isLive = ({ phase, isResuming }: Entry): boolean =>
  phase === "running" || phase === "calling" || (phase === "ready" && isResuming);

/** A server that is up stays beside what wants to run alone, which may well need it. */
export const isUp = ({ instance, isReady }: Entry): boolean => instance.persistent && isReady;

/** Whether it will go on without any other instance. */
export const isMoving = (entry: Entry): boolean =>
  entry.phase === "ready" || entry.phase === "delayed" || (entry.phase === "running" && !isUp(entry));

/** Whether something is still to come of it by itself. */
export const isBusy = ({ phase, instance }: Entry): boolean =>
  phase === "ready" ||
  phase === "waiting" ||
  phase === "delayed" ||
  phase === "calling" ||
  (phase === "running" && !instance.persistent);

/** An instance at the start of its life. */
export function makeEntry(instance: Instance, index: number): Entry {
  const handlersLeft = instance.edges.filter((edge) => isHandlerEdge(edge.kind)).length;
  return {
    instance,
    index,
    dependents: [],
    wants: [],
    missing: instance.edges.length,
    handlersLeft,
    wantersLeft: 0,
    phase: instance.heldBy === undefined ? "waiting" : "held",
    attempts: 0,
    demanded: false,
    isCleanup: false,
    started: false,
    isReady: false,
    waitingFor: 0,
    callers: [],
    callGood: true,
    gaveUp: false,
    isResuming: false,
    stopping: false,
    outcome: undefined,
  };
}

/** Priority, then longest remaining path, then the plan's order. */
export function comesBefore(a: Entry, b: Entry): boolean {
  const byPriority = b.instance.limits.priority - a.instance.limits.priority;
  if (byPriority !== 0) return byPriority < 0;
  if (a.instance.rank !== b.instance.rank) return a.instance.rank > b.instance.rank;
  return a.index < b.index;
}
