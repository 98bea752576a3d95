import { expect, test } from "bun:test";
import { setupOrder } from "./setup-order";
import type { BuiltinStep, SetupStep } from "./setup-settings";

const common = { place: { file: "" }, options: { optional: false } };
const builtin = (kind: BuiltinStep): SetupStep => ({ ...common, kind, id: kind });
const task = (id: string): SetupStep => ({ ...common, kind: "task", id, task: id });
const waits = (...steps: readonly SetupStep[]) => Object.fromEntries(setupOrder(steps));

test("steps of zr's own wait only for those that they need", () => {
  const kinds: readonly BuiltinStep[] = ["tools", "deps", "env", "services", "migrate", "validate"];
  expect(waits(...kinds.map(builtin))).toEqual({
    tools: [],
    deps: ["tools"],
    env: [],
    services: ["tools", "env"],
    migrate: ["tools", "deps", "env", "services"],
    validate: ["tools", "env"],
  });
});

test("a step can't wait for one that stands behind it", () => {
  expect(waits(builtin("deps"), builtin("tools"))).toEqual({ deps: [], tools: [] });
});

test("a step of one's own waits for all before it, and all behind it wait for it", () => {
  expect(waits(builtin("env"), task("a"), builtin("tools"), builtin("deps"), task("b"))).toEqual({
    env: [],
    a: ["env"],
    tools: ["a"],
    deps: ["a", "tools"],
    b: ["env", "a", "tools", "deps"],
  });
});
