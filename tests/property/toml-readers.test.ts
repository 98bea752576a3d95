import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readChunks } from "#core/config/toml/read-chunks";
import { readLinear } from "#core/config/toml/read-linear";
import { readValues, readWhole } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { syntaxTree } from "#core/config/toml/syntax-tree";
import { comparable } from "#tests/support/toml-corpus/comparable";
import { damagedText, documentText } from "#tests/support/toml-corpus/documents";

const anyText = fc.oneof(
  documentText({ collisions: "often" }),
  documentText({ collisions: "never" }),
  damagedText,
);
const valuesOf = (outcome: ReturnType<typeof readWhole>): string =>
  outcome.ok ? comparable(outcome.value) : outcome.error.kind;

describe("the readers of TOML values", () => {
  test("reading in pieces gives the values of the whole or gives up", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, length) => {
        const merged = readChunks(text, length);
        if (merged !== undefined) expect(comparable(merged)).toBe(valuesOf(readWhole(text)));
      }),
      { numRuns: 2000 },
    );
  });

  test("a regular document of many tables is read in pieces, not given up", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 80 }), (tasks, length) => {
        const text = tasks
          .map((name) => `[tasks.${name}]\ncmd = "x"\n[tasks.${name}.io]\nstdin = "null"\n`)
          .join("\n");
        const merged = readChunks(text, length);
        expect(merged === undefined ? "given up" : comparable(merged)).toBe(valuesOf(readWhole(text)));
      }),
    );
  });

  test("the linear reader accepts the same documents with the same values", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(valuesOf(readLinear(text))).toBe(valuesOf(readWhole(text)));
      }),
      { numRuns: 3000 },
    );
  });

  test("keys keep their order whichever reader is used", () => {
    fc.assert(
      fc.property(documentText({ collisions: "never" }), fc.integer({ min: 1, max: 80 }), (text, length) => {
        const whole = readWhole(text);
        if (!whole.ok) return;
        const order = JSON.stringify(whole.value);
        const linear = readLinear(text);
        expect(linear.ok && JSON.stringify(linear.value)).toBe(order);
        const merged = readChunks(text, length);
        if (merged !== undefined) expect(JSON.stringify(merged)).toBe(order);
      }),
    );
  });

  test("the position-keeping parser accepts what the values are read from", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        if (readWhole(text).ok) expect(syntaxTree(text).ok).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("every refused text has a diagnostic with a place inside it", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: "binary" })), (text) => {
        const outcome = readValues(text);
        if (outcome.ok) return;
        const { code, place } = syntaxDiagnostic({ file: "zr.toml", text }, outcome.error);
        expect(code).toMatch(/^E10[0-9]$/);
        expect(place?.span?.start).toBeGreaterThanOrEqual(0);
        expect(place?.span?.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});
