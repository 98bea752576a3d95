import { expect, test } from "bun:test";
import { medianOf, summarizeSample } from "./summary";

test("a sample is summed up by its usual figures", () => {
  const { count, median, mean, standardDeviation, min, max } = summarizeSample([2, 4, 4, 4, 5, 5, 7, 9]);
  expect({ count, median, mean, min, max }).toEqual({ count: 8, median: 4.5, mean: 5, min: 2, max: 9 });
  expect(standardDeviation).toBeCloseTo(2.138_09, 5);
});

test("a single measurement has neither a deviation nor an interval", () => {
  expect(summarizeSample([3])).toEqual({
    count: 1,
    median: 3,
    mean: 3,
    standardDeviation: 0,
    min: 3,
    max: 3,
    outliers: [],
    interval: undefined,
  });
});

test("the median of an even number lies between the middles", () => {
  expect(medianOf([1, 2, 3, 10])).toBe(2.5);
  expect(medianOf([])).toBeNaN();
});

test("the interval of the median is that of the binomial tables", () => {
  // Ranks by the published tables for 95 %: n = 6: 1 and 6; n = 10: 2 and 9; n = 20: 6 and 15; n = 50: 18 and 33.
  const ranks = (count: number): unknown => {
    const { interval } = summarizeSample(Array.from({ length: count }, (_, index) => index + 1));
    return interval === undefined ? undefined : [interval.low, interval.high];
  };
  expect(ranks(5)).toBeUndefined();
  expect(ranks(6)).toEqual([1, 6]);
  expect(ranks(10)).toEqual([2, 9]);
  expect(ranks(20)).toEqual([6, 15]);
  expect(ranks(50)).toEqual([18, 33]);
  expect(summarizeSample([1, 2, 3, 4, 5, 6]).interval?.confidence).toBeCloseTo(0.968_75, 6);
});

test("a thousand measurements and more have an interval too", () => {
  const { interval } = summarizeSample(Array.from({ length: 5000 }, (_, index) => index));
  expect(interval?.low).toBeGreaterThan(2400);
  expect(interval?.high).toBeLessThan(2600);
});

test("a measurement far from the rest is an outlier, also where the rest is one value", () => {
  expect(summarizeSample([10, 11, 10, 12, 11, 40]).outliers).toEqual([5]);
  expect(summarizeSample([5, 5, 5, 5, 5, 5, 5, 9]).outliers).toEqual([7]);
  expect(summarizeSample([10, 11, 12, 13, 14]).outliers).toEqual([]);
  expect(summarizeSample([7, 7, 7]).outliers).toEqual([]);
});
