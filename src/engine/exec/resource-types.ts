import type { InstanceId } from "#core/model/ids";

/** What a command that has ended took, as far as somebody looked. */
export interface ResourcesTaken {
  readonly peakMemoryBytes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
}

/** A command that runs now, by its process number. */
export interface RunningCommand {
  readonly id: InstanceId;
  readonly startedAt: number;
}

/** What a run may take of the machine. */
export interface MachineLimits {
  /** What the running instances may reserve of memory together. */
  readonly totalMemoryBytes?: number;
  /** Start nothing more while the machine is busier than this. */
  readonly maxCpuPercent?: number;
}
