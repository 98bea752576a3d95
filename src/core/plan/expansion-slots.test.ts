import { expect, test } from "bun:test";
import { parseTemplate } from "#core/expr/interpolate";
import { expansionSlots, withValue } from "./expansion-slots";
import type { ExpansionSlot } from "./expansion-slots";

/** The slot of the last reference of a text. */
function slotIn(text: string, commands = true): ExpansionSlot | undefined {
  const { parts } = parseTemplate(text);
  const index = parts.findLastIndex((part) => part.kind === "reference");
  return expansionSlots(parts, { commands })[index];
}

const CASES: readonly (readonly [text: string, slot: ExpansionSlot])[] = [
  ["a ${vars.x}", { kind: "text" }],
  ["$$A${vars.x}", { kind: "text" }],
  ["${A}${vars.x}", { kind: "text" }],
  ["$A-${vars.x}", { kind: "text" }],
  ["$A${vars.x}", { kind: "name", name: "A", isInDefault: false }],
  ["$A${vars.x}${vars.y}", { kind: "text" }],
  ["${A:-${vars.x}}", { kind: "default" }],
  ["${A-$B${vars.x}}", { kind: "name", name: "B", isInDefault: true }],
  ["${A:-b}${vars.x}", { kind: "text" }],
  ["${A:-${B-b}${vars.x}}", { kind: "default" }],
  ["$(a ${vars.x})", { kind: "command", quoting: "plain" }],
  ["$(a '(' ${vars.x})", { kind: "command", quoting: "plain" }],
  ["$(a (b) ${vars.x})", { kind: "command", quoting: "plain" }],
  ["$(a '${vars.x}')", { kind: "command", quoting: "single" }],
  ['$(a \\" "${vars.x}")', { kind: "command", quoting: "double" }],
  ['$(a "$(b ${vars.x})")', { kind: "command", quoting: "unknown" }],
  ["$(a `b ${vars.x}`)", { kind: "command", quoting: "unknown" }],
  ["$(a <<E\n${vars.x}\nE\n)", { kind: "command", quoting: "unknown" }],
  ["$(a)${vars.x}", { kind: "text" }],
  ["$(a `b`)$(a ${vars.x})", { kind: "command", quoting: "plain" }],
];

for (const [text, slot] of CASES) {
  test(`the slot in ${JSON.stringify(text)} is found`, () => {
    expect(slotIn(text)).toEqual(slot);
  });
}

test("where no commands are run, $(…) is text", () => {
  expect(slotIn("$(a ${vars.x})", false)).toEqual({ kind: "text" });
});

test("a command on Windows takes harmless values only", () => {
  const slot = { kind: "command", quoting: "plain" } as const;
  expect(withValue("$(a ", "b-1.2", { slot, isPosix: false })).toBe("$(a b-1.2");
  expect(withValue("$(a ", "b&c", { slot, isPosix: false })).toBeUndefined();
  expect(withValue("$(a ", "it's", { slot, isPosix: true })).toBe("$(a 'it'\\''s'");
});
