import { expect, test } from "bun:test";
import { isTable, listAt, tableAt, textAt, textOrTextsAt, textsAt, valueAt } from "./value-at";

const TABLE = { a: { b: { c: "text", empty: "", n: 1 } }, list: ["one", 2, "three"], only: "one" };

test("a value is found under its keys, and not under those that every object inherits", () => {
  expect(valueAt(TABLE, "a", "b", "n")).toBe(1);
  expect(valueAt(TABLE)).toBe(TABLE);
  expect(valueAt(TABLE, "a", "x", "n")).toBeUndefined();
  expect(valueAt(TABLE, "list", "0")).toBeUndefined();
  expect(valueAt(TABLE, "constructor")).toBeUndefined();
  expect(valueAt("text", "length")).toBeUndefined();
});

test("a list and null are no tables", () => {
  expect([{}, Object.create(null), [], null, "text"].map(isTable)).toEqual([true, true, false, false, false]);
});

test("what is of another type than asked for counts as missing", () => {
  expect(tableAt(TABLE, "a", "b")).toBe(TABLE.a.b);
  expect(tableAt(TABLE, "list")).toEqual({});
  expect(textAt(TABLE, "a", "b", "c")).toBe("text");
  expect(textAt(TABLE, "a", "b", "empty")).toBeUndefined();
  expect(textAt(TABLE, "a", "b", "n")).toBeUndefined();
  expect(listAt(TABLE, "list")).toEqual(["one", 2, "three"]);
  expect(listAt(TABLE, "a")).toEqual([]);
});

test("only where it is asked for, one text stands for a list of one", () => {
  expect(textsAt(TABLE, "list")).toEqual(["one", "three"]);
  expect(textsAt(TABLE, "only")).toEqual([]);
  expect(textOrTextsAt(TABLE, "list")).toEqual(["one", "three"]);
  expect(textOrTextsAt(TABLE, "only")).toEqual(["one"]);
  expect(textOrTextsAt(TABLE, "a")).toEqual([]);
});
