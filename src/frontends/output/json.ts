import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import { jsonDocument } from "./json-document";
import { outcomeCause } from "./outcome-text";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { runTotals } from "./summary";
import { TailBuffer } from "./tail-buffer";

const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 20;

/**
 * One JSON document on stdout when the run has ended (see `runDocument`), and nothing else there. Warnings go to
 * stderr; of the output only the last lines of failed instances are in the document.
 */
export function createJson(options: RendererOptions): RunSubscriber {
  const console = new RunConsole({ ...options, quiet: true });
  const tails = new Map<InstanceId, TailBuffer>();
  return {
    event: (event) => {
      console.observe(event);
      if (event.type === "note") console.remark(event);
      if (event.type === "instance.finished" && event.outcome.failure === undefined) tails.delete(event.id);
      const record = event.type === "run.finished" ? console.record : undefined;
      if (record !== undefined) {
        const text = runText(record, { tails, logPath: options.logPath });
        console.bytes("stdout", new TextEncoder().encode(text));
      }
    },
    output: ({ id, stream, bytes }) => {
      let tail = tails.get(id);
      if (tail === undefined) tails.set(id, (tail = new TailBuffer(TAIL_BYTES)));
      tail.append(stream, bytes);
    },
    close: console.idle,
  };
}

interface DocumentSources {
  readonly tails?: ReadonlyMap<InstanceId, TailBuffer> | undefined;
  readonly logPath?: ((id: InstanceId) => string | undefined) | undefined;
}

export const runText = (record: RunRecord, sources: DocumentSources): string =>
  jsonDocument(runDocument(record, sources));

/**
 * A run as a document for programs.
 *
 * Of the run: `run`, `zr`, `root`, `request`, `jobs`, `startedAt` (ISO 8601), `durationMs`, `exitCode`,
 * `interrupted` (signal name, only where one came), `requested` and `criticalPath` (ids), `criticalPathMs`, `speedUp`
 * (sum of durations by wall time), `counts` (by state), `instances` (in the plan's order); where there are such,
 * `profile`, `labels`, and of a workflow `workflow` (its name) and `stages`.
 *
 * Of a stage: `name`, `role` (`stage`, `on_failure`, `on_success`, `finally`), `instances` (ids of what it was the first
 * to need), `state` (`success`, `failed`, `skipped`, `canceled`; not there where it was not called for), `why`,
 * `durationMs`.
 *
 * Of an instance: `id`, `label`, `package`, `task`, `command`, `cwd` (absolute), `tags`, `group`, `state` (one of the
 * seven), `allowed`, `failure` and `reason` (with `kind`), `cause` (the same in words), `startedAtMs` (since the run's
 * start), `durationMs`, `cpuMs`, `attempts`, `log` (path), `lastLines` (of a failed one). What does not apply is left out.
 */
function runDocument(record: RunRecord, sources: DocumentSources = {}): object {
  const { criticalPathMs, speedUp } = runTotals(record);
  return {
    run: record.run,
    zr: record.zr,
    root: record.root,
    request: record.request,
    jobs: record.jobs,
    startedAt: new Date(record.wallMs).toISOString(),
    durationMs: record.durationMs,
    exitCode: record.exitCode,
    interrupted: record.interrupted,
    requested: record.requested,
    criticalPath: record.criticalPath,
    criticalPathMs,
    speedUp: Math.round(speedUp * 100) / 100,
    counts: record.counts,
    ...(record.profile === undefined ? {} : { profile: record.profile }),
    ...(Object.keys(record.labels).length === 0 ? {} : { labels: record.labels }),
    ...(record.workflow === undefined ? {} : { workflow: record.workflow, stages: stagesOf(record) }),
    instances: [...record.instances.values()].map((instance) => instanceDocument(instance, sources)),
  };
}

function stagesOf({ plannedStages, stages }: RunRecord): readonly object[] {
  const ended = new Map(stages.map((stage) => [stage.name, stage]));
  return plannedStages.map(({ name, role, instances }) => {
    const stage = ended.get(name);
    return {
      name,
      role,
      instances,
      state: stage?.state,
      why: stage?.why,
      durationMs: stage?.durationMs,
    };
  });
}

function instanceDocument(record: InstanceRecord, sources: DocumentSources): object {
  const { planned, outcome } = record;
  const cause = outcome === undefined ? "" : outcomeCause(outcome);
  return {
    id: planned.id,
    label: planned.label,
    package: planned.package,
    task: planned.task,
    command: planned.command,
    cwd: planned.cwd,
    tags: planned.tags,
    group: planned.group,
    state: outcome?.state,
    allowed: outcome?.allowed,
    failure: outcome?.failure,
    reason: outcome?.reason,
    cause: cause === "" ? undefined : cause,
    startedAtMs: record.startedAt,
    durationMs: record.durationMs,
    cpuMs: record.cpuMs,
    attempts: record.attempts,
    log: sources.logPath?.(planned.id),
    lastLines: sources.tails?.get(planned.id)?.lastLines(TAIL_LINES),
  };
}
