import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ResultDraft, StoredResult } from "#core/model/cache";
import type { CacheNotice, CacheStore, OutputPlace } from "#engine/cache/cache-store";
import { openCacheStore } from "#engine/cache/open-cache-store";
import type { CacheStoreOptions } from "#engine/cache/open-cache-store";
import { sha256 } from "#system/cas/blob-folder";

/** A workspace with one package, a local store beside it, and everything that the store said. */
export interface CacheRig extends Disposable {
  readonly folder: string;
  readonly store: string;
  readonly root: string;
  readonly notices: CacheNotice[];
  readonly path: (path: string) => string;
  readonly write: (path: string, content: string | Uint8Array, mode?: number) => void;
  readonly place: (...outputs: readonly string[]) => OutputPlace;
  /** Another run of the same checkout. */
  readonly open: (options?: Partial<CacheStoreOptions>) => CacheStore;
}

export function makeCacheRig(): CacheRig {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zr-cache-")));
  const root = join(folder, "work");
  const pkg = join(root, "pkg");
  mkdirSync(pkg, { recursive: true });
  const notices: CacheNotice[] = [];
  const path = (name: string): string => join(pkg, name);
  return {
    folder,
    store: join(folder, "store"),
    root,
    notices,
    path,
    write: (name, content, mode = 0o644) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content, { mode });
    },
    place: (...outputs) => ({ packageDir: pkg, root, outputs }),
    open: (options = {}) => {
      const store = openCacheStore({
        folder: join(folder, "store"),
        root,
        mode: "read-write",
        limits: { maxBytes: 10 * 1024 ** 3, maxAgeMs: 30 * 86_400_000 },
        report: (notice) => notices.push(notice),
        ...options,
      });
      if (!store.ok) throw new Error(store.error);
      return store.value;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bytes that can't be compressed: the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = BigInt(seed) * 2_654_435_761n + 1n;
  for (let at = 0; at < length; at += 1) {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    bytes[at] = Number(state >> 56n);
  }
  return bytes;
}

/** Some moment within so many milliseconds. It waits for nothing: what happens then is to be random. */
export const anyMoment = (leastMs: number, mostMs: number): Promise<void> =>
  Bun.sleep(leastMs + Math.random() * (mostMs - leastMs));

/** Until files that were written before are older than a step of the file system's clock. */
export async function clockMoves(): Promise<void> {
  await Bun.sleep(40);
}

/** The time so many milliseconds ago, as the file system wants it. */
export const ago = (ms: number): number => (Date.now() - ms) / 1000;

export const draftOf = (name: string, more: Partial<ResultDraft> = {}): ResultDraft => ({
  key: sha256(name),
  task: "pkg:build",
  recipe: { v: 1, parts: [{ kind: "command", name: "cmd", digest: "d" }] },
  durationMs: 5,
  remote: true,
  ...more,
});

/** Saves and gives the result; throws where that is refused. */
export async function saved(
  store: CacheStore,
  draft: ResultDraft,
  place: OutputPlace,
): Promise<StoredResult> {
  const result = await store.save(draft, place);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
