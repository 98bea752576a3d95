import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import type { TaskFailures, TaskStatistics } from "./analytics-view";
import { percentile } from "./percentile";
import { plausibleFailure } from "./plausible";
import { savedBy, wasExecuted } from "./run-points";
import { taskOf } from "./task-of";

/** An end of a task in a run. */
export interface TaskEnd {
  readonly run: StoredRun;
  readonly instance: StoredInstance;
}

/** A chart with more points shows no more. */
const MOST_POINTS = 400;
/** Fewer durations than this make no trend. */
const LEAST_TREND = 6;

/** What commands and cached results there were, by task; of runs in their order. */
export function endsByTask(runs: readonly StoredRun[]): ReadonlyMap<string, readonly TaskEnd[]> {
  const ends = new Map<string, TaskEnd[]>();
  for (const run of runs) {
    for (const instance of run.instances) {
      if (!wasExecuted(instance) && instance.outcome.state !== "cached") continue;
      const task = taskOf(instance.id);
      const known = ends.get(task);
      if (known === undefined) ends.set(task, [{ run, instance }]);
      else known.push({ run, instance });
    }
  }
  return ends;
}

/** @param ends oldest first */
export function taskStatistics(task: string, ends: readonly TaskEnd[], isCached: boolean): TaskStatistics {
  const executed = ends.filter(({ instance }) => wasExecuted(instance));
  const good = executed.filter(({ instance }) => instance.outcome.state === "success");
  const times = good.map(({ instance }) => instance.durationMs);
  const sorted = times.toSorted((a, b) => a - b);
  const cached = ends.length - executed.length;
  const most = (key: "peakMemoryBytes" | "cpuMs" | "readBytes" | "writtenBytes"): number | null =>
    executed.reduce<number | null>((found, { instance }) => {
      const value = instance[key];
      return value === undefined || !Number.isFinite(value) ? found : Math.max(found ?? 0, value);
    }, null);
  return {
    task,
    ends: ends.length,
    executed: executed.length,
    succeeded: good.length,
    failed: executed.length - good.length,
    cached,
    hitRate: isCached && ends.length > 0 ? cached / ends.length : null,
    savedMs: ends.reduce((total, { instance }) => total + savedBy(instance), 0),
    totalMs: executed.reduce((total, { instance }) => total + instance.durationMs, 0),
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    trend: trendOf(times),
    peakMemoryBytes: most("peakMemoryBytes"),
    cpuMs: most("cpuMs"),
    readBytes: most("readBytes"),
    writtenBytes: most("writtenBytes"),
    points: good
      .slice(-MOST_POINTS)
      .map(({ run, instance }) => [run.wallMs + (instance.startedAt ?? 0), instance.durationMs] as const),
  };
}

function trendOf(times: readonly number[]): number | null {
  if (times.length < LEAST_TREND) return null;
  const third = Math.floor(times.length / 3);
  const middle = (part: readonly number[]): number =>
    percentile(
      part.toSorted((a, b) => a - b),
      0.5,
    ) ?? 0;
  const before = middle(times.slice(0, third));
  return before === 0 ? null : middle(times.slice(-third)) / before;
}

/** How a task has failed; undefined where it has not. */
export function taskFailures(task: string, ends: readonly TaskEnd[]): TaskFailures | undefined {
  const executed = ends.filter(({ instance }) => wasExecuted(instance));
  const failed = executed.filter(({ instance }) => instance.outcome.state !== "success");
  const last = failed.at(-1);
  if (last === undefined) return undefined;
  return {
    task,
    failures: failed.length,
    rate: failed.length / executed.length,
    lastMs: last.run.wallMs,
    lastRun: last.run.run,
    lastFailure: plausibleFailure(last.instance.outcome.failure),
  };
}
