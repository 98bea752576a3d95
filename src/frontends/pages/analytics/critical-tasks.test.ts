import { expect, test } from "bun:test";
import type { RunPoint } from "#engine/history/analytics/analytics-view";
import { criticalTasks } from "./critical-tasks";
import { rollingPercentiles } from "./rolling-percentiles";

const run = (...criticalPath: readonly string[]): RunPoint =>
  // Nothing else of a run is looked at.
  ({ criticalPath }) as unknown as RunPoint;

test("a task counts once a run, in all its combinations, among runs that had a critical path", () => {
  expect(criticalTasks([run("t[os=a]", "t[os=b]", "u"), run("u"), run()])).toEqual([
    { task: "u", runs: 2, share: 1 },
    { task: "t", runs: 1, share: 0.5 },
  ]);
});

test("rolling percentiles look back as far as the window and not further", () => {
  expect(rollingPercentiles([9, 1, 2, 3], 2, [0.5, 1])).toEqual([
    [9, 1, 1, 2],
    [9, 9, 2, 3],
  ]);
});
