import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readValues } from "#core/config/toml/read-values";
import { readOutline } from "#core/editor/outline-reader";
import type { Outline, ValueNode } from "#core/editor/outline";
import { comparable } from "#tests/support/toml-corpus/comparable";
import { damagedText, documentText } from "#tests/support/toml-corpus/documents";

const anyText = fc.oneof(
  documentText({ collisions: "often" }),
  documentText({ collisions: "never" }),
  damagedText,
);

describe("the tolerant reader of TOML", () => {
  test("it gives the values of the strict reader where that accepts the text, and finds nothing wrong", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const strict = readValues(text);
        if (!strict.ok) return;
        const outline = readOutline(text);
        expect(outline.problems).toEqual([]);
        expect(comparable(outline.values)).toBe(comparable(strict.value));
      }),
      { numRuns: 3000 },
    );
  });

  test("it finds a problem in every text that the strict reader refuses", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const strict = readValues(text);
        if (strict.ok || strict.error.kind !== "syntax") return;
        expect(readOutline(text).problems).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test("every span of any text lies inside of it, and sections cover it in order", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: "binary" }), cutText, brokenEnd), (text) => {
        const outline = readOutline(text);
        for (const { start, end } of spansOf(outline)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        let at = 0;
        for (const { span } of outline.sections) {
          expect(span.start).toBe(at);
          at = span.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Texts that end in the middle of something. */
const brokenEnd = fc.constantFrom(
  'a = "\\',
  'a = """\\',
  "a = [",
  "a = {",
  "[a",
  "[[",
  "a.",
  'a = "\\u12',
  "[a]\r",
  "'",
  "a = [{b",
);

const cutText = fc
  .tuple(documentText({ collisions: "never" }), fc.nat(), fc.nat(40))
  .map(([text, at, length]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + text.slice(start + length);
  });

function spansOf(outline: Outline): { readonly start: number; readonly end: number }[] {
  const ofValue = (node: ValueNode): { readonly start: number; readonly end: number }[] => [
    node.span,
    ...(node.kind === "array" ? node.items.flatMap(ofValue) : []),
    ...(node.kind === "table"
      ? node.pairs.flatMap((pair) => [
          pair.span,
          ...pair.keys.map(({ span }) => span),
          ...ofValue(pair.value),
        ])
      : []),
  ];
  return [
    ...outline.comments,
    ...outline.problems.map(({ span }) => span),
    ...outline.sections.flatMap(({ header, pairs }) => [
      ...(header === undefined ? [] : [header.span]),
      ...pairs.flatMap((pair) => [pair.span, ...pair.keys.map(({ span }) => span), ...ofValue(pair.value)]),
    ]),
  ];
}
