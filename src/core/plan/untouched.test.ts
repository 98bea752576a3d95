import { expect, test } from "bun:test";
import { instanceId } from "#core/model/ids";
import type { Edge, Instance } from "#core/model/plan";
import { untouchedOf } from "./untouched";

const id = instanceId;

/** An instance of which only what is looked at here is given. */
function instance(
  name: string,
  edges: Readonly<Record<string, Edge["kind"]>> = {},
  more: Partial<Instance> = {},
): Instance {
  const bare: Partial<Instance> = {
    id: id(name),
    edges: Object.entries(edges).map(([on, kind]) => ({ on: id(on), kind })),
    calls: [],
    steps: [{ kind: "shell", text: "true" }],
    ...more,
  };
  return bare as Instance; // A test double: the rest is never looked at.
}

/** The names of those that are untouched where these are not the same. */
const untouched = (instances: readonly Instance[], ...touched: readonly string[]): readonly string[] => [
  ...untouchedOf(instances, (one) => !touched.includes(one)),
];

const group = { steps: [] };

test("what has changed touches everything behind it, whatever leads there, and nothing else", () => {
  const plan = [
    instance("a"),
    instance("b", { a: "dep" }),
    instance("c", { b: "order" }),
    instance("d", { c: "serial" }),
    instance("all", { d: "dep" }, group),
    instance("x"),
    instance("y", { x: "dep" }),
    instance("rest", { x: "dep", y: "dep" }, group),
  ];
  expect(untouched(plan)).toEqual(["a", "b", "c", "d", "all", "x", "y", "rest"]);
  expect(untouched(plan, "b")).toEqual(["a", "x", "y", "rest"]);
  expect(untouched(plan, "a")).toEqual(["x", "y", "rest"]);
  expect(untouched(plan, "d", "y")).toEqual(["a", "b", "c", "x"]);
});

test("a group is asked for nothing of its own", () => {
  expect(untouched([instance("a"), instance("all", { a: "dep" }, group)], "all")).toEqual(["a", "all"]);
});

test("who calls others, may be called, or is handled by others is looked at each time, and who comes after", () => {
  expect(untouched([instance("a", {}, { calls: [[id("b")]] }), instance("c", { a: "dep" })])).toEqual([]);
  expect(untouched([instance("a"), instance("b", {}, { heldBy: id("a") })])).toEqual(["a"]);
  for (const kind of ["finally", "success", "failure"] as const)
    expect(
      untouched([
        instance("a"),
        instance("b", { a: kind }, { heldBy: id("a") }),
        instance("c", { a: "dep" }),
      ]),
    ).toEqual([]);
});
