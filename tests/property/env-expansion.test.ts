import { expect, test } from "bun:test";

import fc from "fast-check";

import { parseDotenv } from "#engine/env/dotenv";
import { parseExpansion, renderExpansion } from "#engine/env/expand";
import { resolveEnvironment } from "#engine/env/layers";

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const dollarText = fc
  .array(fc.constantFrom("$", "{", "}", "(", ")", ":-", "-", "A", "B", "C", "x", "'", '"', "\\", " "), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));

/** A value between double quotes; line ends other than LF can only be written as escapes. */
function doubleQuoted(value: string): string {
  const escapes: Record<string, string> = {
    "\\": "\\\\",
    '"': '\\"',
    $: "\\$",
    "\r": "\\r",
    "\n": "\\n",
    "\t": "\\t",
  };
  return `"${value.replace(/[\\"$\r\n\t]/g, (char) => escapes[char] ?? char)}"`;
}

test("any value survives double quotes and its expansion", () => {
  fc.assert(
    fc.property(
      anyText,
      fc.constantFrom("", "export "),
      fc.constantFrom("\n", "\r\n", ""),
      (value, prefix, end) => {
        const { entries, problems } = parseDotenv(`${prefix}NAME=${doubleQuoted(value)} # note${end}NEXT=1`);
        expect(problems).toEqual([]);
        const parsed = entries[0]?.value ?? "";
        expect(renderExpansion(parseExpansion(parsed).parts, () => "wrong")).toBe(value);
      },
    ),
  );
});

test("any value without backslash and CR survives single quotes", () => {
  const plain = anyText.map((text) => text.replace(/['\\\r]/g, ""));
  fc.assert(
    fc.property(plain, (value) => {
      const { entries, problems } = parseDotenv(`NAME='${value}'\nNEXT=1`);
      expect(problems).toEqual([]);
      expect(entries.map((entry) => [entry.name, entry.value, entry.expand])).toEqual([
        ["NAME", value, false],
        ["NEXT", "1", true],
      ]);
    }),
  );
});

test("any text can be read as a .env file, with places inside it and the lines counted right", () => {
  const lines = fc.array(
    fc.oneof(anyText, dollarText, fc.constantFrom("A=1", "B='x", 'C="', "D=x#y", "\r", "\n", "\r\n")),
  );
  fc.assert(
    fc.property(lines, fc.constantFrom("\n", "\r\n"), (parts, join) => {
      const text = parts.join(join);
      const { entries, problems } = parseDotenv(text);
      for (const { line, span } of [...entries, ...problems]) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(text.length);
        expect(text.slice(0, span.start).split(/\r\n|\r|\n/)).toHaveLength(line);
      }
    }),
  );
});

test("any text can be expanded, and a text with every dollar doubled expands to itself", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, dollarText), (text) => {
      renderExpansion(parseExpansion(text).parts, () => text);
      const escaped = text.replaceAll("$", () => "$$");
      expect(renderExpansion(parseExpansion(escaped).parts, () => "wrong")).toBe(text);
    }),
  );
});

test("layers of values that refer to each other in any way are resolved in the end", () => {
  const name = fc.constantFrom("A", "B", "C", "D");
  const entry = fc.record({ name, value: dollarText });
  const layer = fc.record({
    name: fc.constantFrom("workspace-env", "package-dotenv", "task-env", "flag"),
    entries: fc.array(entry, { maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 5 }), (layers) => {
      const { values, problems } = resolveEnvironment(layers, { commandOutput: ({ command }) => command });
      for (const { name: bound } of layers.flatMap(({ entries }) => entries))
        expect(values).toHaveProperty(bound);
      for (const { code } of problems) expect(["E335", "E336", "E341"]).toContain(code);
    }),
    { numRuns: 1000 },
  );
});
