import { expect, test } from "bun:test";
import { clustersOf, conditionsOf, reachesOf } from "./fact-clusters";
import type { Reading } from "./worlds";

const reading = (
  facts: Readonly<Record<string, string>>,
  parts: Readonly<Record<string, string>>,
): Reading => ({
  asksSystem: false,
  facts: Object.entries(facts).map(([expression, source]) => ({
    expression,
    source,
    isTrue: false,
    isUsual: true,
  })),
  parts: () => new Map(Object.entries(parts)),
});

const groups = (base: Reading, families: Readonly<Record<string, Reading>>): readonly (readonly string[])[] =>
  clustersOf(
    base,
    Object.entries(families).map(([expression, one]) => ({ expression, readings: [one] })),
  ).map(({ expressions }) => [...expressions].toSorted());

const base = reading({ a: "$(A)", b: "$(B)" }, { X: "", Y: "", "task t": "" });

test("conditions that change different things are looked at apart", () => {
  expect(
    groups(base, {
      a: reading({}, { X: "1", Y: "", "task t": "" }),
      b: reading({}, { X: "", Y: "1", "task t": "" }),
    }),
  ).toEqual([["a"], ["b"]]);
});

test("conditions belong together where one changes what the other's value is made of", () => {
  expect(
    groups(base, {
      a: reading({}, { X: "1", Y: "", "task t": "" }),
      b: reading({}, { X: "", Y: "= $(X)", "task t": "" }),
    }),
  ).toEqual([["a", "b"]]);
});

test("conditions belong together where one makes the other be asked again", () => {
  const again = reading({ a: "$(A)", b: "$(B)\n$(B) once more" }, { X: "", Y: "", "task t": "" });
  expect(groups(base, { a: again, b: reading({}, { X: "", Y: "1", "task t": "" }) })).toEqual([["a", "b"]]);
});

test("a task depends on the conditions that change it, and on those that change what these ask for", () => {
  const asking = reading(
    { a: "$(A)", b: "$(B)", c: "$(C)" },
    { A: "", X: "", "task t": "$(X)", "task u": "" },
  );
  const reaches = reachesOf(asking, [
    {
      expression: "a",
      readings: [reading({ a: "$(A)" }, { A: "", X: "1", "task t": "$(X)", "task u": "" })],
    },
    {
      expression: "b",
      readings: [reading({ b: "$(B)" }, { A: "1", X: "", "task t": "$(X)", "task u": "" })],
    },
    {
      expression: "c",
      readings: [reading({ c: "$(C)" }, { A: "", X: "", "task t": "$(X)", "task u": "c" })],
    },
  ]);
  expect([...conditionsOf("t", reaches)]).toEqual(["a", "b"]);
  expect([...conditionsOf("u", reaches)]).toEqual(["c"]);
});
