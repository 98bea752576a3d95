import { expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCacheRig } from "#tests/support/cache-rig";
import { notOn, testUnless } from "#tests/support/left-out";
import { WorkMarks } from "./work-marks";

const marksIn = (root: string): readonly string[] => readdirSync(join(root, ".zr/cache/marks"));

test("who works on an instance alone is alone, and leaves nothing behind", async () => {
  using rig = makeCacheRig();
  const marks = new WorkMarks(rig.root);
  marks.touch("a:build");
  expect(existsSync(join(rig.root, ".zr"))).toBe(false);
  await marks.begin("a:build");
  await marks.begin("b:build");
  expect(marks.isAlone("a:build")).toBe(true);
  marks.touch("a:build");
  expect(marks.isAlone("a:build")).toBe(true);
  marks.end("a:build");
  marks.endAll();
  expect(marksIn(rig.root)).toEqual([]);
});

test("of two that overlap neither is alone, whoever ends first", async () => {
  using rig = makeCacheRig();
  const [one, two, three] = [new WorkMarks(rig.root), new WorkMarks(rig.root), new WorkMarks(rig.root)];
  await one.begin("build");
  await two.begin("build");
  await three.begin("other");
  expect([one.isAlone("build"), two.isAlone("build"), three.isAlone("other")]).toEqual([false, false, true]);
  one.end("build");
  expect(two.isAlone("build")).toBe(false);
  two.end("build");
  three.end("other");
  expect(marksIn(rig.root)).toEqual([]);
  await one.begin("build");
  expect(one.isAlone("build")).toBe(true);
  two.touch("build");
  expect(one.isAlone("build")).toBe(false);
});

test("a run that was killed is not waited for, and who finds its mark gone is not alone", async () => {
  using rig = makeCacheRig();
  const marks = new WorkMarks(rig.root);
  await marks.begin("build");
  const [name = ""] = marksIn(rig.root);
  const path = join(rig.root, ".zr/cache/marks", name);
  rmSync(path);
  expect(marks.isAlone("build")).toBe(false);
  marks.end("build");
  writeFileSync(path, "+2147483646-1\n");
  await marks.begin("build");
  expect(marks.isAlone("build")).toBe(true);
  marks.end("build");
  expect(marksIn(rig.root)).toEqual([]);
});

testUnless(notOn("linux"))(
  "a process that has got the number of one that was killed is somebody else",
  async () => {
    using rig = makeCacheRig();
    const marks = new WorkMarks(rig.root);
    await marks.begin("build");
    const [name = ""] = marksIn(rig.root);
    marks.end("build");
    writeFileSync(join(rig.root, ".zr/cache/marks", name), `+${process.pid}-1-5\n`);
    await marks.begin("build");
    expect(marks.isAlone("build")).toBe(true);
    marks.end("build");
    expect(marksIn(rig.root)).toEqual([]);
  },
);

test("where nothing can be written, nobody is known to be there", async () => {
  using rig = makeCacheRig();
  writeFileSync(join(rig.root, ".zr"), "");
  const marks = new WorkMarks(rig.root);
  await marks.begin("build");
  expect(marks.isAlone("build")).toBe(true);
  marks.touch("build");
  marks.end("build");
});
