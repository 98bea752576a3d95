import type { PlannedInstance, RunEvent } from "./event";
import type { InstanceId, RunId } from "./ids";
import type { InstanceState, Outcome } from "./outcome";

/** One instance as far as its events have told. */
export interface InstanceRecord {
  readonly planned: PlannedInstance;
  readonly phase: "planned" | "queued" | "running" | "ready" | "waiting" | "finished";
  readonly attempts: number;
  /** Milliseconds since the run started. */
  readonly startedAt?: number;
  readonly durationMs: number;
  readonly cpuMs?: number;
  readonly outcome?: Outcome;
}

/** A run as far as its events have told: what every view of it shows. */
export interface RunRecord {
  readonly run: RunId;
  readonly wallMs: number;
  readonly zr: string;
  readonly root: string;
  readonly request: readonly string[];
  readonly jobs: number;
  readonly requested: readonly InstanceId[];
  readonly criticalPath: readonly InstanceId[];
  /** In the plan's order. */
  readonly instances: ReadonlyMap<InstanceId, InstanceRecord>;
  readonly counts: Readonly<Record<InstanceState, number>>;
  readonly nextSeq: number;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly interrupted?: string;
}

const NO_COUNTS: Readonly<Record<InstanceState, number>> = {
  success: 0,
  cached: 0,
  skipped: 0,
  failed: 0,
  timed_out: 0,
  canceled: 0,
  blocked: 0,
};

/**
 * The record after one more event. Records are values for their readers; the map inside is owned by the newest record
 * and changed in place, so that a run of thousands of instances stays linear: keep a copy to keep a moment.
 */
export function reduceRun(record: RunRecord | undefined, event: RunEvent): RunRecord {
  if (event.type === "run.started") {
    const { run, wallMs, zr, root, request, jobs } = event;
    return {
      run,
      wallMs,
      zr,
      root,
      request,
      jobs,
      requested: [],
      criticalPath: [],
      instances: new Map(),
      counts: { ...NO_COUNTS },
      nextSeq: event.seq + 1,
    };
  }
  if (record === undefined) throw new Error("an event before run.started");
  const next = { ...record, nextSeq: event.seq + 1 };
  switch (event.type) {
    case "run.planned":
      return {
        ...next,
        requested: event.requested,
        criticalPath: event.criticalPath,
        instances: new Map(
          event.instances.map((planned) => [
            planned.id,
            { planned, phase: "planned" as const, attempts: 0, durationMs: 0 },
          ]),
        ),
      };
    case "run.finished":
      return {
        ...next,
        exitCode: event.exitCode,
        durationMs: event.durationMs,
        ...(event.interrupted === undefined ? {} : { interrupted: event.interrupted }),
      };
    case "note":
    case "instance.output":
      return next;
    default:
      return reduceInstance(next, event);
  }
}

type InstanceEvent = Exclude<
  RunEvent,
  { readonly type: "run.started" | "run.planned" | "run.finished" | "note" | "instance.output" }
>;

function reduceInstance(record: RunRecord, event: InstanceEvent): RunRecord {
  const before = record.instances.get(event.id);
  if (before === undefined) throw new Error(`an event of ${event.id}, which was not planned`);
  // The newest record owns the map; see reduceRun.
  const instances = record.instances as Map<InstanceId, InstanceRecord>;
  instances.set(event.id, nextInstance(before, event));
  if (event.type !== "instance.finished") return record;
  const { state } = event.outcome;
  return { ...record, counts: { ...record.counts, [state]: record.counts[state] + 1 } };
}

function nextInstance(before: InstanceRecord, event: InstanceEvent): InstanceRecord {
  switch (event.type) {
    case "instance.queued":
      return { ...before, phase: "queued" };
    case "instance.started":
      return {
        ...before,
        phase: "running",
        attempts: event.attempt,
        startedAt: before.startedAt ?? event.at,
      };
    case "instance.ready":
      return { ...before, phase: "ready" };
    case "instance.attempt-finished":
      return { ...before, phase: "waiting" };
    case "instance.finished":
      return {
        ...before,
        phase: "finished",
        attempts: event.attempts,
        durationMs: event.durationMs,
        outcome: event.outcome,
        ...(event.cpuMs === undefined ? {} : { cpuMs: event.cpuMs }),
      };
  }
}
