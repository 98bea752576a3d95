/** What a sample of measurements says. All values have the unit of the measurements. */
export interface SampleSummary {
  readonly count: number;
  readonly median: number;
  readonly mean: number;
  /** Of the sample (n - 1); 0 for a single measurement. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
  /** Where in the sample the measurements stand that are unlike the rest. */
  readonly outliers: readonly number[];
  /** Where the median of all measurements that could have been made lies; undefined for fewer than six. */
  readonly interval: MedianInterval | undefined;
}

export interface MedianInterval {
  readonly low: number;
  readonly high: number;
  /** How sure that is: at least `CONFIDENCE`, since a sample allows only some values. */
  readonly confidence: number;
}

/** How sure intervals are. */
export const CONFIDENCE = 0.95;

/** Above this modified Z-score a measurement is unlike the rest, as its authors recommend. */
const OUTLIER_SCORE = 3.5;

/** Sums up a sample of at least one finite number. */
export function summarizeSample(sample: readonly number[]): SampleSummary {
  const sorted = [...sample].sort((a, b) => a - b);
  const count = sorted.length;
  const mean = meanOf(sample);
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    median: medianOf(sorted),
    mean,
    standardDeviation: count < 2 ? 0 : Math.sqrt(squares / (count - 1)),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    outliers: outliersOf(sample, medianOf(sorted)),
    interval: medianInterval(sorted),
  };
}

/** The middle of a sorted list, or between its two middles; NaN of nothing. */
export function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

const meanOf = (sample: readonly number[]): number =>
  sample.reduce((sum, value) => sum + value, 0) / sample.length;

/**
 * By the modified Z-score, the distance from the median in units of the median absolute deviation (Iglewicz and
 * Hoaglin, "How to Detect and Handle Outliers", 1993). Where more than half of the sample is one value, that deviation
 * is 0 and the mean absolute deviation stands in for it; both are scaled to the standard deviation of a normal
 * distribution.
 */
function outliersOf(sample: readonly number[], median: number): number[] {
  const distances = sample.map((value) => Math.abs(value - median));
  const mad = medianOf([...distances].sort((a, b) => a - b)) / 0.674_489_75;
  const scale = mad > 0 ? mad : meanOf(distances) * Math.sqrt(Math.PI / 2);
  if (scale === 0) return [];
  return distances.flatMap((distance, index) => (distance / scale > OUTLIER_SCORE ? [index] : []));
}

/**
 * An interval for the median that supposes nothing about the distribution: between two order statistics, by the
 * binomial distribution of how many measurements lie below the median (Conover, "Practical Nonparametric Statistics",
 * 3.2). The narrowest one that is sure enough; fewer than six measurements allow none at 95 %.
 */
function medianInterval(sorted: readonly number[]): MedianInterval | undefined {
  const count = sorted.length;
  let below = 0;
  let rank = 0;
  let coverage = 0;
  // Logarithms, since 2^-n is 0 for a thousand measurements.
  let logarithm = -count * Math.LN2;
  for (let index = 0; index < count / 2; index += 1) {
    below += Math.exp(logarithm);
    if (1 - 2 * below < CONFIDENCE) break;
    rank = index + 1;
    coverage = 1 - 2 * below;
    logarithm += Math.log((count - index) / (index + 1));
  }
  const low = sorted[rank - 1];
  const high = sorted[count - rank];
  return rank === 0 || low === undefined || high === undefined
    ? undefined
    : { low, high, confidence: coverage };
}
