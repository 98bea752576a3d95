import { expect, test } from "bun:test";
import { parseFileList, parseStatus } from "./parse-changes";

test("the status of a checkout gives each path, both of a rename, and the commit", () => {
  const ids = `${"a".repeat(40)} ${"b".repeat(40)}`;
  const printed = [
    "# branch.oid abc",
    "# branch.head main",
    `1 .M N... 100644 100644 100644 ${ids} a file with blanks`,
    `2 R. N... 100644 100644 100644 ${ids} R100 new\nline`,
    "old place",
    `u UU N... 100644 100644 100644 100644 ${ids} ${"c".repeat(40)} both changed`,
    "? untracked ü",
    "? another/repository/",
    "! ignored",
    "z something of a later git",
    "",
  ].join("\0");
  expect(parseStatus(printed)).toEqual({
    head: "abc",
    files: [
      "a file with blanks",
      "new\nline",
      "old place",
      "both changed",
      "untracked ü",
      "another/repository",
    ],
  });
  expect(parseStatus("# branch.oid (initial)\0? x\0")).toEqual({ head: undefined, files: ["x"] });
  expect(parseStatus("")).toEqual({ head: undefined, files: [] });
});

test("a list of files is apart by newlines of any system, or by NUL", () => {
  expect(parseFileList("a\r\n\nb c\n")).toEqual(["a", "b c"]);
  expect(parseFileList("a\nb\0c\0")).toEqual(["a\nb", "c"]);
});
