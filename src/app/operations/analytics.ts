import { cacheSettings } from "#core/cache/cache-settings";
import type { Workspace } from "#core/workspace/workspace";
import type { AnalyticsTotals, AnalyticsView, RunPoint } from "#engine/history/analytics/analytics-view";
import { isPlausibleMoment, isPlausibleTime } from "#engine/history/analytics/plausible";
import { runPoint } from "#engine/history/analytics/run-points";
import { taskOf } from "#engine/history/analytics/task-of";
import { endsByTask, taskFailures, taskStatistics } from "#engine/history/analytics/task-statistics";
import type { HistoryWarning } from "#engine/history/open-history";
import { flakyInstances, listRuns } from "#engine/history/queries";
import type { StoredRun } from "#engine/history/stored-run";
import { readHistory } from "#app/history";
import { inputStatistics } from "./slow-inputs";

/** What is to be looked at. */
export interface AnalyticsRequest {
  /** Runs that started then or later, by the wall clock. */
  readonly sinceMs?: number;
  /** Only this task, and the runs that it was part of. */
  readonly task?: string;
  /** The newest so many runs. */
  readonly limit: number;
}

const MOST_FLAKY = 100;

/** What the history of a workspace says, as plain data. */
export async function analytics(
  workspace: Workspace,
  request: AnalyticsRequest,
): Promise<{ readonly view: AnalyticsView; readonly warnings: readonly HistoryWarning[] }> {
  const { value, warnings } = await readHistory(workspace, (database) => ({
    runs: listRuns(database, { ...request, labels: [] }),
    flaky: flakyInstances(database, { ...request, limit: MOST_FLAKY }),
  }));
  const { runs = [], flaky = [] } = value ?? {};
  const oldestFirst = runs.toReversed();
  const wanted =
    request.task === undefined ? oldestFirst : oldestFirst.map((run) => onlyTask(run, request.task));
  const inputs = await inputStatistics(workspace.root, cacheSettings(workspace).fingerprint);
  return { view: analyticsView(wanted, cacheableTasks(workspace, wanted), { flaky, inputs }), warnings };
}

/** @param recorded oldest first */
export function analyticsView(
  recorded: readonly StoredRun[],
  cacheable: ReadonlySet<string>,
  rest: Pick<AnalyticsView, "flaky" | "inputs">,
): AnalyticsView {
  const runs = recorded.filter((run) => isPlausibleMoment(run.wallMs) && isPlausibleTime(run.durationMs));
  const points = runs.map((run) => runPoint(run, cacheable));
  const ends = [...endsByTask(runs)];
  return {
    v: 1,
    from: points[0]?.wallMs ?? null,
    to: points.at(-1)?.wallMs ?? null,
    totals: totalsOf(points),
    runs: points,
    tasks: ends
      .map(([task, list]) => taskStatistics(task, list, cacheable.has(task)))
      .sort((left, right) => right.totalMs - left.totalMs),
    failures: ends
      .flatMap(([task, list]) => taskFailures(task, list) ?? [])
      .sort((left, right) => right.failures - left.failures || right.lastMs - left.lastMs),
    ...rest,
  };
}

function totalsOf(points: readonly RunPoint[]): AnalyticsTotals {
  const sum = (of: (point: RunPoint) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const [hits, misses] = [sum((point) => point.hits), sum((point) => point.misses)];
  return {
    runs: points.length,
    succeeded: points.filter(({ status }) => status === "success").length,
    failed: points.filter(({ status }) => status === "failed" || status === "timed_out").length,
    executed: sum((point) => point.executed),
    cached: sum((point) => point.cached),
    hitRate: hits + misses === 0 ? null : hits / (hits + misses),
    savedMs: sum((point) => point.savedMs),
    busyMs: sum((point) => point.busyMs),
  };
}

/** Tasks that are cached by the configuration of now, or were when they came from the cache. */
function cacheableTasks(workspace: Workspace, runs: readonly StoredRun[]): ReadonlySet<string> {
  const tasks = new Set<string>();
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      const { cache } = pkg.resolve(entry).table;
      if (cache !== undefined && cache !== false)
        tasks.add(pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`);
    }
  }
  for (const { instances } of runs)
    for (const { id, outcome } of instances) if (outcome.state === "cached") tasks.add(taskOf(id));
  return tasks;
}

const onlyTask = (run: StoredRun, task: string | undefined): StoredRun => ({
  ...run,
  instances: run.instances
    .filter((instance) => instance.task === task || taskOf(instance.id) === task)
    // The places of what they waited for are those of the whole list.
    .map(({ after: _, ...instance }) => instance),
});
