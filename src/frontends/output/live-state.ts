import type { PlannedInstance, RunEvent } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { InstanceState, Outcome } from "#core/model/outcome";

/** An instance that has been started and has not ended. Times are milliseconds since the run started. */
export interface LiveTask {
  readonly label: string;
  readonly startedAt: number;
  readonly attempt: number;
  /** `waiting`: for its next attempt, which is due at `dueAt`. */
  readonly phase: "running" | "ready" | "waiting";
  readonly dueAt?: number;
}

/** An instance that has failed. */
export interface LiveFailure {
  readonly label: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

/** What the live view has to know of a run. Plain data. */
export interface LiveState {
  /** Instances with a command of their own. */
  readonly total: number;
  /** Of these, those that have ended. */
  readonly finished: number;
  readonly counts: Readonly<Partial<Record<InstanceState, number>>>;
  /** Started and not ended, in the order of their starts. */
  readonly running: ReadonlyMap<InstanceId, LiveTask>;
  /** In the order in which they failed. */
  readonly failures: readonly LiveFailure[];
  /** The stage of a workflow that is under way. */
  readonly stage?: string;
  readonly isOver: boolean;
  readonly planned: ReadonlyMap<InstanceId, PlannedInstance>;
  /** Instances under way or about to be, whose terminal it is when nothing else runs. */
  readonly interactive: ReadonlySet<InstanceId>;
}

export const NO_RUN: LiveState = {
  total: 0,
  finished: 0,
  counts: {},
  running: new Map(),
  failures: [],
  isOver: false,
  planned: new Map(),
  interactive: new Set(),
};

/**
 * The state after one more event. As with records of runs, the collections inside belong to the newest state and are
 * changed in place, so that an event of a large run costs no more than one of a small run.
 */
export function reduceLive(state: LiveState, event: RunEvent): LiveState {
  switch (event.type) {
    case "run.planned":
      return {
        ...state,
        total: event.instances.filter(({ group }) => !group).length,
        running: new Map(),
        interactive: new Set(),
        failures: [],
        planned: new Map(event.instances.map((instance) => [instance.id, instance])),
      };
    case "run.finished":
      return { ...state, isOver: true };
    case "stage.started":
      return { ...state, stage: event.stage };
    case "instance.queued":
      if (state.planned.get(event.id)?.interactive === true) owned(state.interactive).add(event.id);
      return state;
    case "instance.started":
      return started(state, event);
    case "instance.ready":
      return changed(state, event.id, { phase: "ready" });
    case "instance.attempt-finished":
      return event.retryInMs === undefined
        ? state
        : changed(state, event.id, { phase: "waiting", dueAt: event.at + event.retryInMs });
    case "instance.finished":
      return finished(state, event);
    default:
      return state;
  }
}

/** Whether a task has the terminal to itself, or gets it next. */
export function isTerminalTaken({ interactive, running }: LiveState): boolean {
  if (interactive.size === 0) return false;
  for (const [id, { phase }] of running) if (phase !== "ready" && !interactive.has(id)) return false;
  return true;
}

// See reduceLive: the newest state owns what is in it.
const owned = (set: ReadonlySet<InstanceId>): Set<InstanceId> => set as Set<InstanceId>;
const ownedTasks = ({ running }: LiveState): Map<InstanceId, LiveTask> =>
  running as Map<InstanceId, LiveTask>;

function started(
  state: LiveState,
  { id, at, attempt }: Extract<RunEvent, { readonly type: "instance.started" }>,
): LiveState {
  const before = state.running.get(id);
  const planned = state.planned.get(id);
  const label = planned?.label ?? id;
  if (planned?.interactive === true) owned(state.interactive).add(id);
  ownedTasks(state).set(id, { label, startedAt: before?.startedAt ?? at, attempt, phase: "running" });
  return state;
}

function changed(
  state: LiveState,
  id: InstanceId,
  change: Pick<LiveTask, "phase"> & Partial<Pick<LiveTask, "dueAt">>,
): LiveState {
  const task = state.running.get(id);
  if (task !== undefined) ownedTasks(state).set(id, { ...task, ...change });
  return state;
}

function finished(
  state: LiveState,
  { id, outcome, durationMs }: Extract<RunEvent, { readonly type: "instance.finished" }>,
): LiveState {
  ownedTasks(state).delete(id);
  owned(state.interactive).delete(id);
  const planned = state.planned.get(id);
  if (planned?.group === true) return state;
  const hasFailed = outcome.state === "failed" || outcome.state === "timed_out";
  return {
    ...state,
    finished: state.finished + 1,
    counts: { ...state.counts, [outcome.state]: (state.counts[outcome.state] ?? 0) + 1 },
    failures: hasFailed
      ? [...state.failures, { label: planned?.label ?? id, outcome, durationMs }]
      : state.failures,
  };
}
