import { expect, test } from "bun:test";
import { maskSource } from "./source-mask";
import type { SourceGrammar } from "./source-mask";

const C: SourceGrammar = { line: ["//"], block: [["/*", "*/"]], quotes: ['"', "'"], longQuotes: ['"""'] };

test("comments become blank, and what is in quotes does, while every place stays", () => {
  const text = 'a "b\\"c" // d\n/* e\nf */ g';
  const mask = maskSource(text, C);
  expect(mask).toBe('a "    "     \n    \n     g');
  expect(mask).toHaveLength(text.length);
});

test("texts are kept where only comments are to go", () => {
  expect(maskSource('a "b // c" // d', { ...C, keepsTexts: true })).toBe('a "b // c"     ');
});

test("a text that is never closed ends with its line, a long one with the file", () => {
  expect(maskSource('"abc\nd', C)).toBe('"   \nd');
  expect(maskSource('"""abc\nd', C)).toBe('"""   \n ');
});

test("comments nest where the language lets them", () => {
  expect(maskSource("/* a /* b */ c */ d", { ...C, nests: true })).toBe(`${" ".repeat(17)} d`);
  expect(maskSource("/* a /* b */ c */ d", C).trimStart()).toBe("c */ d");
});

test("signs outside of the usual plane keep their length", () => {
  const text = '"\u{1f600}" x // \u{1f600}';
  expect(maskSource(text, C)).toHaveLength(text.length);
});
