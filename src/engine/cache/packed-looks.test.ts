import { afterAll, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileEntry } from "#system/fs/file-entry";
import { followedEntry } from "#system/fs/followed-entry";
import { notOn, testUnless } from "#tests/support/left-out";
import { unlikeEntries } from "./packed-looks";
import { changedSince, isSameAtFirstSight, StoredFacts } from "./read-facts";
import { encodeIndex, openIndex } from "./stat-index";
import type { IndexEntry, PackedIndex } from "./stat-index";

const FOLLOWED = "->";
const folder = mkdtempSync(join(tmpdir(), "zr-packed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function packed(paths: readonly string[]): PackedIndex {
  const entries = paths.map((path): [string, IndexEntry] => {
    const found = path.startsWith(FOLLOWED) ? followedEntry(path.slice(FOLLOWED.length)) : fileEntry(path);
    const { size, mtimeMs, ctimeMs, inode } = found ?? { size: -1, mtimeMs: 0, ctimeMs: 0, inode: 0 };
    return [path, { size, mtimeMs, ctimeMs, inode, fingerprint: "" }];
  });
  const index = openIndex(encodeIndex(new Map(entries)));
  if (index === undefined) throw new Error("it can't be read again");
  return index;
}

testUnless(notOn("linux"))("what was changed, replaced, removed or made since is told by its number", () => {
  const at = (name: string): string => join(folder, name);
  for (const name of ["same", "grown", "touched", "replaced", "removed", "target", "ä ö"])
    writeFileSync(at(name), name);
  symlinkSync("target", at("link"));
  const paths = ["same", "grown", "touched", "replaced", "removed", "none", "made", "ä ö", "link"].map(at);
  paths.push(FOLLOWED + at("link"), folder.replace(/\/[^/]*$/, "/none/at all"));
  const index = packed(paths);
  expect(unlikeEntries(index, FOLLOWED)).toEqual([]);
  appendFileSync(at("grown"), "!");
  utimesSync(at("touched"), 1, 2);
  writeFileSync(at("other"), "replaced");
  renameSync(at("other"), at("replaced"));
  rmSync(at("removed"));
  writeFileSync(at("made"), "");
  appendFileSync(at("target"), "!");
  // The link itself is as it was.
  expect(unlikeEntries(index, FOLLOWED)).toEqual([1, 2, 3, 4, 6, 9]);
});

test("of an index that does not hold what it says nothing is believed", () => {
  const index = packed([join(folder, "no such file"), join(folder, "nor this")]);
  expect(unlikeEntries({ ...index, paths: index.paths.subarray(0, 30) }, FOLLOWED)).toEqual([0, 1]);
  expect(unlikeEntries({ ...index, count: 1 }, FOLLOWED)).toEqual([0]);
});

test("facts that do not hold what they say are not found true", async () => {
  const index = packed([join(folder, "no such file"), join(folder, "nor this")]);
  const parts = { fixed: 2, outputs: 0 };
  expect(await isSameAtFirstSight(new StoredFacts(index, parts))).toBe(true);
  const cut = new StoredFacts({ ...index, paths: index.paths.subarray(0, 30) }, parts);
  expect(await isSameAtFirstSight(cut)).toBe(false);
  expect(await changedSince(cut)).toBeUndefined();
});
