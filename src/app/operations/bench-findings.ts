import { compareSamples } from "#base/statistics/comparison";
import type { SampleComparison } from "#base/statistics/comparison";
import { medianOf, summarizeSample } from "#base/statistics/summary";
import type { SampleSummary } from "#base/statistics/summary";
import type { BenchSample } from "./bench";
import type { Baseline } from "./bench-baseline";

/** What is told of one task that was measured. Times are milliseconds. */
export interface BenchResult {
  readonly task: string;
  readonly time: SampleSummary;
  readonly timesMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly medianCpuMs: number;
}

/** How the first result compares with another, or with measurements that were kept. */
export interface BenchComparison {
  readonly task: string;
  readonly with: { readonly kind: "task" | "baseline"; readonly name: string };
  readonly comparison: SampleComparison;
}

export interface BenchFindings {
  readonly results: readonly BenchResult[];
  readonly comparisons: readonly BenchComparison[];
}

/** Sums up the samples, of which the first is compared with the second and with the baseline, where they are there. */
export function benchFindings(
  samples: readonly BenchSample[],
  kept: { readonly name: string; readonly baseline: Baseline } | undefined,
): BenchFindings {
  const results = samples.map(({ subject, timesMs, cpuMs }) => ({
    task: subject,
    time: summarizeSample(timesMs),
    timesMs,
    cpuMs,
    medianCpuMs: medianOf([...cpuMs].sort((a, b) => a - b)),
  }));
  const [own, other] = samples;
  const comparisons: BenchComparison[] = [];
  const compare = (kind: "task" | "baseline", name: string, timesMs: readonly number[]): void => {
    if (own === undefined) return;
    const comparison = compareSamples(own.timesMs, timesMs);
    comparisons.push({ task: own.subject, with: { kind, name }, comparison });
  };
  if (other !== undefined) compare("task", other.subject, other.timesMs);
  if (kept !== undefined) compare("baseline", kept.name, kept.baseline.timesMs);
  return { results, comparisons };
}
