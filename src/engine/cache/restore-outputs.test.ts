import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { StoredOutput } from "#core/model/cache";
import { sha256 } from "#system/cas/blob-folder";
import { draftOf, makeCacheRig, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { isDigest } from "./cache-manifest";
import type { StoredBlob } from "./cache-manifest";
import { LocalStore } from "./local-store";

/** An entry that nobody's save has made. A content under a digest pretends to have that. */
function plant(
  rig: CacheRig,
  outputs: readonly StoredOutput[],
  contents: Readonly<Record<string, string>>,
  change: (blob: StoredBlob) => StoredBlob = (blob) => blob,
): string {
  const local = LocalStore.open(rig.store, () => {});
  if (!local.ok) throw new Error(local.error);
  const blobs = new Map<string, StoredBlob>();
  for (const [name, text] of Object.entries(contents)) {
    const { plainDigest, blob } = local.value.storeBytes(new TextEncoder().encode(text));
    if (blob !== undefined) blobs.set(isDigest(name) ? name : plainDigest, change(blob));
  }
  const { key, task, recipe } = draftOf("planted");
  const result = {
    v: 1,
    key,
    task,
    recipe,
    outputs,
    outputsDigest: sha256("x"),
    durationMs: 1,
    createdMs: 1,
  } as const;
  local.value.write({ result, blobs });
  return key;
}

const file = (path: string, text: string): StoredOutput => ({
  path,
  kind: "file",
  mode: 0o644,
  size: text.length,
  digest: sha256(text),
});

async function outcome(rig: CacheRig, key: string, ...outputs: string[]): Promise<string> {
  const store = rig.open();
  const found = await store.find(key);
  return found === undefined ? "miss" : store.restore(found, rig.place(...outputs));
}

test("a part of a blob that is not the content that the output should have is refused", async () => {
  using rig = makeCacheRig();
  const part = (from: number) => (blob: StoredBlob) => ({ ...blob, part: { from, size: 4 } });
  const planted = (from: number): string =>
    plant(rig, [file("dist/a", "good")], { [sha256("good")]: "evilgood" }, part(from));
  expect(await outcome(rig, planted(0), "dist/**")).toBe("damaged");
  expect(existsSync(rig.path("dist/a"))).toBe(false);
  expect(await outcome(rig, planted(4), "dist/**")).toBe("restored");
  expect(readFileSync(rig.path("dist/a"), "utf8")).toBe("good");
});

test("nothing is written through a link in the place of a folder", async () => {
  using rig = makeCacheRig();
  mkdirSync(join(rig.folder, "outside"));
  symlinkSync(join(rig.folder, "outside"), rig.path("dist"));
  const key = plant(rig, [file("dist/a", "evil")], { a: "evil" });
  expect(await outcome(rig, key, "dist/*")).toBe("damaged");
  expect(await outcome(rig, key, "other/**")).not.toBe("restored");
  expect(readdirSync(join(rig.folder, "outside"))).toEqual([]);
});

test("a link in the place of a file is replaced, not followed", async () => {
  using rig = makeCacheRig();
  writeFileSync(join(rig.folder, "outside"), "precious");
  mkdirSync(rig.path("dist"));
  symlinkSync(join(rig.folder, "outside"), rig.path("dist/a"));
  const key = plant(rig, [file("dist/a", "new")], { a: "new" });
  expect(await outcome(rig, key, "dist/**")).toBe("restored");
  expect(readFileSync(join(rig.folder, "outside"), "utf8")).toBe("precious");
  expect(readFileSync(rig.path("dist/a"), "utf8")).toBe("new");
});

test("a link that would lead out of the workspace is refused, whatever its text", async () => {
  using rig = makeCacheRig();
  const link = (target: string): StoredOutput => ({
    path: "dist/link",
    kind: "symlink",
    mode: 0o777,
    size: 0,
    digest: "",
    target,
  });
  expect(await outcome(rig, plant(rig, [link("../../../outside")], {}), "dist/**")).toBe("damaged");
  expect(existsSync(rig.path("dist"))).toBe(false);
  expect(await outcome(rig, plant(rig, [link("../../inside")], {}), "dist/**")).toBe("restored");
});

test("a content that unpacks to more than the manifest says is refused, and so is one of another digest", async () => {
  using rig = makeCacheRig();
  const text = "bomb ".repeat(10_000);
  const small = file("dist/a", text);
  const lies = { ...small, size: 100 };
  const key = plant(rig, [lies], { a: text }, (blob) => ({ ...blob, plainSize: 100 }));
  expect(await outcome(rig, key, "dist/**")).toBe("damaged");
  // The blob is what its name says, but not the content that the output should have.
  const other = plant(rig, [file("dist/a", text)], { a: text }, (blob) => ({ ...blob, encoding: "zstd" }));
  expect(await outcome(rig, other, "dist/**")).toBe("restored");
  expect(readdirSync(rig.path("dist"))).toEqual(["a"]);
});

test("what a restoring that was killed has left is removed, what one that goes on is making is not", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  const store = rig.open();
  const gone = Bun.spawnSync(["true"]).pid;
  rig.write(`dist/.zr-${gone}-1.tmp`, "half");
  rig.write(`dist/.zr-${process.pid}-999.tmp`, "half");
  const result = await saved(store, draftOf("one"), rig.place("dist/**"));
  expect(result.outputs.map(({ path }) => path)).toEqual(["dist/a"]);
  expect(await rig.open().restore(result, rig.place("dist/**"))).toBe("restored");
  expect(readdirSync(rig.path("dist")).toSorted()).toEqual([`.zr-${process.pid}-999.tmp`, "a"]);
});

test("what an earlier process of the same number has left is removed, also beside an output that is named", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  const result = await saved(rig.open(), draftOf("one"), rig.place("dist/a"));
  rmSync(rig.path("dist/a"));
  const left = `dist/.zr-${process.pid}-1.tmp`;
  rig.write(left, "half");
  const before = performance.timeOrigin / 1000 - 60;
  utimesSync(rig.path(left), before, before);
  rig.write(`dist/.zr-${process.pid}-999.tmp`, "half");
  expect(await rig.open().restore(result, rig.place("dist/a"))).toBe("restored");
  expect(readdirSync(rig.path("dist")).toSorted()).toEqual([`.zr-${process.pid}-999.tmp`, "a"]);
});

test("outputs of the workspace lie outside of the package and come back there", async () => {
  using rig = makeCacheRig();
  writeFileSync(join(rig.root, "shared.txt"), "shared");
  rig.write("dist/a", "a");
  const store = rig.open();
  const place = rig.place("//shared.txt", "dist");
  const result = await saved(store, draftOf("one"), place);
  expect(result.outputs.map(({ path }) => path)).toEqual(["//shared.txt", "dist/a"]);
  writeFileSync(join(rig.root, "shared.txt"), "changed");
  expect(await rig.open().restore(result, place)).toBe("restored");
  expect(readFileSync(join(rig.root, "shared.txt"), "utf8")).toBe("shared");
});

test("patterns say what belongs to the outputs: what is left out is neither kept nor removed", async () => {
  using rig = makeCacheRig();
  for (const path of ["dist/a.js", "dist/a.map", "dist/sub/b.js", "dist/node_modules/x/c.js", "src.js"])
    rig.write(path, path);
  const store = rig.open();
  const names = async (...outputs: string[]): Promise<string[]> =>
    (await saved(store, draftOf(outputs.join()), rig.place(...outputs))).outputs.map(({ path }) => path);
  expect(await names("dist/*.js")).toEqual(["dist/a.js"]);
  expect(await names("dist/**/*.js")).toEqual(["dist/a.js", "dist/sub/b.js"]);
  expect(await names("dist", "!dist/node_modules", "!**/*.map")).toEqual(["dist/a.js", "dist/sub/b.js"]);
  expect(await names("**/b.js")).toEqual(["dist/sub/b.js"]);
  expect(await names("nothing/**")).toEqual([]);
  const result = await saved(store, draftOf("x"), rig.place("dist/*.js"));
  rig.write("dist/new.js", "stale");
  expect(await store.restore(result, rig.place("dist/*.js"))).toBe("restored");
  expect(readdirSync(rig.path("dist")).toSorted()).toEqual(["a.js", "a.map", "node_modules", "sub"]);
});
