import { randomUnit } from "#system/clock/clock";
import { fileSystem } from "#system/runtime-modules";
import { isEverybodys, isOwnFolder } from "./own-file";
import { writeInPlace } from "./plain-file";

/** One in so many files that are put there is followed by a look at how many there are. */
const LOOK_EVERY = 16;
/** Of all files of a folder together. */
export const MOST_KEPT_BYTES = 128 * 1024 * 1024;

/**
 * Puts a file into a folder that only its owner may look into, and from time to time removes the oldest of its files:
 * beyond `most`, and beyond 128 MB. It is written in place, so the bytes have to say themselves whether they are whole.
 * Never fails: what is kept so can be made again.
 */
export async function keepNewest(path: string, bytes: Uint8Array, most: number): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const isThere = await isOwnFolder(folder);
  if (!isThere && !(await isMade(folder))) return;
  // To open a pipe would take until someone reads from it.
  if (Bun.file(path).size > MOST_KEPT_BYTES || !(await isWritten(path, bytes))) return;
  if (isThere && randomUnit() * LOOK_EVERY >= 1) return;
  await removeOldest(folder, most);
}

async function isWritten(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    // It would stay everybody's, and never be believed.
    if (isEverybodys((await Bun.file(path).stat().catch(missing)).mode)) await fileSystem().rm(path);
    await writeInPlace(path, bytes);
    return true;
  } catch {
    return false;
  }
}

const missing = () => ({ mode: 0 });

async function isMade(folder: string): Promise<boolean> {
  try {
    const made = await fileSystem().mkdir(folder, { recursive: true, mode: 0o700 });
    // What was there before, and is not this user's own, is left alone.
    return made !== undefined;
  } catch {
    return false;
  }
}

async function removeOldest(folder: string, most: number): Promise<void> {
  const { readdir, rm, stat } = fileSystem();
  try {
    const names = await readdir(folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const { mtimeMs, size } = await stat(`${folder}/${name}`);
        return { name, mtimeMs, size };
      }),
    );
    let bytes = 0;
    for (const [number, { name, size }] of files
      .sort((one, other) => other.mtimeMs - one.mtimeMs)
      .entries()) {
      bytes += size;
      if (number >= most || bytes > MOST_KEPT_BYTES) await rm(`${folder}/${name}`, { force: true });
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
