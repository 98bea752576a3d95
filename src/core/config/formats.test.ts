import { describe, expect, test } from "bun:test";
import { formatProblem, SIGNALS } from "./formats";
import type { StringFormat } from "./schema/kinds";

const ACCEPTED: Partial<Readonly<Record<StringFormat, readonly string[]>>> = {
  "size-or-percent": ["2GB", "50%"],
  glob: [
    "a",
    "*",
    "**/x",
    "src/{a,b}/[a-z]",
    "!x",
    "\\[",
    "{a,{b,c}}",
    "[]]",
    "[{]",
    "{1..256}",
    "{a,b}{1..9}/{x..z}",
  ],
  regex: ["", "^a|b$", "\\p{L}+"],
  command: ["x", " a\nb "],
  path: ["a", " ", "//x", "../y"],
  "task-name": ["a", "_a", "A-1.b:c/d", "빌드", "9"],
  "task-ref": ["a", "^b", "tag:x#y", "a[os=linux]"],
  "stage-name": ["a", "deploy to eu", "a/b:c-1"],
  "matrix-axis": ["matrix.os", "matrix.node-version"],
  "package-name": ["a", "@scope/a", "a/b"],
  signal: [...SIGNALS, "SIGTERM"],
  "env-name": ["A", "_", "a-b", "a1"],
  platform: ["linux", "darwin/arm64", "macos/aarch64", "windows/amd64"],
  version: ["1", "1.2", "v1.2.3", "1.2.3-rc.1"],
  redirect: ["null", "inherit", "file:x", "file+:a b"],
  template: ["", "${"],
  expression: ["", "("],
};

const REFUSED: Partial<Readonly<Record<StringFormat, readonly string[]>>> = {
  duration: ["5 minutes", "", "1"],
  size: ["big", "1", ""],
  "size-or-percent": ["0%", "200%", "x"],
  percent: ["0%", "1", "%"],
  glob: [
    "",
    "[a",
    "{a",
    "a}",
    "}{",
    "a\0",
    "[]",
    "[a/b]",
    "{1..257}",
    "{1..9}{1..9}{1..9}{1..91}*",
    "{a,{1..200}}{b,c}",
  ],
  regex: ["(", "[", "*", "\\p{Nope}", "(?<a"],
  command: ["", " \n\t", "a\0b"],
  path: ["", "a\0b"],
  "task-name": ["", "-a", "a b", ".a", "a*", "a\u001b", ":a"],
  "task-ref": ["", "a b", "a\n", "\u0007"],
  "stage-name": ["", " a", "a ", "a\nb", "-a"],
  "matrix-axis": ["", "os", "matrix.", "matrix.a b"],
  "package-name": ["\u202e", "", "a b", "a\u001b"],
  signal: ["", "term", "SIG", "SIGSIGTERM", "NOPE", "9"],
  "env-name": ["", "1A", "A B", "A=B", "é"],
  platform: ["", "amiga", "linux/mips", "x64", "linux/linux", "linux/", "constructor", "linux/constructor"],
  version: ["", "new", "1.", "1.2.3.4", "v"],
  redirect: ["", "file:", "file", "out", "file:a\0"],
};

const pairs = (table: typeof ACCEPTED): [StringFormat, string][] =>
  Object.entries(table).flatMap(([format, texts]) =>
    texts.map((text): [StringFormat, string] => [format as StringFormat, text]),
  );

describe("the format", () => {
  test.each(pairs(ACCEPTED))("%s accepts %p", (format, text) => {
    expect(formatProblem(format, text)).toBeUndefined();
  });

  test.each(pairs(REFUSED))("%s refuses %p and says what is expected", (format, text) => {
    expect(formatProblem(format, text)).toMatch(/^(an? |the name|one of|"file)/);
  });
});
