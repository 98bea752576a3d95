import { describe, expect, test } from "bun:test";
import { lineOf, maskSource } from "./source-text";

interface Case {
  readonly what: string;
  readonly text: string;
  readonly code: string;
}

const cases: readonly Case[] = [
  { what: "line comments", text: "a; // b\nc", code: "a;     \nc" },
  { what: "block comments over lines", text: "a /* b\nc */ d", code: "a     \n     d" },
  { what: "strings with escapes", text: `f("a\\"b", 'c')`, code: `f("    ", ' ')` },
  {
    what: "templates, but not the code inside of them",
    text: "`a ${b + `c ${d}`} e`",
    code: "`  ${b + `  ${d}`}  `",
  },
  {
    what: "templates with braces in the code inside of them",
    text: "`${f({ a: 1 })}x`",
    code: "`${f({ a: 1 })} `",
  },
  { what: "regular expressions", text: 'x = /a"[/]/g; y', code: "x = /     /g; y" },
  { what: "regular expressions after return", text: "return /'/;", code: "return / /;" },
  { what: "nothing of a division", text: "a / b / c", code: "a / b / c" },
  { what: "nothing of a division after a bracket", text: "(a) / 'b'", code: "(a) / ' '" },
];

describe("masking of source text", () => {
  for (const { what, text, code } of cases) {
    test(`blanks ${what}`, () => {
      expect(maskSource(text).code).toBe(code);
    });
  }

  test("keeps strings in the uncommented view and every length", () => {
    const text = "a('b'); // c\n/* d */ `e`";
    const masked = maskSource(text);
    expect(masked.uncommented).toBe("a('b');     \n        `e`");
    expect(masked.code.length).toBe(text.length);
  });

  test("lines count from one, and an offset on a line break belongs to the line it ends", () => {
    expect([0, 1, 2, 4].map((offset) => lineOf("a\nb\nc", offset))).toEqual([1, 1, 2, 3]);
  });
});
