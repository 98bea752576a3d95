import { expect, test } from "bun:test";
import { jsonPlace } from "./json-places";

const TEXT = `{
  "name": "a \\"b\\" {",
  "scripts": { "build": "x", "test:unit": ["a", { "deep": 1 }] },
  "other": { "name": true }
}`;

const shown = (path: readonly (string | number)[], target: "key" | "value" = "value"): string | undefined => {
  const span = jsonPlace(TEXT, path, target);
  return span === undefined ? undefined : TEXT.slice(span.start, span.end);
};

test.each([
  [["name"], '"a \\"b\\" {"'],
  [["scripts", "build"], '"x"'],
  [["scripts", "test:unit"], '["a", { "deep": 1 }]'],
  [["scripts", "test:unit", 1, "deep"], "1"],
  [["other", "name"], "true"],
  [["other"], '{ "name": true }'],
  [["scripts", "none"], undefined],
  [["name", "build"], undefined],
] as const)("the value at %p is found", (path, text) => {
  expect(shown(path)).toBe(text);
});

test("the key of an entry is found, whatever is called the same elsewhere", () => {
  expect(shown(["other", "name"], "key")).toBe('"name"');
  expect(jsonPlace(TEXT, ["other", "name"], "key")?.start).toBe(TEXT.lastIndexOf('"name"'));
});

test("of a key that stands twice the last one is meant", () => {
  expect(jsonPlace('{"a":1,"a":22}', ["a"], "value")).toEqual({ start: 11, end: 13 });
});

test("a text that is no JSON has no places, and ends", () => {
  for (const text of ["", "{", '{"a"', "]]]", '{"a":}', "nonsense"])
    expect(jsonPlace(text, ["b"], "value")).toBeUndefined();
});
