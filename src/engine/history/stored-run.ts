import type { PlannedStage } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { InstanceState, Outcome } from "#core/model/outcome";
import type { StageRecord } from "#core/model/record";

/** What it takes to ask for a run again. Holds no secret. */
export interface Invocation {
  /** Name of the command: `run`, `workflow`. */
  readonly command: string;
  /** Options in the form that the command line takes, without `--chdir` and `--profile`. */
  readonly options: readonly string[];
  readonly words: readonly string[];
  /** Behind `--`. */
  readonly extra: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly profile?: string;
  /** Set where a secret stood somewhere else than in the value of an `--env`; it is not kept. */
  readonly isMasked?: true;
}

/** The state of the checkout when a run started. */
export interface GitState {
  readonly commit: string;
  /** Null where nobody has looked: the run was over too soon. */
  readonly dirty: boolean | null;
}

/** Where the log of an instance lies. */
export interface StoredLog {
  /** Name of a zstd file in the run's folder of logs. */
  readonly file: string;
  /** First byte of the log in the unpacked file. */
  readonly start: number;
  /** Bytes of the log as kept. */
  readonly bytes: number;
  /** Bytes cut out of its middle. */
  readonly leftOut?: number;
}

export interface StoredInstance {
  readonly id: InstanceId;
  readonly package: string;
  readonly task: string;
  readonly command: string;
  readonly tags: readonly string[];
  readonly outcome: Outcome;
  readonly attempts: number;
  /** Milliseconds since the run started; not there where nothing was started. */
  readonly startedAt?: number;
  readonly durationMs: number;
  readonly cpuMs?: number;
  readonly peakMemoryBytes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  readonly exitCode: number | null;
  /** Key of its inputs in the cache. */
  readonly cacheKey: string | null;
  /** Runs until it is stopped, so that its duration says nothing. */
  readonly isServer?: true;
  readonly log?: StoredLog;
  /** Places in the list of instances of those that it waited for; not there where it waited for none. */
  readonly after?: readonly number[];
}

/** Everything that is kept of a run. */
export interface StoredRun {
  readonly v: 1;
  readonly run: RunId;
  /** When it started, by the wall clock: milliseconds since 1970. */
  readonly wallMs: number;
  /** By a clock that never jumps. */
  readonly durationMs: number;
  readonly zr: string;
  readonly jobs: number;
  readonly requested: readonly InstanceId[];
  readonly invocation: Invocation;
  readonly labels: Readonly<Record<string, string>>;
  readonly workflow?: string;
  readonly plannedStages?: readonly PlannedStage[];
  readonly stages?: readonly StageRecord[];
  readonly git?: GitState;
  readonly exitCode: number;
  readonly interrupted?: string;
  /** Instances that had ended well in an earlier run and were not run again. */
  readonly carried?: readonly InstanceId[];
  /** In the plan's order. */
  readonly instances: readonly StoredInstance[];
}

/** The one file of the logs of all instances that said little. */
export const PACK_NAME = "pack.zst";

/** How a run ended, in a word. */
const RUN_STATUSES = ["success", "failed", "timed_out", "interrupted"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export function runStatus({ exitCode, interrupted }: Pick<StoredRun, "exitCode" | "interrupted">): RunStatus {
  if (interrupted !== undefined) return "interrupted";
  return exitCode === 0 ? "success" : exitCode === 124 ? "timed_out" : "failed";
}

/** States that call for another try. */
export const isBad = (state: InstanceState): boolean =>
  state === "failed" || state === "timed_out" || state === "canceled" || state === "blocked";
