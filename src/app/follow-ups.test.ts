import { expect, test } from "bun:test";
import type { Diagnostic } from "#base/diagnostic";
import { withoutFollowUps } from "./follow-ups";

const found = (
  code: string,
  path: readonly (string | number)[],
  data: Diagnostic["data"] = {},
  file = "/zr.toml",
): Diagnostic => ({ code, severity: "error", data, place: { file, path } });
const codes = (diagnostics: readonly Diagnostic[], isUnread = false): string[] =>
  withoutFollowUps(
    diagnostics,
    isUnread ? [{ file: "/ci.toml", failure: { kind: "syntax", reason: "" } }] : [],
  ).map((one) => one.code);

test("a task is not told to be empty where one of its keys is wrong", () => {
  expect(codes([found("E112", ["tasks", "a", "cmd"]), found("E119", ["tasks", "a"])])).toEqual(["E112"]);
  expect(codes([found("E112", ["tasks", "b", "cmd"]), found("E119", ["tasks", "a"])])).toEqual([
    "E112",
    "E119",
  ]);
  expect(codes([found("E112", ["tasks", "a", "cmd"], {}, "/x.toml"), found("E119", ["tasks", "a"])])).toEqual(
    ["E112", "E119"],
  );
});

test("a name is not told to lead nowhere where a file could not be read", () => {
  const dangling = found("E130", ["tasks", "a", "deps", 0], { name: "b" });
  expect(codes([dangling])).toEqual(["E130"]);
  expect(codes([dangling], true)).toEqual([]);
  for (const code of ["E135", "E136", "E150", "E151"])
    expect(codes([found(code, []), dangling])).toEqual([code]);
  expect(codes([found("E112", ["include", 0]), dangling])).toEqual(["E112"]);
});

test("nor where the task of that name is wrong as a whole", () => {
  expect(
    codes([found("E112", ["tasks", "b"]), found("E130", ["tasks", "a", "deps", 0], { name: "b" })]),
  ).toEqual(["E112"]);
  expect(
    codes([found("E112", ["tasks", "c"]), found("E133", ["tasks", "a", "extends"], { name: "b" })]),
  ).toEqual(["E112", "E133"]);
});
