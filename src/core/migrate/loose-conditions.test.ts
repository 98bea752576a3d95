import { expect, test } from "bun:test";
import type { LooseCondition } from "./explore-worlds";
import { areAlone, isAlone } from "./loose-conditions";

const STATIC: LooseCondition = {
  fact: { expression: "env.get('STATIC', '') == ''", isTrue: true, isUsual: true },
  departs: "env.get('STATIC', '') != ''",
  isSeen: true,
};

test("a condition that was not combined with all others may stand by itself, and not beside another one", () => {
  expect(isAlone("env.get('STATIC', '') == ''", [STATIC])).toBe(true);
  expect(isAlone("env.get('STATIC', '') != ''", [STATIC])).toBe(true);
  expect(isAlone("env.get('A', '') == '' && env.get('B', '') == ''", [STATIC])).toBe(true);
  expect(isAlone("env.get('A', '') == '' && env.get('STATIC', '') != ''", [STATIC])).toBe(false);
});

test("steps, prerequisites, the question and the task itself are all asked for such conditions", () => {
  const both = "env.get('A', '') == '' || env.get('STATIC', '') == ''";
  expect(areAlone({ cmds: ["x", { cmd: "y", if: "env.get('STATIC', '') != ''" }] }, [STATIC])).toBe(true);
  for (const table of [
    { cmds: [{ cmd: "y", if: both }] },
    { deps: [{ task: "y", if: both }] },
    { deps_serial: [{ task: "y", if: both }] },
    { condition: both },
    { confirm_if: both },
  ])
    expect(areAlone(table, [STATIC])).toBe(false);
});
