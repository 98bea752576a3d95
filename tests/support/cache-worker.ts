/*
 * A process that saves and restores until it is killed: `bun cache-worker.ts STORE ROOT PACKAGE [ROUNDS]`. Prints a line
 * when it is under way, and `done` after so many rounds. What it makes under a key can be told from the key's number.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { openCacheStore } from "#engine/cache/open-cache-store";
import { draftOf } from "./cache-rig";

const KEYS = 4;
/** So many that they share blobs, and several threads put them back. */
const SMALL_FILES = 150;

/** Files of one entry, by name. */
export const contentOf = (number: number): Readonly<Record<string, string>> => ({
  [`dist/small-${number}`]: `small ${number}`,
  "dist/shared": "the same everywhere ".repeat(200),
  "dist/deep/large": `large ${number}\n`.repeat(300_000),
  ...Object.fromEntries(
    Array.from({ length: SMALL_FILES }, (_, index) => [
      `dist/many/${index}`,
      index % 9 === number ? "" : `${index % 4 === 0 ? "all" : number} ${index} `.repeat(index * 3),
    ]),
  ),
});

async function work([folder = "", root = "", name = "", rounds = "0"]: readonly string[]): Promise<void> {
  const packageDir = `${root}/${name}`;
  const place = { packageDir, root, outputs: ["dist/**"] };
  const options = {
    folder,
    root,
    mode: "read-write",
    limits: { maxBytes: 1e12, maxAgeMs: 1e12 },
    processors: 3,
  } as const;
  const most = rounds === "0" ? Number.POSITIVE_INFINITY : Number(rounds);
  for (let round = 0; round < most; round += 1) {
    const opened = openCacheStore({ ...options, report: () => {} });
    if (!opened.ok) throw new Error(opened.error);
    const store = opened.value;
    const number = round % KEYS;
    const draft = draftOf(`entry ${number}`, { task: `${name}:build` });
    const found = await store.find(draft.key);
    if (found === undefined || (await store.restore(found, place)) === "damaged") {
      rmSync(`${packageDir}/dist`, { recursive: true, force: true });
      for (const [path, content] of Object.entries(contentOf(number))) {
        mkdirSync(`${packageDir}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
        writeFileSync(`${packageDir}/${path}`, content);
      }
      const saved = await store.save(draft, place);
      if (!saved.ok) throw new Error(saved.error);
    }
    await store.close();
    if (round === 0) console.log("under way");
  }
  console.log("done");
}

if (import.meta.main) await work(Bun.argv.slice(2));
