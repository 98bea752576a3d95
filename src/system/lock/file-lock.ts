import { atOnceFlag } from "#system/fs/read-at-once";
import { isAlive, thisProcess } from "#system/process/process-identity";
import type { ProcessIdentity } from "#system/process/process-identity";
import { fileSystem } from "#system/runtime-modules";

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  /** What the holder says of itself. */
  readonly note: string;
}

export type LockAttempt =
  | { readonly kind: "held"; readonly release: () => Promise<void> }
  | { readonly kind: "taken"; readonly by: LockHolder }
  /** The system does not let the file be made; text as it says it. */
  | { readonly kind: "impossible"; readonly reason: string };

/**
 * Tries to take a lock that is a file: made whole under another name and linked into place, so that of several that try
 * one gets it. The lock of a process that has died is nobody's. Its folder has to exist.
 */
export async function tryLock(path: string, note: string): Promise<LockAttempt> {
  const { link, rm, writeFile } = fileSystem();
  const own = `${path}.${process.pid}`;
  try {
    const text = JSON.stringify({ ...(await thisProcess()), note });
    await writeFile(own, text, { mode: 0o600 });
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      try {
        await link(own, path);
        return { kind: "held", release: () => release(path, text) };
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const holder = await readHolder(path);
      if (holder !== undefined && (await isAlive(holder))) return { kind: "taken", by: holder };
      await takeAway(path, holder);
    }
    return { kind: "impossible", reason: "the lock changes hands all the time" };
  } catch (error) {
    return { kind: "impossible", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(own, { force: true }).catch(() => undefined);
  }
}

/** Who holds a lock now; undefined where nobody who lives does. */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(path);
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined;
}

const MOST_ROUNDS = 100;

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    // Anything may lie there.
    const data: unknown = JSON.parse(
      await fileSystem().readFile(path, { encoding: "utf8", flag: atOnceFlag() }),
    );
    if (typeof data !== "object" || data === null) return undefined;
    if (!("pid" in data) || !("started" in data) || !("note" in data)) return undefined;
    const { pid, started, note } = data;
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return typeof started === "string" && typeof note === "string" ? { pid, started, note } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock of a dead process out of the way. Moved first and looked at again: somebody may just have made a new one. */
async function takeAway(path: string, dead: LockHolder | undefined): Promise<void> {
  const { link, rename, rm } = fileSystem();
  const aside = `${path}.${process.pid}.dead`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const found = await readHolder(aside);
  if (found !== undefined && (found.pid !== dead?.pid || found.started !== dead.started))
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, text: string): Promise<void> {
  const { readFile, rm } = fileSystem();
  const held = await readFile(path, "utf8").catch(() => undefined);
  if (held === text) await rm(path, { force: true }).catch(() => undefined);
}
