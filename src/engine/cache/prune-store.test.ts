import { expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ago, draftOf, makeCacheRig, noise, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { LocalStore } from "./local-store";
import { pruneStore, pruneWhenDue } from "./prune-store";
import { verifyStore } from "./store-contents";

const DAY_MS = 86_400_000;
const NONE = { maxBytes: Number.POSITIVE_INFINITY, maxAgeMs: Number.POSITIVE_INFINITY };

function localOf(rig: CacheRig): LocalStore {
  const local = LocalStore.open(rig.store, () => {});
  if (!local.ok) throw new Error(local.error);
  return local.value;
}

/** Stores an entry that was last used so many days ago. */
async function stored(
  rig: CacheRig,
  name: string,
  { days, content }: { days: number; content: string },
): Promise<string> {
  rmSync(rig.path("dist"), { recursive: true, force: true });
  rig.write("dist/file", content);
  rig.write("dist/shared", "shared by all");
  const { key } = await saved(rig.open(), draftOf(name), rig.place("dist/**"));
  const used = ago(days * DAY_MS);
  utimesSync(join(rig.store, "ac", key.slice(0, 2), key), used, used);
  return key;
}

const has = (rig: CacheRig, key: string): boolean => existsSync(join(rig.store, "ac", key.slice(0, 2), key));

test("entries that were not used for too long go, with what only they need", async () => {
  using rig = makeCacheRig();
  const old = await stored(rig, "old", { days: 40, content: "only of the old one" });
  const young = await stored(rig, "young", { days: 2, content: "only of the young one" });
  const pruned = await pruneStore(localOf(rig), { limits: { ...NONE, maxAgeMs: 30 * DAY_MS } });
  expect(pruned).toMatchObject({ entries: 1, blobs: 1, leftEntries: 1, isComplete: true });
  expect([has(rig, old), has(rig, young)]).toEqual([false, true]);
  expect((await verifyStore(localOf(rig))).removed).toEqual([]);
});

test("beyond the size the least recently used go first, and no more than needed", async () => {
  using rig = makeCacheRig();
  const keys: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const content = noise(4000, number).toHex();
    keys.push(await stored(rig, `${number}`, { days: (number * 3) % 5, content }));
  }
  // Used 0, 3, 1, 4, 2 days ago; each takes some 5,000 bytes.
  await pruneStore(localOf(rig), { limits: { ...NONE, maxBytes: 17_500 } });
  expect(keys.map((key) => has(rig, key))).toEqual([true, false, true, false, true]);
});

test("a use makes an entry young again", async () => {
  using rig = makeCacheRig();
  const key = await stored(rig, "one", { days: 40, content: "x" });
  await rig.open().find(key);
  await pruneStore(localOf(rig), { limits: { ...NONE, maxAgeMs: 30 * DAY_MS } });
  expect(has(rig, key)).toBe(true);
});

test("blobs of nobody, and files of writers that were killed, go when they are old", async () => {
  using rig = makeCacheRig();
  const local = localOf(rig);
  const { blob } = local.storeBytes(new TextEncoder().encode("nobody's"));
  const { blob: fresh } = local.storeBytes(new TextEncoder().encode("of one that is being written"));
  const hours = ago(2 * 3600_000);
  utimesSync(local.blobs.path(blob?.digest ?? ""), hours, hours);
  for (const name of ["1-1-1", "2-2-2"]) writeFileSync(join(rig.store, "tmp", name), "half");
  utimesSync(join(rig.store, "tmp", "1-1-1"), hours, hours);
  await pruneStore(local, { limits: NONE });
  expect(existsSync(local.blobs.path(blob?.digest ?? ""))).toBe(false);
  expect(existsSync(local.blobs.path(fresh?.digest ?? ""))).toBe(true);
  expect(readdirSync(join(rig.store, "tmp"))).toEqual(["2-2-2"]);
});

test("runs prune by themselves, but only some hours after the last time", async () => {
  using rig = makeCacheRig();
  const old = await stored(rig, "old", { days: 40, content: "x" });
  const limits = { ...NONE, maxAgeMs: 30 * DAY_MS };
  await pruneWhenDue(localOf(rig), limits);
  expect(has(rig, old)).toBe(true);
  const long = ago(DAY_MS);
  utimesSync(join(rig.store, "last-prune"), long, long);
  await pruneWhenDue(localOf(rig), limits);
  expect(has(rig, old)).toBe(false);
});

test("a pruning that runs out of time removes nothing", async () => {
  using rig = makeCacheRig();
  const old = await stored(rig, "old", { days: 40, content: "x" });
  const pruned = await pruneStore(localOf(rig), { limits: { ...NONE, maxAgeMs: DAY_MS }, budgetMs: -1 });
  expect(pruned.isComplete).toBe(false);
  expect(has(rig, old)).toBe(true);
});
