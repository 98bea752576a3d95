import { expect, test } from "bun:test";
import { quantile, summarize } from "./statistics";

test("a quantile between two values is interpolated", () => {
  expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
  expect(quantile([10, 20], 0.1)).toBe(11);
});

test("nothing has no quantile", () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test("a summary is the least, the median and the middle 80 %", () => {
  const values = Array.from({ length: 11 }, (_, index) => index);
  expect(summarize(values)).toEqual({ least: 0, median: 5, low: 1, high: 9 });
});
