import type { InstanceId, RunId } from "./ids";
import type { Failure, Outcome } from "./outcome";
import type { Edge } from "./plan";
import type { Reason, WorkflowEnd } from "./reason";

/**
 * The stream of facts that a run emits: plain JSON, versioned, in order. Renderers, history, traces, protocols and
 * tests only read it; the executor knows none of them.
 *
 * Per instance the order is: planned, queued, started (once an attempt), output, attempt-finished, finished. Every
 * planned instance finishes exactly once, and nothing follows `run.finished`.
 */
export type RunEvent = Envelope & RunEventBody;

export interface Envelope {
  readonly v: 1;
  readonly run: RunId;
  /** From 0, without gaps. */
  readonly seq: number;
  /** Milliseconds since the run started, monotonic. */
  readonly at: number;
}

/** What `run.planned` says of an instance: enough to render and to store it without the plan. */
export interface PlannedInstance {
  readonly id: InstanceId;
  readonly label: string;
  readonly package: string;
  readonly task: string;
  readonly command: string;
  readonly cwd: string;
  readonly edges: readonly Edge[];
  readonly reason: Reason;
  readonly tags: readonly string[];
  readonly group: boolean;
  readonly interactive: boolean;
}

/** A stage of a workflow, or one of its handlers, with the instances that are its own. */
export interface PlannedStage {
  readonly name: string;
  readonly role: StageRole;
  readonly instances: readonly InstanceId[];
}

export type StageRole = "stage" | WorkflowEnd;

/** How a stage ended. `skipped`: nothing of it was run. */
export type StageState = "success" | "failed" | "skipped" | "canceled";

/** What a running instance takes, all its processes together. */
export interface ResourceUse {
  /** 100 is one CPU. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  /** Since its start. */
  readonly readBytes: number;
  /** Since its start. */
  readonly writtenBytes: number;
}

export type RunEventBody =
  | {
      readonly type: "run.started";
      /** Wall clock, milliseconds since 1970. */
      readonly wallMs: number;
      readonly zr: string;
      readonly root: string;
      readonly request: readonly string[];
      readonly jobs: number;
      readonly profile?: string;
      /** `--label KEY=VAL`. */
      readonly labels?: Readonly<Record<string, string>>;
      /** Name of the workflow that is run. */
      readonly workflow?: string;
    }
  | {
      readonly type: "run.planned";
      readonly instances: readonly PlannedInstance[];
      readonly requested: readonly InstanceId[];
      readonly criticalPath: readonly InstanceId[];
      /** In order, where a workflow is run. */
      readonly stages?: readonly PlannedStage[];
    }
  | { readonly type: "stage.started"; readonly stage: string }
  | {
      readonly type: "stage.finished";
      readonly stage: string;
      readonly state: StageState;
      readonly durationMs: number;
      /** Why it was not run, or stopped, in words. */
      readonly why?: string;
    }
  | {
      readonly type: "resources.sampled";
      readonly total: ResourceUse;
      readonly instances: readonly ({ readonly id: InstanceId } & ResourceUse)[];
    }
  | { readonly type: "instance.queued"; readonly id: InstanceId }
  | {
      readonly type: "instance.started";
      readonly id: InstanceId;
      readonly attempt: number;
      readonly pid?: number;
    }
  | { readonly type: "instance.ready"; readonly id: InstanceId }
  | {
      readonly type: "instance.output";
      readonly id: InstanceId;
      readonly stream: "stdout" | "stderr";
      /** Masked text; invalid UTF-8 is shown by replacement characters here and kept as it is in `bytes` mode. */
      readonly text: string;
    }
  /** Whether the output of an attempt, which is shown only where `output_if` holds, is. It is recorded anyway. */
  | { readonly type: "instance.output-decided"; readonly id: InstanceId; readonly shown: boolean }
  /** Files of it were kept. */
  | {
      readonly type: "instance.artifacts";
      readonly id: InstanceId;
      readonly files: number;
      readonly bytes: number;
    }
  | {
      readonly type: "instance.attempt-finished";
      readonly id: InstanceId;
      readonly attempt: number;
      readonly durationMs: number;
      readonly failure?: Failure;
      /** Where another attempt follows: after this delay. */
      readonly retryInMs?: number;
    }
  | {
      readonly type: "instance.finished";
      readonly id: InstanceId;
      readonly outcome: Outcome;
      /** From the first start to the end; 0 where nothing was started. */
      readonly durationMs: number;
      readonly attempts: number;
      /** Of all attempts together, as far as the system tells. */
      readonly cpuMs?: number;
      /** The most that all processes of an attempt had at once. */
      readonly peakMemoryBytes?: number;
      readonly readBytes?: number;
      readonly writtenBytes?: number;
    }
  | { readonly type: "note"; readonly level: "info" | "warn"; readonly text: string }
  | {
      readonly type: "run.finished";
      readonly exitCode: number;
      readonly durationMs: number;
      readonly interrupted?: string;
    };

/** A piece of a task's output as it came, secrets masked. The bytes are valid only until the call returns. */
export interface OutputChunk {
  readonly id: InstanceId;
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

/** Reads a run. A subscriber that throws is removed and the run goes on. */
export interface RunSubscriber {
  /** Called in order, for every event except `instance.output` (see `output` and `outputEvents`). Must return at once. */
  readonly event: (event: RunEvent) => void;
  /** Output as bytes. A returned promise holds back the task that printed (never the run) until it is settled. */
  readonly output?: (chunk: OutputChunk) => void | Promise<void>;
  /** Also send `instance.output` events to `event`: for subscribers that store or forward text. */
  readonly outputEvents?: boolean;
  /** Settles when everything is shown that it was told so far: before a task or a question gets the terminal. */
  readonly shown?: () => void | Promise<void>;
  /** Called once after `run.finished`; the run waits for it. */
  readonly close?: () => Promise<void>;
}
