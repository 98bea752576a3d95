import { percentile } from "#engine/history/analytics/percentile";

/** Percentiles of each value together with those before it, as many as the window holds; in the order of the values. */
export function rollingPercentiles(
  values: readonly number[],
  window: number,
  shares: readonly number[],
): readonly (readonly number[])[] {
  const lines: number[][] = shares.map(() => []);
  for (const at of values.keys()) {
    const sorted = values.slice(Math.max(0, at + 1 - window), at + 1).sort((a, b) => a - b);
    for (const [line, share] of shares.entries()) lines[line]?.push(percentile(sorted, share) ?? 0);
  }
  return lines;
}
