import { expect, test } from "bun:test";
import { catalogue } from "./catalogue";
import { checkValue } from "./check-input";
import { count, flag, listOf, mapOf, object, oneOf, text } from "./schema";

const schema = object({
  name: text(),
  "kind?": oneOf(["a", "b"]),
  "size?": count("", 10),
  "on?": flag(),
  "list?": listOf(text()),
  "map?": mapOf(count()),
});

test.each([
  [{ name: "x", kind: "a", size: 10, on: false, list: ["y"], map: { z: 1 } }, []],
  [{}, ["name is missing"]],
  [{ name: 1 }, ["name: expected a text, found 1"]],
  [{ name: "x", kind: "c" }, ['kind: expected one of a, b, found "c"']],
  [{ name: "x", size: 11 }, ["size: expected 0 to 10, found 11"]],
  [{ name: "x", size: 1.5 }, ["size: expected a whole number, found 1.5"]],
  [{ name: "x", on: "yes" }, ['on: expected true or false, found "yes"']],
  [{ name: "x", list: "y" }, ['list: expected a list, found "y"']],
  [{ name: "x", list: ["y", null] }, ["list[1]: expected a text, found null"]],
  [{ name: "x", map: { z: -1 } }, ["map.z: expected at least 0, found -1"]],
  [{ name: "x", nmae: "y" }, ["there is no 'nmae'; did you mean 'name'?"]],
  [{ name: "a\0b" }, ["name holds a NUL character"]],
  [{ name: "\udc00" }, ["name is not well-formed Unicode"]],
  [[], ["the arguments: expected an object, found []"]],
  [null, ["the arguments: expected an object, found null"]],
] as const)("%j gives %j", (value, expected) => {
  expect(checkValue(value, schema)).toEqual([...expected]);
});

test("every operation has a name of its own, and schemas of plain data", () => {
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  for (const { input, output, name } of catalogue) {
    expect(name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(JSON.parse(JSON.stringify({ input, output }))).toEqual({ input, output } as object);
    expect(output.properties["truncated"] ?? { type: "boolean" }).toMatchObject({ type: "boolean" });
  }
});
