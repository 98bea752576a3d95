import type { InstanceId, RunId } from "./ids";
import type { Failure, Outcome } from "./outcome";
import type { Edge } from "./plan";
import type { Reason } from "./reason";

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

export type RunEventBody =
  | {
      readonly type: "run.started";
      /** Wall clock, milliseconds since 1970. */
      readonly wallMs: number;
      readonly zr: string;
      readonly root: string;
      readonly request: readonly string[];
      readonly jobs: number;
    }
  | {
      readonly type: "run.planned";
      readonly instances: readonly PlannedInstance[];
      readonly requested: readonly InstanceId[];
      readonly criticalPath: readonly InstanceId[];
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
      readonly cpuMs?: number;
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
  /** Called once after `run.finished`; the run waits for it. */
  readonly close?: () => Promise<void>;
}
