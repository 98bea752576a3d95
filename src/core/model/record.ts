import type { PlannedInstance, PlannedStage, RunEvent, StageState } from "./event";
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
  readonly peakMemoryBytes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  readonly outcome?: Outcome;
}

/** A stage of a workflow that has ended. */
export interface StageRecord {
  readonly name: string;
  readonly state: StageState;
  readonly durationMs: number;
  readonly why?: string;
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
  readonly profile?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly workflow?: string;
  readonly plannedStages: readonly PlannedStage[];
  /** Those that have ended, in the order of their ends. */
  readonly stages: readonly StageRecord[];
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
    const { run, wallMs, zr, root, request, jobs, profile, workflow } = event;
    return {
      ...(profile === undefined ? {} : { profile }),
      ...(workflow === undefined ? {} : { workflow }),
      labels: event.labels ?? {},
      plannedStages: [],
      stages: [],
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
        plannedStages: event.stages ?? [],
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
    case "stage.started":
    case "resources.sampled":
    case "instance.output-decided":
    case "instance.artifacts":
      return next;
    case "stage.finished": {
      const { stage: name, state, durationMs, why } = event;
      const stage = { name, state, durationMs, ...(why === undefined ? {} : { why }) };
      return { ...next, stages: [...record.stages, stage] };
    }
    default:
      return reduceInstance(next, event);
  }
}

type InstanceEvent = Extract<
  RunEvent,
  {
    readonly type:
      | "instance.queued"
      | "instance.started"
      | "instance.ready"
      | "instance.attempt-finished"
      | "instance.finished";
  }
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
        ...(event.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: event.peakMemoryBytes }),
        ...(event.readBytes === undefined ? {} : { readBytes: event.readBytes }),
        ...(event.writtenBytes === undefined ? {} : { writtenBytes: event.writtenBytes }),
      };
  }
}
