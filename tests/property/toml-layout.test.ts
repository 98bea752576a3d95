import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { appendTable, setValue } from "#core/config/toml/edit";
import { formatToml } from "#core/config/toml/format";
import { readValues } from "#core/config/toml/read-values";
import { syntaxTree } from "#core/config/toml/syntax-tree";
import { comparable } from "#tests/support/toml-corpus/comparable";
import { documentText } from "#tests/support/toml-corpus/documents";

const document = fc
  .oneof(documentText({ collisions: "never" }), documentText({ collisions: "often" }))
  .filter((text) => readValues(text).ok);

function commentsOf(text: string): readonly string[] {
  const tree = syntaxTree(text);
  return tree.ok ? tree.value.comments.map(({ range }) => text.slice(...range).trimEnd()) : ["not readable"];
}

const valuesOf = (text: string): string => {
  const outcome = readValues(text);
  return outcome.ok ? comparable(outcome.value) : `refused: ${text}`;
};

const formatted = (text: string): string => {
  const outcome = formatToml(text);
  return outcome.ok ? outcome.value : "refused";
};

describe("formatting TOML", () => {
  test("changes no value and no comment", () => {
    fc.assert(
      fc.property(document, (text) => {
        const result = formatted(text);
        expect(valuesOf(result)).toBe(valuesOf(text));
        expect(commentsOf(result)).toEqual(commentsOf(text));
      }),
      { numRuns: 1500 },
    );
  });

  test("gives the same when done twice", () => {
    fc.assert(
      fc.property(document, (text) => {
        const once = formatted(text);
        expect(formatted(once)).toBe(once);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("editing TOML", () => {
  const key = fc.constantFrom("a", "b", "c", "tasks", "k1", "k2", "k3 x", "new", "odd key");
  const newValue = fc.constantFrom("1", '"text"', "[1, 2]", "{ x = 1 }", "true", "'''\n[a]\n'''");

  test("sets exactly one value and keeps every comment outside of it, or refuses", () => {
    fc.assert(
      fc.property(document, fc.array(key, { minLength: 1, maxLength: 3 }), newValue, (text, path, value) => {
        const outcome = setValue(text, path, value);
        if (!outcome.ok) return;
        const values = readValues(outcome.value);
        let at: unknown = values.ok ? values.value : undefined;
        for (const name of path)
          at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
        const wanted = readValues(`value = ${value}`);
        expect(comparable(at)).toBe(comparable(wanted.ok ? wanted.value["value"] : undefined));
        const again = setValue(outcome.value, path, value);
        expect(again.ok && again.value).toBe(outcome.value);
      }),
      { numRuns: 1500 },
    );
  });

  test("a key that is not there yet can always be added below a new table", () => {
    fc.assert(
      fc.property(document, newValue, (text, value) => {
        const outcome = setValue(text, ["brand new", "key"], value);
        expect(outcome.ok).toBe(true);
        if (outcome.ok) expect(commentsOf(outcome.value)).toEqual(commentsOf(text));
      }),
    );
  });

  test("an appended table leaves the text before it as it was", () => {
    fc.assert(
      fc.property(document, (text) => {
        const outcome = appendTable(text, '"brand new".table', "x = 1");
        expect(outcome.ok && outcome.value.startsWith(text.trimEnd())).toBe(true);
      }),
    );
  });
});
