import type { AnalyticsView } from "#engine/history/analytics/analytics-view";
import { rollingPercentiles } from "#frontends/pages/analytics/rolling-percentiles";
import { durationText, shareText } from "#frontends/pages/values-text";
import type { ChartContent } from "./time-chart";

type Run = AnalyticsView["runs"][number];

/** So many of the last times make a percentile. */
const WINDOW = 20;

const executing = (runs: readonly Run[]): readonly Run[] => runs.filter(({ executed }) => executed > 0);

/** How long runs took, against the least that they could have taken. */
export function runChart(all: readonly Run[]): ChartContent {
  const runs = executing(all);
  return {
    title: "Duration of runs over time, with the ideal and the critical path",
    times: runs.map(({ wallMs }) => wallMs),
    valueText: durationText,
    lines: [
      { label: "Actual", color: "accent", values: runs.map(({ durationMs }) => durationMs) },
      { label: "Ideal", color: "good", values: runs.map(({ idealMs }) => idealMs) },
      {
        label: "Critical path",
        color: "critical",
        isDashed: true,
        values: runs.map(({ criticalMs }) => criticalMs),
      },
    ],
  };
}

/** How near runs came to their ideal. */
export function efficiencyChart(all: readonly Run[]): ChartContent {
  const runs = executing(all);
  return {
    title: "Parallel efficiency of runs over time",
    times: runs.map(({ wallMs }) => wallMs),
    valueText: shareText,
    top: 1,
    lines: [{ label: "Efficiency", color: "accent", values: runs.map(({ efficiency }) => efficiency) }],
  };
}

/** How much came from the cache. */
export function cacheChart(all: readonly Run[]): ChartContent {
  const runs = all.filter(({ hits, misses }) => hits + misses > 0);
  return {
    title: "Cache hit rate of runs over time",
    times: runs.map(({ wallMs }) => wallMs),
    valueText: shareText,
    top: 1,
    lines: [
      { label: "Hit rate", color: "cached", values: runs.map(({ hits, misses }) => hits / (hits + misses)) },
    ],
  };
}

/** The times of a task, with what half and nine tenths of the last ones stay below. */
export function taskChart({ tasks }: AnalyticsView, name: string): ChartContent {
  const points = (tasks.find(({ task }) => task === name)?.points ?? []).toSorted((a, b) => a[0] - b[0]);
  const values = points.map(([, ms]) => ms);
  const [p50 = [], p90 = [], p99 = []] = rollingPercentiles(values, WINDOW, [0.5, 0.9, 0.99]);
  return {
    title: `Duration of ${name} over time`,
    times: points.map(([at]) => at),
    valueText: durationText,
    lines: [
      { label: "Run", color: "idle", values, isDots: true },
      { label: "p50", color: "good", values: p50 },
      { label: "p90", color: "warn", values: p90 },
      { label: "p99", color: "bad", values: p99 },
    ],
  };
}
