import { expect, test } from "bun:test";
import { readJsonSource, type JsonSource } from "./json-source";

function source(text: string): JsonSource {
  const read = readJsonSource(text, "a.json");
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

test("comments and a comma at the end are no errors, and places are those of the text", () => {
  const json = source(
    '{\n  // about a\n  /* more */\n  "a": { "b": [1, "//x"], }, // behind\n\n  "c": 1,\n}\n',
  );
  expect(json.value).toEqual({ a: { b: [1, "//x"] }, c: 1 });
  expect([json.line("a"), json.line("a", "b", 1), json.line("c"), json.line("a", "missing")]).toEqual([
    4, 4, 6, 4,
  ]);
  expect(json.comments("a")).toEqual(["about a", "more", "behind"]);
  expect(json.comments("c")).toEqual([]);
});

test("what is no object, or broken in another way, is an error", () => {
  for (const text of ["", "[]", "1", "{", "{,}", '{"a":,}', "{]", '{"a" 1}'])
    expect(readJsonSource(text, "a.json").ok).toBe(false);
});
