import type { FlakyInstance } from "#engine/history/flaky-instance";
import type { Failure } from "#core/model/outcome";
import type { RunStatus } from "#engine/history/stored-run";

/** What the history of a workspace says about its runs and tasks. Times in milliseconds, shares from 0 to 1. */
export interface AnalyticsView {
  readonly v: 1;
  /** Of the first and the last run, by the wall clock, since 1970; null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly totals: AnalyticsTotals;
  /** Oldest first. */
  readonly runs: readonly RunPoint[];
  /** Those that took most time together first. */
  readonly tasks: readonly TaskStatistics[];
  /** Tasks that have failed, most often first. */
  readonly failures: readonly TaskFailures[];
  readonly flaky: readonly FlakyInstance[];
  readonly inputs: InputStatistics;
}

export interface AnalyticsTotals {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Commands that were run, and such that the cache stood in for. */
  readonly executed: number;
  readonly cached: number;
  /** Of the tasks that are cached: how much of what was asked for came from the cache; null where there are none. */
  readonly hitRate: number | null;
  /** What making the cached results had taken. */
  readonly savedMs: number;
  readonly busyMs: number;
}

/** A run. */
export interface RunPoint {
  readonly run: string;
  readonly wallMs: number;
  readonly status: RunStatus;
  /** What was asked for. */
  readonly requested: readonly string[];
  readonly durationMs: number;
  readonly jobs: number;
  readonly executed: number;
  readonly cached: number;
  /** Of the tasks that are cached. */
  readonly hits: number;
  readonly misses: number;
  readonly savedMs: number;
  /** What all commands took together. */
  readonly busyMs: number;
  /** The longest chain of commands that wait for each other, and how long it was. */
  readonly criticalPath: readonly string[];
  readonly criticalMs: number;
  /** No order of these commands with so many at once takes less: the chain, or all of them shared out evenly. */
  readonly idealMs: number;
  /** `idealMs / durationMs`; null where nothing was run. */
  readonly efficiency: number | null;
}

/** A task in all its combinations. */
export interface TaskStatistics {
  readonly task: string;
  /** Times that it ended by itself or came from the cache. */
  readonly ends: number;
  readonly executed: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cached: number;
  /** Null where it is not cached. */
  readonly hitRate: number | null;
  readonly savedMs: number;
  readonly totalMs: number;
  /** Of the times that it ended well (nearest rank); null where it never did. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  /** Median of the newest third over that of the oldest; null where there are fewer than six. */
  readonly trend: number | null;
  /** The most of one run, as far as it is known. */
  readonly peakMemoryBytes: number | null;
  readonly cpuMs: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  /** When and how long, of the last times that it ended well, oldest first. */
  readonly points: readonly (readonly [wallMs: number, durationMs: number])[];
}

export interface TaskFailures {
  readonly task: string;
  readonly failures: number;
  /** Of the times that it was run. */
  readonly rate: number;
  readonly lastMs: number;
  readonly lastRun: string;
  readonly lastFailure: Failure | null;
}

/** The files that cached tasks read, measured now. */
export interface InputStatistics {
  readonly files: number;
  readonly bytes: number;
  /** The slowest to read and hash among the largest. */
  readonly slowest: readonly SlowInput[];
}

export interface SlowInput {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly bytes: number;
  readonly ms: number;
}
