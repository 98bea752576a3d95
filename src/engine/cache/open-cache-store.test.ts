import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { clockMoves, draftOf, makeCacheRig, noise, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";

const DIST = "dist/**";

/** Makes what was just written look old, so that its times can be trusted. */
function age(rig: CacheRig, ...names: readonly string[]): void {
  for (const name of names) utimesSync(rig.path(name), 1_000_000, 1_000_000);
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("outputs come back as they were: content, modes, links and empty folders", async () => {
  using rig = makeCacheRig();
  rig.write("dist/app", "#!/bin/sh\necho app\n", 0o755);
  rig.write("dist/deep/ü ñ 漢.txt", "text ".repeat(1000));
  rig.write("dist/empty", "");
  rig.write(`dist/${"n".repeat(250)}`, "long name");
  rig.write("dist/shared", "for the group");
  // More than the umask lets a new file have.
  chmodSync(rig.path("dist/shared"), 0o666);
  mkdirSync(rig.path("dist/hollow"));
  symlinkSync("../app", rig.path("dist/deep/link"));
  symlinkSync("nowhere", rig.path("dist/broken"));
  const store = rig.open();
  const result = await saved(store, draftOf("one"), rig.place(DIST));
  rmSync(rig.path("dist"), { recursive: true });
  await store.close();

  const again = rig.open();
  const found = await again.find(result.key);
  expect(found).toEqual(result);
  expect(await again.restore(result, rig.place(DIST))).toBe("restored");
  expect(readFileSync(rig.path("dist/app"), "utf8")).toBe("#!/bin/sh\necho app\n");
  expect(statSync(rig.path("dist/app")).mode & 0o777).toBe(0o755);
  expect(readFileSync(rig.path("dist/deep/ü ñ 漢.txt"), "utf8")).toBe("text ".repeat(1000));
  expect(statSync(rig.path("dist/shared")).mode & 0o777).toBe(0o666);
  expect(statSync(rig.path("dist/empty")).size).toBe(0);
  expect(existsSync(rig.path(`dist/${"n".repeat(250)}`))).toBe(true);
  expect(readdirSync(rig.path("dist/hollow"))).toEqual([]);
  expect(readlinkSync(rig.path("dist/deep/link"))).toBe("../app");
  expect(readlinkSync(rig.path("dist/broken"))).toBe("nowhere");
  expect(readdirSync(rig.path("dist")).filter((name) => name.startsWith(".zr"))).toEqual([]);
  expect(rig.notices).toEqual([]);
});

test("what is as it should be is left alone, without a look at the contents once its times are known", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  rig.write("dist/b", "b".repeat(5000));
  const result = await saved(rig.open(), draftOf("one"), rig.place(DIST));
  const before = lstatSync(rig.path("dist/a"));
  const first = rig.open();
  expect(await first.restore(result, rig.place(DIST))).toBe("unchanged");
  // Times of files and folders are known from here on, unless they were too young.
  await clockMoves();
  expect(await first.restore(result, rig.place(DIST))).toBe("unchanged");
  await first.close();
  expect(lstatSync(rig.path("dist/a")).ino).toBe(before.ino);
  // With all blobs gone only the times can say that nothing has changed.
  rmSync(join(rig.store, "cas"), { recursive: true });
  rig.write("dist/b", "c".repeat(5000));
  expect(await rig.open().restore(result, rig.place(DIST))).toBe("damaged");
});

test("a result without a log whose outputs are in place is known by its times alone, as long as it is stored", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  const place = rig.place(DIST);
  const result = await saved(rig.open(), draftOf("one"), place);
  await clockMoves();
  const first = rig.open();
  expect(first.inPlace(result.key, result.task, place)).toBeUndefined();
  expect(await first.restore(result, place)).toBe("unchanged");
  await first.close();

  const next = rig.open();
  const known = next.inPlace(result.key, result.task, place);
  expect(known).toMatchObject({ durationMs: result.durationMs, createdMs: result.createdMs });
  expect(next.inPlace(draftOf("two").key, result.task, place)).toBeUndefined();
  expect(next.inPlace(result.key, "pkg:other", place)).toBeUndefined();
  expect(next.inPlace(result.key, result.task, rig.place("dist/a"))).toBeUndefined();
  expect(rig.open({ mode: "write" }).inPlace(result.key, result.task, place)).toBeUndefined();
  rig.write("dist/stale", "s");
  expect(next.inPlace(result.key, result.task, place)).toBeUndefined();
  expect(await next.restore(result, place)).toBe("restored");
  await clockMoves();
  expect(await next.restore(result, place)).toBe("unchanged");
  expect(next.inPlace(result.key, result.task, place)).toEqual(known);
  rig.write("dist/a", "b");
  expect(next.inPlace(result.key, result.task, place)).toBeUndefined();
  expect(await next.restore(result, place)).toBe("restored");
  await clockMoves();
  expect(await next.restore(result, place)).toBe("unchanged");
  rmSync(join(rig.store, "ac"), { recursive: true });
  expect(next.inPlace(result.key, result.task, place)).toBeUndefined();
});

test("a result with a log is looked up, since its log has to be told", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  const place = rig.place(DIST);
  const log = [{ stream: "stdout" as const, bytes: new TextEncoder().encode("built") }];
  const result = await saved(rig.open(), draftOf("one", { log }), place);
  await clockMoves();
  const store = rig.open();
  expect(await store.restore(result, place)).toBe("unchanged");
  expect(store.inPlace(result.key, result.task, place)).toBeUndefined();
});

test("a file that differs is replaced, one that is missing made, one that is stale removed, and wrong modes set right", async () => {
  using rig = makeCacheRig();
  rig.write("dist/same", "same");
  rig.write("dist/other", "other");
  rig.write("dist/gone", "gone");
  rig.write("dist/mode", "mode", 0o755);
  rig.write("dist/was-file", "x");
  const store = rig.open();
  const result = await saved(store, draftOf("one"), rig.place(DIST));
  const { ino } = statSync(rig.path("dist/same"));
  rig.write("dist/other", "OTHER");
  rmSync(rig.path("dist/gone"));
  chmodSync(rig.path("dist/mode"), 0o600);
  rmSync(rig.path("dist/was-file"));
  rig.write("dist/was-file/now/folder", "y");
  rig.write("dist/stale/deep/file", "z");
  rig.write("kept", "not an output");
  age(rig, "dist/other");
  expect(await store.restore(result, rig.place(DIST))).toBe("restored");
  expect(readdirSync(rig.path("dist")).toSorted()).toEqual(["gone", "mode", "other", "same", "was-file"]);
  expect(readFileSync(rig.path("dist/other"), "utf8")).toBe("other");
  expect(readFileSync(rig.path("dist/was-file"), "utf8")).toBe("x");
  expect(statSync(rig.path("dist/mode")).mode & 0o777).toBe(0o755);
  expect(statSync(rig.path("dist/same")).ino).toBe(ino);
  expect(readFileSync(rig.path("kept"), "utf8")).toBe("not an output");
});

test("a manifest that is too large to stand in its entry is a blob, and a flipped byte of it makes a miss", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "content");
  // Digests don't get smaller by packing.
  const digest = (number: number): string => new Bun.CryptoHasher("sha256").update(`${number}`).digest("hex");
  const parts = Array.from({ length: 3000 }, (_, number) => ({
    kind: "file" as const,
    name: `src/${number}`,
    digest: digest(number),
  }));
  const draft = draftOf("one", { recipe: { v: 1, parts } });
  const one = await saved(rig.open(), draft, rig.place(DIST));
  const blobs = files(join(rig.store, "cas")).map((path) => ({ path, bytes: readFileSync(path) }));
  const [manifest] = blobs.toSorted((a, b) => b.bytes.length - a.bytes.length);
  expect([blobs.length, (manifest?.bytes.length ?? 0) > 64 * 1024]).toEqual([2, true]);
  expect((await rig.open().find(one.key))?.recipe.parts.length).toBe(3000);
  const bad = Uint8Array.from(manifest?.bytes ?? []);
  bad[1000] = (bad[1000] ?? 0) ^ 1;
  writeFileSync(manifest?.path ?? "", bad);
  expect(await rig.open().find(one.key)).toBeUndefined();
});

test("contents are stored once, and what the store holds can't be written through what was restored", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "content ".repeat(100));
  rig.write("dist/b", "content ".repeat(100));
  const store = rig.open();
  const one = await saved(store, draftOf("one"), rig.place(DIST));
  const count = files(join(rig.store, "cas")).length;
  expect(count).toBe(1);
  await saved(store, draftOf("two"), rig.place(DIST));
  expect(files(join(rig.store, "cas")).length).toBe(count);
  rmSync(rig.path("dist"), { recursive: true });
  await store.restore(one, rig.place(DIST));
  writeFileSync(rig.path("dist/a"), "written through");
  rmSync(rig.path("dist/b"));
  expect(await store.restore(one, rig.place(DIST))).toBe("restored");
  expect(readFileSync(rig.path("dist/a"), "utf8")).toBe("content ".repeat(100));
});

test("the digest of outputs says whether they are the same, and nothing about when and by whom they were made", async () => {
  using rig = makeCacheRig();
  rig.write("dist/b", "b");
  rig.write("dist/a", "a");
  const store = rig.open();
  const one = await saved(store, draftOf("one"), rig.place(DIST));
  rmSync(rig.path("dist"), { recursive: true });
  rig.write("dist/a", "a");
  rig.write("dist/b", "b");
  const same = await saved(store, draftOf("two"), rig.place("dist"));
  expect(same.outputsDigest).toBe(one.outputsDigest);
  chmodSync(rig.path("dist/a"), 0o755);
  const executable = await saved(store, draftOf("three"), rig.place(DIST));
  expect(executable.outputsDigest).not.toBe(one.outputsDigest);
});

test("outputs outside of the workspace, through links, and of kinds that can't be stored are refused", async () => {
  using rig = makeCacheRig();
  const store = rig.open();
  const refused = async (outputs: string[]): Promise<string> => {
    const result = await store.save(draftOf("x"), rig.place(...outputs));
    return result.ok ? "saved" : result.error;
  };
  mkdirSync(join(rig.root, "elsewhere"));
  writeFileSync(join(rig.root, "elsewhere/file"), "x");
  symlinkSync("../elsewhere", rig.path("linked"));
  expect(await refused(["../elsewhere/**"])).toBe(
    "the output '../elsewhere/**' lies outside of the workspace",
  );
  expect(await refused(["/etc/**"])).toBe("the output '/etc/**' lies outside of the workspace");
  expect(await refused(["//../**"])).toBe("the output '//../**' lies outside of the workspace");
  expect(await refused(["linked"])).toBe("saved");
  expect(await refused(["linked/*"])).toBe("the output 'linked/*' leads through the link linked");
  expect(await refused(["linked/**"])).toBe("the output 'linked/**' leads through the link linked");
  expect(await refused(["linked/file"])).toBe("the output 'linked/file' leads through the link linked");
  expect(await refused(["//elsewhere/*"])).toBe("saved");
  Bun.spawnSync(["mkfifo", rig.path("pipe")]);
  expect(await refused(["pipe"])).toBe("pipe is neither a file nor a link nor a folder");
  symlinkSync("/etc/passwd", rig.path("out"));
  expect(await refused(["out"])).toBe("out is a link to /etc/passwd, which another checkout may not have");
});

test("the log comes back in its order", async () => {
  using rig = makeCacheRig();
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const store = rig.open();
  const log = [
    { stream: "stdout", bytes: bytes("one\n") },
    { stream: "stderr", bytes: bytes("two\n") },
    { stream: "stdout", bytes: bytes("three\n".repeat(1000)) },
  ] as const;
  const result = await saved(store, draftOf("one", { log }), rig.place());
  const got: string[] = [];
  for await (const chunk of (await rig.open().log(result)) ?? [])
    got.push(`${chunk.stream} ${new TextDecoder().decode(chunk.bytes)}`);
  expect(got).toEqual(["stdout one\n", "stderr two\n", `stdout ${"three\n".repeat(1000)}`]);
});

test("the newest result of an instance is known in the next run", async () => {
  using rig = makeCacheRig();
  const store = rig.open();
  rig.write("dist/a", "a");
  await saved(store, draftOf("one"), rig.place(DIST));
  const two = await saved(store, draftOf("two"), rig.place(DIST));
  await store.close();
  expect(await rig.open().last("pkg:build")).toEqual(two);
  expect(await rig.open().last("pkg:other")).toBeUndefined();
});

test("a large file is stored and restored in pieces", async () => {
  using rig = makeCacheRig();
  const large = noise(2 * 1024 * 1024 + 17);
  rig.write("dist/random", large);
  rig.write("dist/text", "line\n".repeat(1_000_000));
  const store = rig.open();
  const result = await saved(store, draftOf("one"), rig.place(DIST));
  rmSync(rig.path("dist"), { recursive: true });
  expect(await store.restore(result, rig.place(DIST))).toBe("restored");
  expect(Buffer.compare(readFileSync(rig.path("dist/random")), large)).toBe(0);
  expect(readFileSync(rig.path("dist/text"), "utf8")).toBe("line\n".repeat(1_000_000));
  expect(statSync(join(rig.store, "cas")).isDirectory()).toBe(true);
});

test("a flipped byte in any file of the store makes a miss or changes nothing, and never a wrong output", async () => {
  using rig = makeCacheRig();
  const makeOutputs = (): void => {
    rig.write("dist/small", "small content");
    rig.write("dist/text", "packed content ".repeat(500));
    rig.write("dist/large", "large\n".repeat(500_000));
  };
  makeOutputs();
  const log = [{ stream: "stdout" as const, bytes: new Uint8Array(100) }];
  const result = await saved(rig.open(), draftOf("one", { log }), rig.place(DIST));
  const all = [...files(join(rig.store, "ac")), ...files(join(rig.store, "cas"))];
  expect(all.length).toBe(5);
  const contents = new Map(all.map((path) => [path, readFileSync(path)]));
  const outcomes: string[] = [];
  const flips = [0.1, 0.5, 0.9].flatMap((share) => [...contents].map((file) => ({ share, file })));
  for (const {
    share,
    file: [path, good],
  } of flips) {
    for (const [one, content] of contents) writeFileSync(one, content);
    const bad = Uint8Array.from(good);
    const at = Math.floor(bad.length * share);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(path, bad);
    rmSync(rig.path("dist"), { recursive: true, force: true });
    rig.notices.length = 0;
    const store = rig.open();
    const found = await store.find(result.key);
    const outcome = found === undefined ? "miss" : await store.restore(found, rig.place(DIST));
    outcomes.push(outcome);
    // The log alone is not looked at when outputs are restored.
    if (outcome === "restored") expect(await store.log(result)).toBeUndefined();
    expect(rig.notices.map(({ level }) => level)).toContain("detail");
    expect(existsSync(path)).toBe(false);
    makeOutputs();
    await saved(rig.open(), draftOf("one", { log }), rig.place(DIST));
    expect(await rig.open().restore(result, rig.place(DIST))).toBe("unchanged");
  }
  const once = ["damaged", "damaged", "damaged", "miss", "restored"];
  expect(outcomes.toSorted()).toEqual([...once, ...once, ...once].toSorted());
});
