import { expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "yaml";
import { yamlText } from "#frontends/output/yaml-text";

test("what is written as YAML is read as the same data", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "yes",
      "null",
      "~",
      "1.0",
      "2026-11-21",
      "- a",
      "a: b",
      "#x",
      " a",
      "a ",
      "",
      "@all",
      "*",
      "0x1f",
      ".5",
      "...",
    ),
  );
  const data = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.boolean(), tie("list"), tie("table")),
    list: fc.array(tie("value"), { maxLength: 4 }),
    table: fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  })).table;
  fc.assert(
    fc.property(data, (value) => {
      const wellFormed = JSON.parse(JSON.stringify(value).toWellFormed()) as object;
      expect(parse(yamlText(wellFormed))).toEqual(wellFormed);
    }),
    { numRuns: 1000 },
  );
});
