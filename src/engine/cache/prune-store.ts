import { Breather } from "#system/cas/breather";
import { monotonicMs, wallMs } from "#system/clock/clock";
import { SHARDS } from "#system/cas/blob-folder";
import type { NamedFile } from "#system/cas/blob-folder";
import { markAge, removeOldTemporaries, setMark } from "#system/cas/store-folder";
import { decodeActionResult } from "./action-result";
import type { BlobRef } from "./action-result";
import type { LocalStore } from "./local-store";

/** How much of the past a local store keeps. */
export interface StoreLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

export interface Pruned {
  readonly entries: number;
  readonly blobs: number;
  readonly bytes: number;
  /** What is left. */
  readonly leftBytes: number;
  readonly leftEntries: number;
  /** False where the time was up before everything was looked at; nothing was removed then. */
  readonly isComplete: boolean;
}

/** How often a run looks after the store, and how long it takes at most for that. */
const INTERVAL_MS = 6 * 3600_000;
const BUDGET_MS = 1_000;
/** A blob of nobody may be that of an entry which is just being written. */
const GRACE_MS = 3600_000;

/** Prunes where that has not been done for some hours, in little time. Never fails: it is nobody's errand. */
export async function pruneWhenDue(store: LocalStore, limits: StoreLimits): Promise<void> {
  try {
    const age = markAge(store.folder);
    if (age !== undefined && age < INTERVAL_MS) return;
    // Before the work: others that end now needn't do it too.
    setMark(store.folder);
    if (age === undefined) return;
    await pruneStore(store, { limits, budgetMs: BUDGET_MS });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

interface Entry extends NamedFile {
  readonly refs: readonly BlobRef[];
}

export interface PruneOptions {
  readonly limits: StoreLimits;
  readonly budgetMs?: number;
  /** Entries to remove whatever the limits say; none where it is left out. */
  readonly unwanted?: ReadonlySet<string>;
}

/**
 * Removes entries that have not been used for too long, then the least recently used until the rest keeps to the size,
 * then blobs that no entry needs. Throws the system's errors.
 */
export async function pruneStore(store: LocalStore, options: PruneOptions): Promise<Pruned> {
  const { limits, unwanted } = options;
  const nowMs = wallMs();
  const deadline = monotonicMs() + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  const state = await survey(store, deadline);
  if (state === undefined)
    return { entries: 0, blobs: 0, bytes: 0, leftBytes: 0, leftEntries: 0, isComplete: false };
  const { entries, blobs } = state;
  const uses = new Map<string, number>();
  let total = 0;
  for (const { size, refs } of entries) total += size + addRefs(uses, refs);
  let removed = 0;
  for (const entry of entries.toSorted((a, b) => a.usedMs - b.usedMs)) {
    const isTooOld = nowMs - entry.usedMs > limits.maxAgeMs;
    if (!isTooOld && total <= limits.maxBytes && unwanted?.has(entry.name) !== true) continue;
    store.actions.remove(entry.name);
    total -= entry.size + dropRefs(uses, entry.refs);
    removed += 1;
  }
  if (removed > 0) setMark(store.folder);
  const dead = blobs.filter(
    ({ name, usedMs }) => !uses.has(name) && (state.known.has(name) || nowMs - usedMs > GRACE_MS),
  );
  for (const { name } of dead) store.blobs.remove(name);
  removeOldTemporaries(store.folder, GRACE_MS);
  const bytes = dead.reduce((sum, { size }) => sum + size, 0);
  const whole = blobs.reduce((sum, { size }) => sum + size, 0);
  return {
    entries: removed,
    blobs: dead.length,
    bytes,
    leftBytes: whole - bytes,
    leftEntries: entries.length - removed,
    isComplete: true,
  };
}

interface Survey {
  readonly entries: readonly Entry[];
  readonly blobs: readonly NamedFile[];
  /** Names of blobs that some entry had when the survey began. */
  readonly known: ReadonlySet<string>;
}

async function survey(store: LocalStore, deadline: number): Promise<Survey | undefined> {
  const breather = new Breather();
  const entries: Entry[] = [];
  const blobs: NamedFile[] = [];
  const known = new Set<string>();
  for (const shard of SHARDS) {
    if (monotonicMs() > deadline) return undefined;
    if (breather.isDue) await breather.rest();
    for (const file of store.actions.shard(shard)) {
      const action = decodeActionResult(store.actions.read(file.name) ?? new Uint8Array(1));
      const refs =
        action === undefined
          ? []
          : [
              ...action.files.filter(({ contents }) => contents === undefined),
              ...(action.stdout === undefined ? [] : [action.stdout]),
            ];
      for (const { digest } of refs) known.add(digest);
      entries.push({ ...file, refs });
    }
    blobs.push(...store.blobs.shard(shard));
  }
  return { entries, blobs, known };
}

/** Bytes of the blobs that nobody else has. */
function addRefs(uses: Map<string, number>, refs: readonly BlobRef[]): number {
  let bytes = 0;
  for (const { digest, size } of refs) {
    const count = uses.get(digest) ?? 0;
    if (count === 0) bytes += size;
    uses.set(digest, count + 1);
  }
  return bytes;
}

function dropRefs(uses: Map<string, number>, refs: readonly BlobRef[]): number {
  let bytes = 0;
  for (const { digest, size } of refs) {
    const count = (uses.get(digest) ?? 1) - 1;
    if (count > 0) uses.set(digest, count);
    else {
      uses.delete(digest);
      bytes += size;
    }
  }
  return bytes;
}
