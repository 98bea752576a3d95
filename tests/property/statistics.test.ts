import { expect, test } from "bun:test";
import fc from "fast-check";
import { compareSamples } from "#base/statistics/comparison";
import { summarizeSample } from "#base/statistics/summary";

const duration = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const durations = fc.array(duration, { minLength: 1, maxLength: 60 });

test("every figure of a summary lies within the sample, whatever its order", () => {
  fc.assert(
    fc.property(durations, (sample) => {
      const summary = summarizeSample(sample);
      const reversed = summarizeSample([...sample].reverse());
      expect(reversed.median).toBe(summary.median);
      expect(reversed.interval).toEqual(summary.interval);
      for (const value of [summary.median, summary.interval?.low, summary.interval?.high]) {
        if (value === undefined) continue;
        expect(value).toBeGreaterThanOrEqual(summary.min);
        expect(value).toBeLessThanOrEqual(summary.max);
      }
      expect(summary.outliers.length).toBeLessThan(Math.max(1, sample.length / 2 + 1));
    }),
  );
});

test("the interval of the median grows no wider in ranks than it must, and its confidence is at least 95 %", () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 300 }), (count) => {
      const { interval } = summarizeSample(Array.from({ length: count }, (_, index) => index));
      expect(interval?.confidence).toBeGreaterThanOrEqual(0.95);
      expect(interval?.confidence).toBeLessThan(1);
      expect((interval?.low ?? 0) + (interval?.high ?? 0)).toBe(count - 1);
    }),
  );
});

test("turning a comparison round turns its verdict round", () => {
  fc.assert(
    fc.property(durations, durations, (own, other) => {
      const turned = { faster: "slower", slower: "faster", unclear: "unclear" } as const;
      const there = compareSamples(own, other);
      const back = compareSamples(other, own);
      // The two draw different resamples, so that a case on the edge may fall on either side.
      if (there.verdict !== "unclear" && back.verdict !== "unclear")
        expect(back.verdict).toBe(turned[there.verdict]);
      expect(back.p).toBeCloseTo(there.p, 10);
    }),
    { numRuns: 50 },
  );
});

/** Numbers in [0, 1) that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Durations as machines have them: never much shorter than usual, now and then much longer. */
const skewed = (next: () => number, count: number, scale = 1): number[] =>
  Array.from({ length: count }, () => scale * (100 - 3 * Math.log(1 - next())));

test("of two samples from one distribution a difference is claimed in no more than one of twenty", () => {
  for (const count of [4, 10, 30]) {
    const next = numbers(count);
    let claims = 0;
    for (let trial = 0; trial < 400; trial += 1)
      if (compareSamples(skewed(next, count), skewed(next, count)).verdict !== "unclear") claims += 1;
    expect(claims).toBeLessThanOrEqual(20);
  }
});

test("a tenth more is found in ten measurements of a steady command", () => {
  const next = numbers(7);
  for (let trial = 0; trial < 50; trial += 1)
    expect(compareSamples(skewed(next, 10, 1.1), skewed(next, 10)).verdict).toBe("slower");
});
