import { expect, test } from "bun:test";
import { codeGroups, diagnosticCodes, findCode } from "./diagnostic-codes";

test("no code stands in two tables", () => {
  const all = codeGroups.flatMap((group) => Object.keys(group.codes));
  expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(diagnosticCodes)).toHaveLength(all.length);
});

test("every code is a letter and three digits and has a message and an explanation", () => {
  for (const [code, entry] of Object.entries(diagnosticCodes)) {
    expect(code).toMatch(/^[EW]\d{3}$/);
    expect(entry.message).not.toBe("");
    expect(entry.doc).toMatch(/[.!`)]$/);
  }
});

test("a code is found in small letters too, and nothing else is", () => {
  expect(findCode("e130")).toBe(diagnosticCodes["E130"]!);
  expect(findCode("constructor")).toBeUndefined();
  expect(findCode("E999")).toBeUndefined();
});
