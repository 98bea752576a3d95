import { expect, test } from "bun:test";
import { whenIn } from "./when-in";
import type { World } from "./worlds";

const world = (facts: Readonly<Record<string, boolean>>, system = "linux"): World => ({
  system,
  facts: Object.entries(facts).map(([expression, isTrue]) => ({
    expression,
    isTrue,
    isUsual: !isTrue,
    ...(expression.startsWith("?") ? { isOpaque: true as const } : {}),
  })),
});

test("a condition that is only asked within another one does not stand alone", () => {
  const worlds = [world({ A: false }), world({ A: true, B: false }), world({ A: true, B: true })];
  expect(whenIn(worlds, new Set(worlds.slice(2)))).toBe("A && B");
  expect(whenIn(worlds, new Set(worlds.slice(1)))).toBe("A");
  expect(whenIn(worlds, new Set(worlds))).toBe("");
});

test("what depends on a condition without an expression has none", () => {
  const worlds = [world({ "?": false, A: false }), world({ "?": false, A: true }), world({ "?": true })];
  expect(whenIn(worlds, new Set(worlds.slice(2)))).toBeUndefined();
});

test("several ways are said one by one, each as short as it tells it from the others", () => {
  const worlds = [
    world({ A: true, B: true, C: true }),
    world({ A: true, B: true, C: false }),
    world({ A: true, B: false, C: true }),
    world({ A: false, B: true, C: true }, "darwin"),
    world({ A: false, B: false, C: false }, "darwin"),
  ];
  const [first, , , fourth] = worlds;
  expect(whenIn(worlds, new Set([first, fourth].flatMap((one) => one ?? [])))).toBe("B && C");
  const [, second, third] = worlds;
  expect(whenIn(worlds, new Set([second, third].flatMap((one) => one ?? [])))).toBe(
    "(B && !(C)) || (!(B) && C)",
  );
});
