import { CONFIDENCE, medianOf } from "./summary";

/** How a sample compares with another. */
export interface SampleComparison {
  /** Median of the sample in units of the other's. */
  readonly ratio: number;
  /** Where the ratio lies, with a confidence of `CONFIDENCE`. */
  readonly low: number;
  readonly high: number;
  /** How likely two samples of one distribution would differ at least so much. */
  readonly p: number;
  /** `unclear`: what was measured does not tell them apart. */
  readonly verdict: "faster" | "slower" | "unclear";
}

const RESAMPLES = 2000;
/** The seed is fixed: the same measurements give the same answer. */
const SEED = 0x2545_f491;

/**
 * Compares durations with those of a reference, both of at least one finite number. The ratio's interval is the
 * percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, 13.3). A difference is claimed
 * only where that interval leaves 1 out and the rank test finds it too: the bootstrap alone is too sure of itself with
 * few measurements, and ranks alone say nothing about medians.
 */
export function compareSamples(sample: readonly number[], reference: readonly number[]): SampleComparison {
  const own = [...sample].sort((a, b) => a - b);
  const other = [...reference].sort((a, b) => a - b);
  const random = randomIndexes(SEED);
  const ratios = Array.from(
    { length: RESAMPLES },
    () => resampledMedian(own, random) / resampledMedian(other, random),
  )
    .filter((value) => Number.isFinite(value))
    .sort((a, b) => a - b);
  const tail = Math.floor((ratios.length * (1 - CONFIDENCE)) / 2);
  const low = ratios[tail] ?? Number.NaN;
  const high = ratios[ratios.length - 1 - tail] ?? Number.NaN;
  const p = rankTest(own, other);
  const isSure = p < 1 - CONFIDENCE;
  const verdict = isSure && high < 1 ? "faster" : isSure && low > 1 ? "slower" : "unclear";
  return { ratio: medianOf(own) / medianOf(other), low, high, p, verdict };
}

/** The median of as many draws with replacement, without sorting them: the draws are counted by rank. */
function resampledMedian(sorted: readonly number[], random: (below: number) => number): number {
  const count = sorted.length;
  const drawn = new Uint32Array(count);
  for (let draw = 0; draw < count; draw += 1) {
    const rank = random(count);
    drawn[rank] = (drawn[rank] ?? 0) + 1;
  }
  const lowerAt = (count - 1) >> 1;
  const upperAt = count >> 1;
  let seen = 0;
  let lower: number | undefined;
  for (let rank = 0; rank < count; rank += 1) {
    seen += drawn[rank] ?? 0;
    if (lower === undefined && seen > lowerAt) lower = sorted[rank];
    if (seen > upperAt) return ((lower ?? Number.NaN) + (sorted[rank] ?? Number.NaN)) / 2;
  }
  return Number.NaN;
}

/** Whole numbers from 0, below a limit: xorshift (Marsaglia, "Xorshift RNGs", 2003). */
function randomIndexes(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Two-sided p-value of the rank sum test (Mann and Whitney, "On a Test of Whether one of Two Random Variables is
 * Stochastically Larger than the Other", 1947), by its normal approximation with the corrections for ties and
 * continuity. Four measurements on each side are the fewest that can reach 5 %.
 */
function rankTest(own: readonly number[], other: readonly number[]): number {
  const all = [
    ...own.map((value) => ({ value, isOwn: true })),
    ...other.map((value) => ({ value, isOwn: false })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let index = start; index < end; index += 1) if (all[index]?.isOwn === true) rankSum += rank;
    const size = end - start;
    ties += size ** 3 - size;
    start = end;
  }
  const [n, m, total] = [own.length, other.length, all.length];
  const expected = (n * (total + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const distance = Math.max(0, Math.abs(rankSum - expected) - 0.5);
  return Math.min(1, upperTails(distance / Math.sqrt(variance)));
}

/** Both tails of the normal distribution beyond `z` (Abramowitz and Stegun, 7.1.26; wrong by less than 2e-7). */
function upperTails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const coefficients = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
  const polynomial = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return polynomial * Math.exp(-x * x);
}
