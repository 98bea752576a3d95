import { describe, expect, test } from "bun:test";
import { formatDuration, parseDuration, parseTimer } from "./duration";

describe("a duration", () => {
  test.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
    ["1.5s", 1500],
    ["0s", 0],
    ["1m1m", 120_000],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    "",
    " ",
    "5",
    "5 m",
    "-1s",
    "+1s",
    "1S",
    "1M",
    "s",
    ".5s",
    "1.s",
    "1e3s",
    "1h30",
    "5m ",
    "٣s",
    "1y",
    "1s\n",
  ])("%p is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test("for a timer is never longer than a timer can be", () => {
    expect(parseTimer("24d")).toBe(24 * 86_400_000);
    expect(parseTimer("25d")).toBe(2 ** 31 - 1);
    expect(parseTimer(`${"9".repeat(400)}d`)).toBe(2 ** 31 - 1);
    expect(parseTimer("soon")).toBeUndefined();
  });

  test.each([
    [0, "0ms"],
    [999.4, "999ms"],
    [1000, "1.0s"],
    [59_949, "59.9s"],
    [59_950, "1m 0s"],
    [3_599_499, "59m 59s"],
    [3_599_500, "1h 0m"],
    [90_061_000, "25h 1m"],
  ])("of %d ms is shown as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
