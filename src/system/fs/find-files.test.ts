import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findFiles } from "./find-files";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "zr-find-"));
  for (const path of ["m", "a/m", "a/b/m", "a/b/other", "skip/m", "a/skip/m", "a/skip/deep/m", "c/m"]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  symlinkSync(root, join(root, "c", "round"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const SKIPPED: ReadonlySet<string> = new Set(["skip"]);

test.each([
  ["m", ["m"]],
  ["*/m", ["a/m", "c/m"]],
  ["*/*/m", ["a/b/m"]],
  ["**/m", ["a/b/m", "a/m", "c/m", "m"]],
  ["a/**/{m,other}", ["a/b/m", "a/b/other", "a/m"]],
  ["nowhere/**/m", []],
  ["skip/*", ["skip/m"]],
  ["a/skip/*/m", ["a/skip/deep/m"]],
  ["a/skip/**/m", ["a/skip/deep/m", "a/skip/m"]],
] as const)(
  "%s finds %p, nothing below a skipped folder and nothing by a circle of links",
  async (glob, paths) => {
    expect(await findFiles(glob, root, SKIPPED)).toEqual(paths.map((path) => `${root}/${path}`));
  },
);

test("a folder that is not there holds nothing", async () => {
  expect(await findFiles("*", `${root}/none`, SKIPPED)).toEqual([]);
  expect(await findFiles("**", `${root}/none`, SKIPPED)).toEqual([]);
});
