import { expect, test } from "bun:test";
import { mergeTables } from "./merge";

test("tables merge key by key, lists and values are replaced", () => {
  const merged = mergeTables({ a: { x: 1, y: [1, 2] }, b: "under" }, { a: { y: [3], z: 4 }, c: true });
  expect({ ...merged }).toEqual({ a: expect.objectContaining({ x: 1, y: [3], z: 4 }), b: "under", c: true });
});

test("what was merged is left as it was", () => {
  const under = { a: { x: 1 } };
  mergeTables(under, { a: { x: 2 } });
  expect(under).toEqual({ a: { x: 1 } });
});

test("a date replaces a date, and a table a value and the other way round", () => {
  const { under, over } = Bun.TOML.parse("under = 2024-01-01\nover = 2025-01-01") as Record<string, unknown>;
  expect(String(mergeTables({ d: under }, { d: over })["d"])).toBe("2025-01-01");
  expect(mergeTables({ a: { x: 1 } }, { a: 1 })["a"]).toBe(1);
  expect(mergeTables({ a: 1 }, { a: { x: 1 } })["a"]).toEqual({ x: 1 });
});

test("__proto__ is a key like any other", () => {
  const over: unknown = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1 }');
  const merged = mergeTables({}, over as Record<string, unknown>);
  expect(Object.keys(merged)).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
