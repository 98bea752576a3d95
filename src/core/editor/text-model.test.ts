import { describe, expect, test } from "bun:test";
import { offsetInString, spanInString, TextModel } from "./text-model";

const stringOf = (text: string) => {
  const value = new TextModel("/zr.toml", text).find(["a"])?.value;
  if (value?.kind !== "string") throw new Error("no string");
  return value;
};

describe("a range of a string's value", () => {
  test.each([
    ['a = "one two"', "two"],
    ["a = 'one two'", "two"],
    ['a = "\\u0041 two"', "two"],
    ['a = """\none\ntwo"""', "two"],
    ["a = '''one\n'two'''", "two"],
    ['a = ""', ""],
    ['a = "one two', "two"],
    ['a = """one two', "two"],
    ['a = """one\r\n\\r\\n \\x0d\\x0a two"""', "two"],
  ])("stands where it is written: %s", (text, part) => {
    const node = stringOf(text);
    const start = node.value.indexOf(part);
    const span = spanInString(text, node, { start, end: start + part.length });
    expect(text.slice(span.start, span.end)).toBe(part);
    expect(offsetInString(text, node, span.start)).toBe(start);
  });
});

test("a part of a document is found by its path, its parent where it is not there", () => {
  const text = '[tasks.a]\ncmd = "x"\ndeps = ["b", { task = "c" }]\n\n[[constraints]]\nrule = "r"\n';
  const model = new TextModel("/zr.toml", text);
  const shown = (path: readonly (string | number)[], target: "key" | "value" | "header") => {
    const span = model.spanOf(path, target);
    return span === undefined ? undefined : text.slice(span.start, span.end);
  };
  expect(shown(["tasks", "a"], "header")).toBe("[tasks.a]");
  expect(shown(["tasks", "a"], "key")).toBe("a");
  expect(shown(["tasks", "a", "deps", 1, "task"], "value")).toBe('"c"');
  expect(shown(["tasks", "a", "deps", 7], "value")).toBe('["b", { task = "c" }]');
  expect(shown(["constraints", 0, "rule"], "value")).toBe('"r"');
  expect(shown(["nothing"], "key")).toBeUndefined();
});
