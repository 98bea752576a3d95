import { expect, test } from "bun:test";
import { compareSamples } from "./comparison";

const around = (center: number, ...offsets: readonly number[]): number[] =>
  offsets.map((offset) => center + offset);
const NOISE = [0.1, -0.3, 0.7, -0.2, 0.4, -0.6, 0.3, -0.1, 0.5, -0.4];

test("twice as long is slower, half as long is faster, with the ratio of the medians", () => {
  const slower = compareSamples(around(20, ...NOISE), around(10, ...NOISE));
  expect(slower.verdict).toBe("slower");
  expect(slower.ratio).toBeCloseTo(2, 1);
  expect(slower.low).toBeLessThanOrEqual(slower.ratio);
  expect(slower.high).toBeGreaterThanOrEqual(slower.ratio);
  expect(slower.p).toBeLessThan(0.001);
  expect(compareSamples(around(10, ...NOISE), around(20, ...NOISE)).verdict).toBe("faster");
});

test("a difference within the noise is not claimed", () => {
  const shifted = NOISE.map((value) => value + 10.05);
  expect(compareSamples(shifted, around(10, ...NOISE)).verdict).toBe("unclear");
});

test("three measurements on each side are too few for any claim", () => {
  expect(compareSamples([20, 21, 22], [10, 11, 12]).verdict).toBe("unclear");
  expect(compareSamples([20, 21, 22, 23], [10, 11, 12, 13]).verdict).toBe("slower");
});

test("equal measurements are no difference, with p = 1", () => {
  expect(compareSamples([5, 5, 5, 5, 5], [5, 5, 5, 5, 5])).toEqual({
    ratio: 1,
    low: 1,
    high: 1,
    p: 1,
    verdict: "unclear",
  });
});

test("p is that of the published normal approximation", () => {
  // Rank sums 18 and 37 of n = m = 5: U = 3, z = (12.5 - 3 - 0.5) / sqrt(25 * 11 / 12) = 1.8800, p = 0.0601.
  const { p } = compareSamples([1, 2, 3, 5, 7], [4, 6, 8, 9, 10]);
  expect(p).toBeCloseTo(0.0601, 3);
});

test("a reference that took no time gives no verdict", () => {
  expect(compareSamples([1, 2, 3, 4], [0, 0, 0, 0]).verdict).toBe("unclear");
});
