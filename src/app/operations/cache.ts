import type { Diagnostic } from "#base/diagnostic";
import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { cacheSettings, localCacheFolder } from "#core/cache/cache-settings";
import type { CacheSettings } from "#core/cache/cache-settings";
import type { Workspace } from "#core/workspace/workspace";
import type { ReportNotice } from "#engine/cache/cache-store";
import { LocalStore } from "#engine/cache/local-store";
import { pruneStore } from "#engine/cache/prune-store";
import type { Pruned } from "#engine/cache/prune-store";
import { makeOutputs } from "#engine/cache/make-outputs";
import { restoreOutputs } from "#engine/cache/restore-outputs";
import { storeEntries, storeSize, verifyStore } from "#engine/cache/store-contents";
import type { StoreEntry, Verified } from "#engine/cache/store-contents";
import { wallMs } from "#system/clock/clock";
import { fileSystem } from "#system/runtime-modules";
import type { Host } from "#system/host";

/** The local cache of a workspace. */
export interface LocalCache {
  readonly store: LocalStore;
  readonly settings: CacheSettings;
}

/** Opens the local cache that runs of a workspace use. */
export function openLocalCache(
  workspace: Workspace,
  host: Host,
  report: ReportNotice,
): Result<LocalCache, Diagnostic> {
  const settings = cacheSettings(workspace);
  const folder = localCacheFolder(settings.localDir, { root: workspace.root, os: host.os, env: host.env });
  const opened =
    folder === undefined
      ? err("there is no home folder to keep results in")
      : LocalStore.open(folder, report);
  return opened.ok ? ok({ store: opened.value, settings }) : err(unusable(opened.error));
}

const unusable = (reason: string): Diagnostic => ({ code: "E382", severity: "error", data: { reason } });

export interface CacheQuery {
  /** A task with or without its package, or an instance. */
  readonly task?: string;
  /** Only what has not been used for so long. */
  readonly olderMs?: number;
}

/** Entries that are meant, the least recently used first; what is absent restricts nothing. */
export async function findEntries(
  { store }: LocalCache,
  { task, olderMs }: CacheQuery = {},
): Promise<readonly StoreEntry[]> {
  const now = wallMs();
  return (await storeEntries(store)).filter(
    ({ manifest, usedMs }) =>
      (task === undefined || isOf(manifest.result.task, task)) &&
      (olderMs === undefined || now - usedMs > olderMs),
  );
}

/** `app:build[os=linux]` is one of `app:build`, of `build`, and itself. */
function isOf(instance: string, task: string): boolean {
  if (instance === task) return true;
  const plain = instance.replace(/(?:\[.*\])?(?:#\d+)?$/, "");
  return plain === task || plain.endsWith(`:${task}`);
}

/** The one entry whose key begins so. */
export async function findEntry(cache: LocalCache, key: string): Promise<Result<StoreEntry, Diagnostic>> {
  const found = (await storeEntries(cache.store)).filter((entry) => entry.key.startsWith(key));
  const [only] = found;
  if (only === undefined || key === "") return err({ code: "E380", severity: "error", data: { key } });
  if (found.length === 1) return ok(only);
  const suggestions = found.slice(-3).map((entry) => entry.key);
  return err({ code: "E381", severity: "error", data: { key, count: found.length }, suggestions });
}

/** Puts the outputs of an entry into a folder, those of the workspace beside those of the package. */
export async function getEntry(
  { store }: LocalCache,
  { manifest }: StoreEntry,
  folder: string,
): Promise<Result<void, string>> {
  try {
    await fileSystem().mkdir(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(error.message);
  }
  const place = { packageDir: resolveFrom(folder, "."), root: resolveFrom(folder, "."), outputs: [] };
  const fetch = (): Promise<boolean> => Promise.resolve(true);
  const outcome = await restoreOutputs(manifest, place, {
    store,
    seen: undefined,
    fetch,
    make: (work) => makeOutputs(work, store),
  });
  return outcome.kind === "damaged" || outcome.kind === "impossible" ? err(outcome.why) : ok(undefined);
}

const NO_LIMITS = { maxBytes: Number.POSITIVE_INFINITY, maxAgeMs: Number.POSITIVE_INFINITY };

/** Removes entries and what only they need. Throws the system's error. */
export const removeEntries = ({ store }: LocalCache, entries: readonly StoreEntry[]): Promise<Pruned> =>
  pruneStore(store, { limits: NO_LIMITS, unwanted: new Set(entries.map(({ key }) => key)) });

/** Removes what is beyond the limits of `[cache]`. Throws the system's error. */
export const pruneToLimits = ({ store, settings }: LocalCache): Promise<Pruned> =>
  pruneStore(store, { limits: { maxBytes: settings.maxBytes, maxAgeMs: settings.maxAgeMs } });

export const verifyCache = ({ store }: LocalCache): Promise<Verified> => verifyStore(store);

export const sizeOfCache = ({ store }: LocalCache): ReturnType<typeof storeSize> => storeSize(store);
