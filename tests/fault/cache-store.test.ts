import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LocalStore } from "#engine/cache/local-store";
import { verifyStore } from "#engine/cache/store-contents";
import { anyMoment, draftOf, makeCacheRig, noise, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { contentOf } from "#tests/support/cache-worker";
import { testUnless, withoutMounts } from "#tests/support/left-out";

const WORKER = join(import.meta.dir, "../support/cache-worker.ts");
const KILLS = 40;
const DIST = ["dist/**"];

const start = (rig: CacheRig, name: string, rounds: number) => {
  mkdirSync(join(rig.root, name), { recursive: true });
  return Bun.spawn([process.execPath, WORKER, rig.store, rig.root, name, String(rounds)], {
    cwd: join(import.meta.dir, "../.."),
    stdout: "pipe",
    stderr: "pipe",
  });
};

async function isUnderWay(child: ReturnType<typeof start>): Promise<void> {
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  expect(new TextDecoder().decode(value)).toContain("under way");
}

/** Every entry is a miss or brings exactly what was stored. Gives the number of hits. */
async function checkEntries(rig: CacheRig, name: string): Promise<number> {
  const place = { packageDir: join(rig.root, name), root: rig.root, outputs: DIST };
  let hits = 0;
  for (let number = 0; number < 4; number += 1) {
    const store = rig.open();
    const found = await store.find(draftOf(`entry ${number}`).key);
    if (found === undefined || (await store.restore(found, place)) === "damaged") continue;
    hits += 1;
    const files = readdirSync(join(place.packageDir, "dist"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(place.packageDir.length + 1));
    const content = contentOf(number);
    expect(files.toSorted()).toEqual(Object.keys(content).toSorted());
    for (const path of files)
      expect(readFileSync(join(place.packageDir, path), "utf8") === content[path]).toBe(true);
    await store.close();
  }
  return hits;
}

test("a process that is killed in the middle of saving or restoring leaves nothing wrong behind", async () => {
  using rig = makeCacheRig();
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Now and then from nothing, so that savings are hit as well as restorings.
    if (kill % 5 === 0) rmSync(rig.store, { recursive: true, force: true });
    const child = start(rig, "pkg", 0);
    if (kill % 5 !== 0) await isUnderWay(child);
    await (kill % 5 === 0 ? anyMoment(60, 120) : anyMoment(0, 60));
    child.kill("SIGKILL");
    await child.exited;
    if (kill % 4 === 3) await checkEntries(rig, "pkg");
  }
  await start(rig, "pkg", 8).exited;
  expect(await checkEntries(rig, "pkg")).toBe(4);
  const local = LocalStore.open(rig.store, () => {});
  if (!local.ok) throw new Error(local.error);
  expect((await verifyStore(local.value)).removed).toEqual([]);
}, 120_000);

test("eight processes that write and read the same entries at once do not hinder each other", async () => {
  using rig = makeCacheRig();
  const children = Array.from({ length: 8 }, (_, index) => start(rig, `pkg${index}`, 8));
  const ends = await Promise.all(
    children.map(async (child) => [await child.exited, await child.stderr.text()] as const),
  );
  expect(ends).toEqual(Array.from({ length: 8 }, () => [0, ""] as const));
  for (let index = 0; index < 8; index += 1) expect(await checkEntries(rig, `pkg${index}`)).toBe(4);
  const local = LocalStore.open(rig.store, () => {});
  if (!local.ok) throw new Error(local.error);
  expect((await verifyStore(local.value)).removed).toEqual([]);
  expect(readdirSync(join(rig.store, "tmp"))).toEqual([]);
}, 120_000);

const noMounts = withoutMounts();

testUnless(noMounts)("a full disk is told once, and what was stored before stays good", async () => {
  using rig = makeCacheRig();
  mkdirSync(rig.store);
  Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", rig.store]);
  try {
    rig.write("dist/a", noise(60_000));
    const good = await saved(rig.open(), draftOf("good"), rig.place(...DIST));
    for (let part = 0; part < 16; part += 1) rig.write(`dist/b${part}`, noise(60_000, part + 2));
    const store = rig.open();
    const first = await store.save(draftOf("much"), rig.place(...DIST));
    expect(first).toEqual({ ok: false, error: expect.stringContaining("ENOSPC") });
    const second = await store.save(draftOf("more"), rig.place(...DIST));
    expect(second).toEqual({ ok: false, error: expect.stringContaining("ENOSPC") });
    await store.close();
    expect(readdirSync(join(rig.store, "tmp"))).toEqual([]);
    expect(await rig.open().find(draftOf("much").key)).toBeUndefined();
    expect(await rig.open().restore(good, rig.place(...DIST))).toBe("restored");
    expect(readdirSync(rig.path("dist"))).toEqual(["a"]);
  } finally {
    Bun.spawnSync(["umount", rig.store]);
  }
});

testUnless(noMounts)("a store that may only be read gives what it has and takes nothing", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "content");
  const result = await saved(rig.open(), draftOf("one"), rig.place(...DIST));
  Bun.spawnSync(["mount", "--bind", rig.store, rig.store]);
  Bun.spawnSync(["mount", "-o", "remount,ro,bind", rig.store]);
  try {
    rmSync(rig.path("dist"), { recursive: true });
    const store = rig.open();
    expect(await store.find(result.key)).toEqual(result);
    expect(await store.restore(result, rig.place(...DIST))).toBe("restored");
    rig.write("dist/b", "new content");
    expect(await store.save(draftOf("two"), rig.place(...DIST))).toEqual({
      ok: false,
      error: expect.stringContaining("EROFS"),
    });
    await store.close();
  } finally {
    Bun.spawnSync(["umount", rig.store]);
  }
});

test("a place that can't be a store is refused with the system's reason", () => {
  using rig = makeCacheRig();
  rig.write("file", "x");
  expect(LocalStore.open(join(rig.path("file"), "store"), () => {})).toEqual({
    ok: false,
    error: expect.stringContaining("ENOTDIR"),
  });
});
