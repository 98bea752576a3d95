import { expect, test } from "bun:test";
import { withConsistentOrders } from "./consistent-orders";
import type { Conversion } from "./conversion";

const conversion = (lists: Readonly<Record<string, readonly string[]>>): Conversion => ({
  sources: ["Makefile"],
  files: [
    {
      path: "zr.toml",
      tasks: Object.entries(lists).map(([name, list], index) => ({
        name,
        table: list.length === 0 ? { cmd: "true" } : { deps_serial: [...list] },
        place: { file: "Makefile", line: index + 1 },
      })),
    },
  ],
  report: [],
  total: 0,
  converted: 0,
});

const listOf = (made: Conversion, name: string): unknown =>
  made.files[0]?.tasks.find((task) => task.name === name)?.table;

test("what an entry of a list needs stands before it, as it would have run, which is not told", () => {
  const made = withConsistentOrders(
    conversion({ all: ["wasm", "compiler"], wasm: ["compiler", "x"], compiler: [], x: [] }),
  );
  expect(listOf(made, "all")).toEqual({ deps_serial: ["compiler", "wasm"] });
  expect(made.report).toEqual([]);
});

test("of two lists of one run that want opposite orders, the second gives way, which is told with its line", () => {
  const made = withConsistentOrders(
    conversion({ all: ["a", "b"], a: ["x", "y"], b: ["y", "x"], x: [], y: [] }),
  );
  expect([listOf(made, "a"), listOf(made, "b")]).toEqual([
    { deps_serial: ["x", "y"] },
    { deps_serial: ["x", "y"] },
  ]);
  expect(made.report).toEqual([
    {
      file: "Makefile",
      line: 3,
      severity: "approximated",
      what: "b",
      why: "what it needs runs in another order, which other tasks of the same run ask for",
    },
  ]);
});

test("lists that no run brings together keep their orders", () => {
  const given = conversion({ a: ["x", "y"], b: ["y", "x"], x: [], y: [] });
  expect(withConsistentOrders(given)).toEqual(given);
});
