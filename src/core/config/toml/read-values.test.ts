import { describe, expect, test } from "bun:test";
import { comparable } from "#tests/support/toml-corpus/comparable";
import { invalidCases, validCases } from "#tests/support/toml-corpus/cases";
import { chunkedFrom, maxTextLength } from "./limits";
import { readChunks } from "./read-chunks";
import { readLinear } from "./read-linear";
import { readValues, readWhole } from "./read-values";
import { syntaxTree } from "./syntax-tree";

const shown = (outcome: ReturnType<typeof readValues>): string =>
  outcome.ok ? comparable(outcome.value) : outcome.error.kind;
const tasks = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `[tasks.t${from + index}]\ncmd = "true"\n\n`).join("");

describe("reading the values of TOML", () => {
  test.each(validCases)("%j has its values in every reader", (text, values) => {
    expect(shown(readWhole(text))).toBe(comparable(values));
    expect(shown(readLinear(text))).toBe(comparable(values));
    const merged = readChunks(text, 1);
    if (merged !== undefined) expect(comparable(merged)).toBe(comparable(values));
    expect(syntaxTree(text).ok).toBe(true);
  });

  test.each(invalidCases)("%j is refused by every reader of values", (text) => {
    expect(shown(readWhole(text))).toBe("syntax");
    expect(shown(readLinear(text))).toBe("syntax");
    expect(readChunks(text, 1)).toBeUndefined();
  });

  test("a large file of many tables is read in pieces and gives all of them in order", () => {
    const text = tasks(1000);
    expect(text.length).toBeGreaterThan(chunkedFrom);
    const outcome = readValues(text);
    expect(outcome.ok && JSON.stringify(Object.keys(outcome.value["tasks"] ?? {}))).toBe(
      JSON.stringify(Array.from({ length: 1000 }, (_, index) => `t${index}`)),
    );
    expect(readChunks(text)).toEqual(outcome.ok ? outcome.value : {});
  });

  test("a table defined twice far apart in a large file is refused", () => {
    expect(shown(readValues(`${tasks(1000)}[tasks.t0]\n`))).toBe("syntax");
    expect(shown(readValues(`[tasks]\nx = 1\n${tasks(1000, 1)}[tasks]\n`))).toBe("syntax");
    expect(shown(readValues(`[tasks]\nx = 1\n${tasks(1000, 1)}["\\u0074asks"]\n`))).toBe("syntax");
    expect(shown(readValues(`tasks = {}\n${tasks(1000)}`))).toBe("syntax");
  });

  test("a table continued far from where it began is joined", () => {
    const outcome = readValues(`${tasks(1000)}[tasks.t0.io]\nstdin = "null"\n`);
    const first: unknown = outcome.ok ? Reflect.get(Object(outcome.value["tasks"]), "t0") : outcome.error;
    expect(first).toEqual({ cmd: "true", io: { stdin: "null" } });
  });

  test("nesting up to 200 deep is read by both readers and deeper nesting is an error", () => {
    const nested = (depth: number): readonly string[] => [
      `a = ${"[".repeat(depth)}${"]".repeat(depth)}`,
      `${"a.".repeat(depth)}a = 1`,
      `[${"a.".repeat(depth - 1)}a]`,
      `a = ${"{a=".repeat(depth)}1${"}".repeat(depth)}`,
    ];
    for (const text of nested(200)) {
      expect([readWhole(text).ok, readLinear(text).ok]).toEqual([true, true]);
    }
    for (const text of [...nested(201), ...nested(100_000)]) {
      expect(shown(readWhole(text))).toBe("too-deep");
      expect(shown(readLinear(text))).toBe("too-deep");
    }
  });

  test("a text above the limit is an error that names the limit", () => {
    const outcome = readValues(" ".repeat(maxTextLength + 1));
    expect(outcome).toEqual({
      ok: false,
      error: { kind: "too-large", length: maxTextLength + 1, limit: maxTextLength },
    });
  });

  test("a string with a million escapes is read", () => {
    const outcome = readLinear(`a = "${"\\n".repeat(1_000_000)}"`);
    expect(outcome.ok && outcome.value["a"]).toBe("\n".repeat(1_000_000));
  });

  test("reading never changes the prototype of anything", () => {
    readLinear("__proto__.polluted = 1\n[a.__proto__]\npolluted = 1");
    readChunks("[__proto__.a]\npolluted = 1\n[__proto__.b]\npolluted = 1\n", 1);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.has({}, "a")).toBe(false);
  });
});
