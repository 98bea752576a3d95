import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { KeyPath } from "#base/diagnostic";
import { openDocument } from "#core/config/toml/locate";
import { readValues } from "#core/config/toml/read-values";
import { isTomlTable, type TomlValue } from "#core/config/toml/values";
import { comparable } from "#tests/support/toml-corpus/comparable";
import { documentText } from "#tests/support/toml-corpus/documents";

const document = fc
  .oneof(documentText({ collisions: "never" }), documentText({ collisions: "often" }))
  .filter((text) => readValues(text).ok);

function* entriesOf(value: TomlValue, path: KeyPath = []): Generator<readonly [KeyPath, TomlValue]> {
  if (path.length > 0) yield [path, value];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* entriesOf(item, [...path, index]);
  } else if (isTomlTable(value)) {
    for (const [key, item] of Object.entries(value)) yield* entriesOf(item, [...path, key]);
  }
}

function check(text: string, each: (path: KeyPath, value: TomlValue, places: Places) => void): void {
  const values = readValues(text);
  const places = openDocument(text);
  if (!values.ok || !places.ok) throw new Error(`not readable: ${text}`);
  for (const [path, value] of entriesOf(values.value)) each(path, value, places.value);
}
type Places = Extract<ReturnType<typeof openDocument>, { readonly ok: true }>["value"];

describe("places in TOML", () => {
  test("every entry is known, and the place of a scalar holds that scalar", () => {
    fc.assert(
      fc.property(document, (text) => {
        check(text, (path, value, places) => {
          expect(places.has(path)).toBe(true);
          const span = places.spanOf(path, "value");
          expect(span).toBeDefined();
          if (typeof value === "object" && !Object.prototype.toString.call(value).includes("Temporal"))
            return;
          const read = readValues(`value = ${text.slice(span?.start, span?.end)}`);
          expect(read.ok && comparable(read.value["value"])).toBe(comparable(value));
        });
      }),
      { numRuns: 600 },
    );
  });

  test("a place within a string starts at the character that makes the value's character", () => {
    fc.assert(
      fc.property(document, (text) => {
        check(text, (path, value, places) => {
          if (typeof value !== "string") return;
          for (let at = 0; at < value.length; at += 1) {
            const span = places.withinString(path, { start: at, end: at + 1 });
            const source = text.slice(span?.start, span?.end).replace(/\\[ \t]*\r?\n\s*$/, "");
            const written = source.startsWith("\\") || source.includes("\n") || source.includes('"');
            if (!written)
              expect(source).toBe(
                value.charAt(at).toWellFormed() === value.charAt(at) ? value.charAt(at) : source,
              );
            expect(source.length).toBeGreaterThan(0);
          }
        });
      }),
      { numRuns: 600 },
    );
  });

  test("the entry at the middle of a scalar is the scalar's own", () => {
    fc.assert(
      fc.property(document, (text) => {
        check(text, (path, value, places) => {
          if (typeof value !== "string") return;
          const span = places.spanOf(path, "value");
          if (span !== undefined) expect(places.pathAt(span.start + 1)).toEqual(path);
        });
      }),
      { numRuns: 600 },
    );
  });
});
