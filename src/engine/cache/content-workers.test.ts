import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import type { CacheStoreOptions } from "#engine/cache/open-cache-store";
import { draftOf, makeCacheRig, saved } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { makingThreads } from "#tests/support/making-threads";

const MANY = 600;
const THREADS: Partial<CacheStoreOptions> = { processors: 3 };

function writeMany(rig: CacheRig): void {
  for (let number = 0; number < MANY; number += 1) {
    const text = number % 50 === 0 ? "" : `${number} `.repeat(number * 3);
    rig.write(`dist/${number % 7}/${number}`, text, number % 5 === 0 ? 0o755 : 0o644);
  }
  symlinkSync("1/1", rig.path("dist/link"));
}

/** What there is below a folder: modes, texts and targets by path. */
function contentsOf(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = lstatSync(join(folder, name));
    const text = stat.isFile() ? readFileSync(join(folder, name), "utf8") : "";
    found[name] = `${stat.isFile() ? (stat.mode & 0o777).toString(8) : "-"} ${text}`;
  }
  return found;
}

test("many outputs are stored and put back in several threads as in one", async () => {
  using rig = makeCacheRig();
  writeMany(rig);
  const place = rig.place("dist");
  const before = contentsOf(rig.path("dist"));
  const alone = await saved(rig.open(), draftOf("alone"), place);
  const shared = await saved(rig.open(THREADS), draftOf("shared"), place);
  expect(shared.outputs).toEqual(alone.outputs);
  rmSync(rig.path("dist"), { recursive: true });
  rig.write("dist/1/stale", "old");
  rig.write("dist/2/2", "in its place");
  const store = rig.open(THREADS);
  const found = await store.find(shared.key);
  expect(found && (await store.restore(found, place))).toBe("restored");
  await store.close();
  expect(contentsOf(rig.path("dist"))).toEqual(before);
});

test("several threads take part where outputs are many, and none where they are few", async () => {
  using rig = makeCacheRig();
  const count = async (outputs: number): Promise<number> => {
    for (let number = 0; number < outputs; number += 1)
      rig.write(`dist/${number}`, `${number} `.repeat(9000));
    const { key } = await saved(rig.open(), draftOf(`of ${outputs}`), rig.place("dist"));
    for (const name of readdirSync(rig.path("dist"))) rmSync(rig.path(`dist/${name}`));
    const store = rig.open(THREADS);
    const threads = await makingThreads(rig.path("dist"), async () => {
      const found = await store.find(key);
      expect(found && (await store.restore(found, rig.place("dist")))).toBe("restored");
    });
    await store.close();
    return threads.length;
  };
  expect(await count(20)).toBe(1);
  expect(await count(500)).toBeGreaterThan(1);
});

test("small files share blobs, and of those another result stores only what has changed", async () => {
  using rig = makeCacheRig();
  const blobs = (): number =>
    readdirSync(join(rig.store, "cas"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.includes("/"),
    ).length;
  for (let number = 0; number < 2000; number += 1)
    rig.write(`dist/${number % 10}/${number}`, `${number} `.repeat(100 + (number % 1000)));
  const { key } = await saved(rig.open(THREADS), draftOf("all"), rig.place("dist"));
  const before = blobs();
  expect(before).toBeLessThan(80);
  rig.write("dist/3/1003", "changed");
  rmSync(rig.path("dist/4/1004"));
  const next = await saved(rig.open(THREADS), draftOf("one changed"), rig.place("dist"));
  expect(blobs() - before).toBeLessThanOrEqual(4);
  const store = rig.open(THREADS);
  for (const [wanted, text] of [
    [key, "1003 ".repeat(103)],
    [next.key, "changed"],
  ] as const) {
    const found = await store.find(wanted);
    expect(found && (await store.restore(found, rig.place("dist")))).toBe("restored");
    expect(readFileSync(rig.path("dist/3/1003"), "utf8")).toBe(text);
  }
  await store.close();
});

test("a damaged content among many is found in whatever thread, and told", async () => {
  using rig = makeCacheRig();
  writeMany(rig);
  const { key } = await saved(rig.open(), draftOf("damaged"), rig.place("dist"));
  const blobs = readdirSync(join(rig.store, "cas"), { recursive: true, encoding: "utf8" });
  const sizes = blobs.map((name) => [lstatSync(join(rig.store, "cas", name)).size, name] as const);
  const [, name = ""] = sizes.filter(([, file]) => file.includes("/")).sort(([a], [b]) => b - a)[0] ?? [];
  const path = join(rig.store, "cas", name);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  rmSync(rig.path("dist"), { recursive: true });
  const store = rig.open(THREADS);
  const found = await store.find(key);
  expect(found && (await store.restore(found, rig.place("dist")))).toBe("damaged");
  expect(rig.notices.map(({ text }) => text.replace(/\d+\/\d+/, "N"))).toEqual([
    `a file of the cache was damaged and is removed: cas/${name.split("/").at(-1) ?? ""}`,
    `the entry ${key} of the cache is removed: dist/N: its content is damaged or gone`,
  ]);
  expect(await store.find(key)).toBeUndefined();
  await store.close();
});

test("a file among many that can't be stored is named", async () => {
  using rig = makeCacheRig();
  writeMany(rig);
  const store = rig.open(THREADS);
  rmSync(join(rig.store, "tmp"), { recursive: true });
  writeFileSync(join(rig.store, "tmp"), "");
  const kept = await store.save(draftOf("refused"), rig.place("dist"));
  expect(kept.ok ? "" : kept.error).toMatch(/^dist\/\d\/\d+ can't be stored: EEXIST/);
  await store.close();
});

test("a store that is removed while it is open is made again", async () => {
  using rig = makeCacheRig();
  writeMany(rig);
  const store = rig.open(THREADS);
  rmSync(rig.store, { recursive: true });
  const kept = await store.save(draftOf("removed"), rig.place("dist"));
  expect(kept.ok).toBe(true);
  rmSync(rig.path("dist"), { recursive: true });
  expect(kept.ok && (await store.restore(kept.value, rig.place("dist")))).toBe("restored");
  await store.close();
});
