import { describe, expect, test } from "bun:test";
import { tokenize } from "./lexer";
import { MAX_LENGTH, parseExpression } from "./parser";

/** Code and the text under the caret. */
function problem(text: string): string | undefined {
  const result = parseExpression(text);
  if (result.ok) return undefined;
  const { code, span } = result.error;
  return `${code}@${text.slice(span.start, Math.min(span.end, span.start + 20))}`;
}

describe("a text that is no expression", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["", "E210@"],
    ["  \n", "E210@"],
    ["a #", "E202@#"],
    ["a 😀", "E202@😀"],
    ["'abc", "E203@'abc"],
    ["'abc\\", "E203@'abc\\"],
    ["'\\u12'", "E204@\\u"],
    ["'\\u{110000}'", "E204@\\u"],
    ["12abc", "E205@12abc"],
    ["-5s", "E205@-5s"],
    ["1e999", "E205@1e999"],
    ["1 2", "E206@2"],
    ["a and b", "E206@and"],
    ["(1", "E207@"],
    ["f(1,", "E207@"],
    ["a.", "E207@"],
    ["a[b]", "E206@b"],
    ["a[1.5]", "E206@1.5"],
    ["a ? b", "E207@"],
    ["[1 2]", "E206@2"],
    ["1 < 2 < 3", "E208@<"],
    ["a == b in c", "E208@in"],
    ["a = b", "E209@="],
    ["a & b", "E209@&"],
    ["in", "E206@in"],
  ];
  for (const [text, expected] of wrong) {
    test(`${JSON.stringify(text)} is ${expected}`, () => {
      expect(problem(text)).toBe(expected);
    });
  }

  test("a chained comparison names the second operator", () => {
    const result = parseExpression("1 < 2 >= 3");
    expect(result.ok ? {} : result.error.data).toEqual({ operator: ">=" });
  });

  test("word operators suggest the sign", () => {
    const result = parseExpression("a or b");
    expect(result.ok ? [] : result.error.suggestions).toEqual(["||"]);
  });
});

describe("limits", () => {
  const nests: readonly (readonly [string, (depth: number) => string])[] = [
    ["parentheses", (depth) => `${"(".repeat(depth)}1${")".repeat(depth)}`],
    ["arrays", (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`],
    ["negations", (depth) => `${"!".repeat(depth)}ci`],
    ["conditionals", (depth) => `${"ci ? 1 : ".repeat(depth)}1`],
    ["members", (depth) => `vars${".a".repeat(depth)}`],
    ["calls", (depth) => `${"lower(".repeat(depth)}'a'${")".repeat(depth)}`],
  ];
  for (const [name, make] of nests) {
    test(`${name} nest ninety-eight deep and not a hundred and one`, () => {
      expect(problem(make(98))).toBeUndefined();
      expect(problem(make(101))).toStartWith("E201");
      expect(problem(make(5000))).toStartWith("E201");
    });
  }

  test("a long run of one operator is no nesting", () => {
    for (const operator of ["||", "&&", "+"]) {
      expect(problem(`git.sha${`${operator}git.sha`.repeat(6000)}`)).toBeUndefined();
    }
  });

  test("an expression has at most 64 KB", () => {
    expect(problem(`'${"a".repeat(MAX_LENGTH - 2)}'`)).toBeUndefined();
    expect(problem(`'${"a".repeat(MAX_LENGTH - 1)}'`)).toStartWith("E200");
  });
});

describe("tokens", () => {
  test("dashes belong to names, and to numbers in front", () => {
    expect(tokenize("args.dry-run -1").tokens.map((token) => token.text)).toEqual([
      "args",
      ".",
      "dry-run",
      "-1",
      "",
    ]);
  });

  test("reading goes on after a problem", () => {
    const { tokens, problems } = tokenize("a # = 'b");
    expect(tokens.map((token) => token.kind)).toEqual(["name", "operator", "string", "end"]);
    expect(problems.map((found) => found.code)).toEqual(["E202", "E209", "E203"]);
  });
});
