import { SHARDS } from "#system/cas/blob-folder";
import { Breather } from "#system/cas/breather";
import { digestOfFile } from "#system/cas/packed-file";
import type { CacheManifest } from "./cache-manifest";
import type { LocalStore } from "./local-store";

/** An entry of a local store. */
export interface StoreEntry {
  readonly key: string;
  readonly manifest: CacheManifest;
  /** Last use, to half an hour; milliseconds since 1970. */
  readonly usedMs: number;
  /** Of its blobs as they are stored, whoever else has them. */
  readonly bytes: number;
}

/** Every entry that is whole as far as its manifest tells, the least recently used first. Damaged ones are removed. */
export async function storeEntries(store: LocalStore): Promise<readonly StoreEntry[]> {
  const breather = new Breather();
  const found: StoreEntry[] = [];
  for (const shard of SHARDS)
    for (const { name, usedMs } of store.actions.shard(shard)) {
      if (breather.isDue) await breather.rest();
      const manifest = store.read(name, { isUse: false });
      if (manifest === undefined) continue;
      const sizes = new Map([...manifest.blobs.values()].map(({ digest, size }) => [digest, size]));
      const bytes = sizes.values().reduce((sum, size) => sum + size, 0);
      found.push({ key: name, manifest, usedMs, bytes });
    }
  return found.toSorted((a, b) => a.usedMs - b.usedMs || (a.key < b.key ? -1 : 1));
}

/** How much there is in a store, without a look into it. */
export async function storeSize(
  store: LocalStore,
): Promise<{ readonly entries: number; readonly blobs: number; readonly bytes: number }> {
  const breather = new Breather();
  let [entries, blobs, bytes] = [0, 0, 0];
  for (const shard of SHARDS) {
    if (breather.isDue) await breather.rest();
    for (const { size } of store.actions.shard(shard)) {
      entries += 1;
      bytes += size;
    }
    for (const { size } of store.blobs.shard(shard)) {
      blobs += 1;
      bytes += size;
    }
  }
  return { entries, blobs, bytes };
}

/** False also for a file that somebody has removed meanwhile, or that can't be read. */
async function isWhole(
  path: string,
  { name, size }: { readonly name: string; readonly size: number },
): Promise<boolean> {
  try {
    return (await digestOfFile(path, size)) === name;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

export interface Verified {
  readonly entries: number;
  readonly blobs: number;
  readonly bytes: number;
  /** What was wrong and is removed, in words. */
  readonly removed: readonly string[];
}

/** Reads everything and compares it with its digests; removes what is damaged and entries that miss something. */
export async function verifyStore(store: LocalStore): Promise<Verified> {
  const removed: string[] = [];
  let [blobs, bytes] = [0, 0];
  const good = new Set<string>();
  for (const shard of SHARDS)
    for (const { name, size } of store.blobs.shard(shard)) {
      blobs += 1;
      bytes += size;
      if (await isWhole(store.blobs.path(name), { name, size })) good.add(name);
      else {
        removed.push(`cas/${name}: its content has changed`);
        store.discardBlob(name);
      }
    }
  const before = SHARDS.flatMap((shard) => store.actions.shard(shard).map(({ name }) => name));
  const entries = await storeEntries(store);
  const left = new Set(entries.map(({ key }) => key));
  for (const name of before)
    if (!left.has(name)) removed.push(`ac/${name}: it is damaged or misses its manifest`);
  for (const { key, manifest } of entries) {
    const lost = [...manifest.blobs.values()].filter(({ digest }) => !good.has(digest)).length;
    if (lost === 0) continue;
    removed.push(`ac/${key}: ${lost} of its contents ${lost === 1 ? "is" : "are"} gone`);
    store.discardEntry(key, "it misses contents");
  }
  return { entries: before.length, blobs, bytes, removed };
}
