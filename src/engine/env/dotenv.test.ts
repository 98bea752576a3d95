import { describe, expect, test } from "bun:test";

import { dotenvDiagnostics, parseDotenv } from "./dotenv";

function values(text: string): Record<string, string> {
  return Object.fromEntries(parseDotenv(text).entries.map(({ name, value }) => [name, value]));
}

function problems(text: string): string[] {
  return parseDotenv(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** What the npm package `dotenv` 18 gives for the same text was observed by running it. */
const sameAsNpm: readonly (readonly [string, Record<string, string>])[] = [
  ["A=1", { A: "1" }],
  ["A = 1", { A: "1" }],
  ["  A=1  ", { A: "1" }],
  ["export A=1", { A: "1" }],
  ["export   A=1", { A: "1" }],
  ["A: 1", { A: "1" }],
  ["A:1", {}],
  ["A=", { A: "" }],
  ["A", {}],
  ["=x", {}],
  ["A==x", { A: "=x" }],
  ["A=a=b", { A: "a=b" }],
  ["A=a b c", { A: "a b c" }],
  ["A=a'b'c", { A: "a'b'c" }],
  ["A=\ttab", { A: "tab" }],
  ["# note\nA=1", { A: "1" }],
  ["A=1 # note", { A: "1" }],
  ["A= #note", { A: "" }],
  ["A='x # y' # note", { A: "x # y" }],
  ['A="x"#note', { A: "x" }],
  ['A="x # y"', { A: "x # y" }],
  ['A=""', { A: "" }],
  ["A=''", { A: "" }],
  ['A="it\'s"', { A: "it's" }],
  ["A='\"'", { A: '"' }],
  ["A=`a'\"b`", { A: "a'\"b" }],
  ['A="a\\nb"', { A: "a\nb" }],
  ['A="a\\rb"', { A: "a\rb" }],
  ["A='a\\nb'", { A: "a\\nb" }],
  ["A=a\\nb", { A: "a\\nb" }],
  ['A="a\nb"', { A: "a\nb" }],
  ["A='a\nb'", { A: "a\nb" }],
  ["A=`a\nb`", { A: "a\nb" }],
  ['A="a\r\nb"', { A: "a\nb" }],
  ["A=x\r\nB=y\r\n", { A: "x", B: "y" }],
  ["A=x\rB=y", { A: "x", B: "y" }],
  ["\uFEFFA=1", { A: "1" }],
  ["A.B=1\nA-B=2\n1A=3", { "A.B": "1", "A-B": "2", "1A": "3" }],
  ["A=1\nA=2", { A: "2" }],
  ["A=\n\nB=2", { A: "", B: "2" }],
  ['A={"k":"v"}', { A: '{"k":"v"}' }],
  ['A="a', { A: '"a' }],
  ["A='a", { A: "'a" }],
  ['A="un\nB=2', { A: '"un', B: "2" }],
  ['A="a"b', { A: '"a"b' }],
  ['A="a" b', { A: '"a" b' }],
  ["foo bar=1", {}],
];

/** Where npm's `dotenv` loses something that Python's, Compose's or a shell's reading keeps. */
const otherThanNpm: readonly (readonly [string, { npm: string; zr: string }])[] = [
  ["A=1#c", { npm: "1", zr: "1#c" }],
  ["A=#c", { npm: "", zr: "#c" }],
  ["A=x#y # z", { npm: "x", zr: "x#y" }],
  ['A="a\\"b"', { npm: 'a\\"b', zr: 'a"b' }],
  ['A="a\\tb"', { npm: "a\\tb", zr: "a\tb" }],
  ['A="a\\\\nb"', { npm: "a\\\nb", zr: "a\\nb" }],
  ['A="a\\\nb"', { npm: "a\\\nb", zr: "ab" }],
  ["A='it\\'s'", { npm: "it\\'s", zr: "it's" }],
];

describe("the grammar of .env files", () => {
  test.each(sameAsNpm)("reads %j as npm's dotenv does", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test.each(otherThanNpm)("reads %j in the way that loses nothing", (text, { zr, npm }) => {
    expect(values(text)).toEqual({ A: zr });
    expect(zr).not.toBe(npm);
  });

  test("expands everything but single quotes", () => {
    const { entries } = parseDotenv("A=$X\nB=\"$X\"\nC='$X'\nD=`$X`");
    expect(entries.map(({ expand }) => expand)).toEqual([true, true, false, true]);
  });

  test("an escaped dollar is doubled for the expansion, but not in single quotes", () => {
    expect(values("A=\\$X\nB=\"\\$X\"\nC='\\$X'\nD=`\\$X`")).toEqual({
      A: "$$X",
      B: "$$X",
      C: "\\$X",
      D: "$$X",
    });
  });

  test("an escape that means nothing stays as it is", () => {
    expect(values('A="C:\\dir\\x"')).toEqual({ A: "C:\\dir\\x" });
  });

  test("entries know their line and range, also behind values of several lines", () => {
    const text = 'A="1\n2\r\n3" # note\nB=4';
    const [first, second] = parseDotenv(text).entries;
    expect([first?.line, second?.line]).toEqual([1, 4]);
    expect(text.slice(first?.span.start, first?.span.end)).toBe('A="1\n2\r\n3"');
    expect(text.slice(second?.span.start, second?.span.end)).toBe("B=4");
  });

  test("an empty text has no entries and no problems", () => {
    expect(parseDotenv("")).toEqual({ entries: [], problems: [] });
    expect(parseDotenv("\n # note\n\n")).toEqual({ entries: [], problems: [] });
  });
});

describe("the problems of .env files", () => {
  test.each([
    ["A=1\nDATABASE_URL\n", ["E330 2:1"]],
    ["A=1\n  MY VAR=1", ["E331 2:3"]],
    ['\nA="x', ["E332 2:3"]],
    ["A='x\nB='y'", ["E332 1:3"]],
    ['A="x" y', ["E333 1:7"]],
    ["A=#fff", ["E334 1:3"]],
    ["A=a#b # c", ["E334 1:4"]],
    ["A=a # c#d", []],
    ["A='#'", []],
  ])("%j gives %j", (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test("a problem does not stop the lines after it", () => {
    expect(values("?\nA='x\nB=2\nC")).toEqual({ A: "'x", B: "2" });
  });

  test("no part of a value is in a problem's data", () => {
    const { problems: found } = parseDotenv('hunter2\nhun ter2=\nA="x" hunter2\nB=x#hunter2\nC="hunter2');
    expect(found.map(({ code }) => code)).toEqual(["E330", "E331", "E333", "E334", "E332"]);
    expect(JSON.stringify(found)).not.toContain("ter2");
  });

  test("diagnostics are placed in the file", () => {
    expect(dotenvDiagnostics("/w/.env", parseDotenv("A=#1").problems, "A=#1")).toEqual([
      {
        code: "E334",
        severity: "warning",
        data: { name: "A" },
        place: { file: "/w/.env", span: { start: 2, end: 3 }, line: 1 },
      },
    ]);
  });

  test("reading stays linear in files made to be slow", () => {
    const lines = 50_000;
    expect(parseDotenv('A="\\"\n'.repeat(lines)).entries.length).toBeGreaterThan(0);
    expect(parseDotenv("A=x\n".repeat(lines)).entries).toHaveLength(lines);
  });
});
