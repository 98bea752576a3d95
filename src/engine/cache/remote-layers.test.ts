import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { draftOf, makeCacheRig, noise, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { MemoryRemote } from "#tests/support/memory-remote";
import type { CacheStore } from "./cache-store";
import type { RemoteLayer } from "./remote-link";

const DIST = "dist/**";

const layer = (cache: MemoryRemote, more: Partial<RemoteLayer> = {}): RemoteLayer => ({
  cache,
  mode: "read-write",
  ...more,
});

/** Another machine: nothing in its local store, nothing in its checkout. */
function elsewhere(rig: CacheRig, remote: RemoteLayer): CacheStore {
  rmSync(rig.store, { recursive: true, force: true });
  rmSync(rig.path("dist"), { recursive: true, force: true });
  return rig.open({ remotes: [remote] });
}

async function publish(rig: CacheRig, remote: RemoteLayer, name = "one"): Promise<string> {
  rig.write("dist/a", "content of a");
  rig.write("dist/b", "content of b ".repeat(500));
  const store = rig.open({ remotes: [remote] });
  const log = [{ stream: "stdout" as const, bytes: new TextEncoder().encode("printed\n") }];
  const { key } = await saved(store, draftOf(name, { log }), rig.place(DIST));
  await store.close();
  return key;
}

/** What comes of asking for a key and restoring. */
async function taken(rig: CacheRig, store: CacheStore, key: string): Promise<string> {
  const found = await store.find(key);
  return found === undefined ? "miss" : store.restore(found, rig.place(DIST));
}

test("what one machine has stored another gets, and then has itself", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const key = await publish(rig, layer(remote));
  const store = elsewhere(rig, layer(remote));
  const found = await store.find(key);
  expect(found === undefined ? "miss" : await store.restore(found, rig.place(DIST))).toBe("restored");
  expect(readFileSync(rig.path("dist/b"), "utf8")).toBe("content of b ".repeat(500));
  const printed: string[] = [];
  for await (const { bytes } of (found && (await store.log(found))) ?? [])
    printed.push(new TextDecoder().decode(bytes));
  expect(printed).toEqual(["printed\n"]);
  await store.close();
  rmSync(rig.path("dist"), { recursive: true });
  expect(await taken(rig, rig.open(), key)).toBe("restored");
});

test("only what is missing is sent, and only what is missing or different is got", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  await publish(rig, layer(remote));
  remote.asked.length = 0;
  const key = await publish(rig, layer(remote), "two");
  // All contents are there already: the manifest is the only blob that is new.
  expect(remote.asked.filter((line) => line.startsWith("putBlob")).length).toBe(1);
  const store = elsewhere(rig, layer(remote));
  rig.write("dist/a", "content of a");
  rig.write("dist/b", "something else");
  remote.asked.length = 0;
  expect(await taken(rig, store, key)).toBe("restored");
  expect(remote.asked.filter((line) => line.startsWith("getBlob")).length).toBe(2);
});

test("an entry that is to stay is not sent, nor one that is too large, nor any to a cache that is only read", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  rig.write("dist/a", noise(2000));
  for (const [draft, more] of [
    [{ remote: false }, {}],
    [{}, { maxUpload: 1999 }],
    [{}, { mode: "read" }],
  ] as const) {
    const store = rig.open({ remotes: [layer(remote, more)] });
    await saved(store, draftOf("one", draft), rig.place(DIST));
    await store.close();
    expect(remote.actions.size).toBe(0);
  }
  const key = await publish(rig, layer(remote));
  remote.asked.length = 0;
  expect(await taken(rig, elsewhere(rig, layer(remote, { mode: "write" })), key)).toBe("miss");
  expect(remote.asked).toEqual([]);
});

test("with a key to sign, what is unsigned, signed by others or changed afterwards is a miss", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const signed = layer(remote, { sign: "ours" });
  const key = await publish(rig, signed);
  expect(await taken(rig, elsewhere(rig, signed), key)).toBe("restored");
  expect(await taken(rig, elsewhere(rig, layer(remote, { sign: "theirs" })), key)).toBe("miss");
  expect(rig.notices.at(-1)?.text).toContain("it has a wrong signature");
  const unsigned = new MemoryRemote();
  await publish(rig, layer(unsigned));
  expect(await taken(rig, elsewhere(rig, layer(unsigned, { sign: "ours" })), key)).toBe("miss");
  expect(rig.notices.at(-1)?.text).toContain("it is not signed");
  // The signature is of the key, too: an entry can't be passed off as another.
  const other = await publish(rig, signed, "other");
  remote.actions.set(key, remote.actions.get(other) ?? new Uint8Array());
  expect(await taken(rig, elsewhere(rig, signed), key)).toBe("miss");
});

test("with a key to encrypt, nothing leaves in the clear and nobody without the key can use it", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const sealed = layer(remote, { encrypt: "secret", sign: "ours" });
  const key = await publish(rig, sealed);
  for (const bytes of remote.blobs.values()) {
    const text = new TextDecoder("latin1").decode(bytes);
    expect(text).not.toMatch(/content of|printed|pkg:build|dist\//);
  }
  expect(await taken(rig, elsewhere(rig, sealed), key)).toBe("restored");
  expect(readFileSync(rig.path("dist/b"), "utf8")).toBe("content of b ".repeat(500));
  expect(await taken(rig, elsewhere(rig, layer(remote, { encrypt: "other" })), key)).toBe("miss");
  expect(await taken(rig, elsewhere(rig, layer(remote)), key)).toBe("miss");
  const count = remote.blobs.size;
  await publish(rig, sealed, "two");
  expect(remote.blobs.size).toBe(count + 1);
});

test("the names of outputs are not told to a server when entries are encrypted", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  await publish(rig, layer(remote, { encrypt: "secret" }));
  for (const message of remote.actions.values())
    expect(new TextDecoder("latin1").decode(message)).not.toContain("dist/");
});

test("a blob that is not what its name says is never used", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const key = await publish(rig, layer(remote));
  for (const [digest, good] of remote.blobs) {
    const bad = Uint8Array.from(good);
    bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
    remote.blobs.set(digest, bad);
    const outcome = await taken(rig, elsewhere(rig, layer(remote)), key);
    if (outcome === "restored") expect(readFileSync(rig.path("dist/a"), "utf8")).toBe("content of a");
    else expect(existsSync(rig.path("dist/a"))).toBe(false);
    remote.blobs.set(digest, good);
  }
});

test("trouble is told once, ends the use of the cache, and hinders nothing", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  remote.trouble = "unreachable";
  const store = rig.open({ remotes: [layer(remote)] });
  for (let number = 0; number < 6; number += 1)
    expect(await store.find(draftOf(`${number}`).key)).toBeUndefined();
  expect(remote.asked.length).toBe(3);
  rig.write("dist/a", "a");
  await saved(store, draftOf("one"), rig.place(DIST));
  await store.close();
  expect(remote.asked.length).toBe(3);
  expect(rig.notices.filter(({ level }) => level === "warning").map(({ text }) => text)).toEqual([
    "the remote cache memory cache is not used any more in this run: it was told to",
  ]);
});

test("wrong credentials end the use of the cache at once", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  remote.trouble = "denied";
  const store = rig.open({ remotes: [layer(remote)] });
  await store.find(draftOf("one").key);
  await store.find(draftOf("two").key);
  expect(remote.asked.length).toBe(1);
});

test("the end of a run waits for uploads no longer than it was told to", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  remote.trouble = "hang";
  rig.write("dist/a", "a");
  const store = rig.open({ remotes: [layer(remote)], waitUploadsMs: 1 });
  await saved(store, draftOf("one"), rig.place(DIST));
  await store.close();
  expect(rig.notices.map(({ text }) => text)).toContain("1 result was not sent to the remote cache in time");
});

test("whoever waits for a remote cache that is asked nothing more gets a miss", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const key = await publish(rig, layer(remote));
  remote.trouble = "hang";
  const store = elsewhere(rig, layer(remote));
  const found = store.find(key);
  store.stopReading();
  expect(await found).toBeUndefined();
  expect(await store.find(key)).toBeUndefined();
  expect(remote.asked.filter((what) => what === `getAction ${key}`)).toHaveLength(1);
  await store.close();
});

test("what is being sent is waited for until nobody wants to", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  remote.trouble = "hang";
  rig.write("dist/a", "content of a");
  const store = rig.open({ remotes: [layer(remote)], waitUploadsMs: 3_600_000 });
  await saved(store, draftOf("one"), rig.place(DIST));
  await store.close(Promise.resolve());
  expect(rig.notices.map(({ text }) => text)).toContain("1 result was not sent to the remote cache in time");
});

test("a cache that is at another address is left alone at once, which is said", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  remote.trouble = "misplaced";
  const store = rig.open({ remotes: [layer(remote)] });
  expect(await store.find("a".repeat(64))).toBeUndefined();
  expect(await store.find("b".repeat(64))).toBeUndefined();
  expect(remote.asked).toEqual([`getAction ${"a".repeat(64)}`]);
  expect(rig.notices.map(({ text }) => text)).toContain(
    "the remote cache memory cache is not used any more in this run: it was told to",
  );
  await store.close();
});

test("what came damaged is sent again by whoever makes it anew", async () => {
  using rig = makeCacheRig();
  const remote = new MemoryRemote();
  const key = await publish(rig, layer(remote));
  let healed = 0;
  const sent = new Map(remote.blobs);
  for (const [digest, good] of sent) {
    remote.blobs.set(digest, good.toReversed());
    const store = elsewhere(rig, layer(remote));
    // The log is got only where somebody wants to see it.
    if ((await taken(rig, store, key)) === "restored") continue;
    healed += 1;
    rig.write("dist/a", "content of a");
    rig.write("dist/b", "content of b ".repeat(500));
    const log = [{ stream: "stdout" as const, bytes: new TextEncoder().encode("printed\n") }];
    await saved(store, draftOf("one", { log }), rig.place(DIST));
    await store.close();
    expect(remote.blobs.get(digest)).toEqual(good);
  }
  expect(healed).toBeGreaterThanOrEqual(2);
});
