import { expect, test } from "bun:test";
import { chmodSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { factsOf } from "#system/cas/file-facts";
import { makeCacheRig } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { isAllAsSeen, isAsSeen, OutputFacts, rowOf } from "./output-facts";
import type { OutputsSeen } from "./output-facts";

/** A file and what is known of it. */
function seenFile(rig: CacheRig): { readonly path: string; readonly row: ReturnType<typeof rowOf> } {
  rig.write("file", "content");
  const path = rig.path("file");
  const facts = factsOf(path);
  if (facts === undefined) throw new Error("the file is there");
  return { path, row: rowOf(path, facts) };
}

test("a file that was written just before it was looked at is not known by its times", () => {
  using rig = makeCacheRig();
  const { path, row } = seenFile(rig);
  const written = statSync(path).ctimeMs;
  expect(isAsSeen(row, written + 1)).toBe(false);
  expect(isAsSeen(row, written + 24)).toBe(false);
  expect(isAsSeen(row, written + 30)).toBe(true);
  expect(isAsSeen(row, written - 1000)).toBe(false);
});

test("times of whole seconds are those of a coarse clock", () => {
  using rig = makeCacheRig();
  const { path } = seenFile(rig);
  const second = Math.ceil(statSync(path).ctimeMs / 1000);
  utimesSync(path, second, second);
  const facts = factsOf(path);
  if (facts === undefined) throw new Error("the file is there");
  expect(isAsSeen(rowOf(path, facts), second * 1000 + 2000)).toBe(false);
  expect(isAsSeen(rowOf(path, facts), second * 1000 + 2200)).toBe(true);
});

test("another size, time, mode or inode is another file", () => {
  using rig = makeCacheRig();
  const later = Date.parse("2100-01-01");
  const changes: readonly ((path: string) => void)[] = [
    (path) => writeFileSync(path, "CONTENT"),
    (path) => utimesSync(path, 5, 5),
    (path) => chmodSync(path, 0o600),
    (path) => {
      writeFileSync(`${path}2`, "content");
      renameSync(`${path}2`, path);
    },
  ];
  for (const change of changes) {
    const { path, row } = seenFile(rig);
    expect(isAsSeen(row, later)).toBe(true);
    change(path);
    expect(isAsSeen(row, later)).toBe(false);
  }
});

test("every ingredient of a row counts by itself", () => {
  using rig = makeCacheRig();
  const { row } = seenFile(rig);
  const [path, size, mtime, ctime, inode, mode] = row;
  const later = ctime + 10_000;
  expect(isAsSeen([path, size, mtime, ctime, inode, mode], later)).toBe(true);
  expect(isAsSeen([path, size + 1, mtime, ctime, inode, mode], later)).toBe(false);
  expect(isAsSeen([path, size, mtime - 1, ctime, inode, mode], later)).toBe(false);
  expect(isAsSeen([path, size, mtime, ctime - 1, inode, mode], later)).toBe(false);
  expect(isAsSeen([path, size, mtime, ctime, inode + 1, mode], later)).toBe(false);
  expect(isAsSeen([path, size, mtime, ctime, inode, mode ^ 1], later)).toBe(false);
});

test("what was never looked at is not known, and what was missing has to be missing", () => {
  using rig = makeCacheRig();
  const seen: OutputsSeen = {
    key: "k",
    outputsDigest: "d",
    place: "p",
    atMs: 1000,
    files: [],
    folders: [],
    missing: [rig.path("dist")],
  };
  expect(isAllAsSeen(seen)).toBe(true);
  expect(isAllAsSeen({ ...seen, atMs: 0 })).toBe(false);
  rig.write("dist", "there now");
  expect(isAllAsSeen(seen)).toBe(false);
});

test("what two runs of a checkout have learnt is kept, and a file that says nothing sensible is no knowledge", async () => {
  using rig = makeCacheRig();
  const seen = { key: "k", outputsDigest: "d", place: "p", atMs: 5, files: [], folders: [], missing: [] };
  const [one, other] = [new OutputFacts(rig.root), new OutputFacts(rig.root)];
  one.remember("a", seen);
  other.remember("b", seen);
  await one.write();
  await other.write();
  expect([new OutputFacts(rig.root).get("a"), new OutputFacts(rig.root).get("b")]).toEqual([seen, seen]);
  const file = `${rig.root}/.zr/cache/outputs.jsonl`;
  const line = `"a"\t${JSON.stringify(seen)}`;
  for (const text of [
    "",
    "{",
    "\t",
    '"a"',
    '"a"\t',
    '"a"\tnull',
    '"a"\t{"key":1}',
    `a\t${line}`,
    `["a"]\t${line}`,
  ]) {
    writeFileSync(file, text);
    expect(new OutputFacts(rig.root).get("a")).toBeUndefined();
  }
  // Beside what is damaged, the rest is still known, whatever a name looks like.
  const odd = 'b"\t{"\n';
  writeFileSync(file, `half a li\n${line}\n"c"\t{`);
  const third = new OutputFacts(rig.root);
  expect(third.get("a")).toEqual(seen);
  third.remember(odd, { ...seen, key: "odd" });
  await third.write();
  expect(third.get("a")).toEqual(seen);
  expect([new OutputFacts(rig.root).get("a"), new OutputFacts(rig.root).get(odd)?.key]).toEqual([
    seen,
    "odd",
  ]);
});
