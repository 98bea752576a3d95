import { noteRead } from "#system/fs/read-trace";
import { blockingFileSystem } from "#system/runtime-modules";

const MARK = "last-prune";

/** Makes the folders of a store. A store that can only be read is fine. Gives the system's reason where it is not usable. */
export function prepareStore(folder: string): string | undefined {
  const { accessSync, constants, mkdirSync, readdirSync } = blockingFileSystem();
  // Whoever removes something sets the mark.
  noteRead(folder);
  noteRead(`${folder}/${MARK}`);
  try {
    // Outputs may be nobody else's business. A folder that was made for several people is left as it is.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    mkdirSync(`${folder}/tmp`, { recursive: true });
    accessSync(`${folder}/tmp`, constants.W_OK);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    try {
      // Somebody else's, to be read.
      readdirSync(`${folder}/ac`);
      return undefined;
    } catch {
      return error.message;
    }
  }
}

/** Milliseconds since the mark was set; undefined where there is none. */
export function markAge(folder: string): number | undefined {
  const found = blockingFileSystem().statSync(`${folder}/${MARK}`, { throwIfNoEntry: false });
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}

/** Throws the system's error. */
export function setMark(folder: string): void {
  blockingFileSystem().writeFileSync(`${folder}/${MARK}`, "");
}

/** Removes what writers that are gone have left. Throws the system's error. */
export function removeOldTemporaries(folder: string, ageMs: number): void {
  const { readdirSync, rmSync, statSync } = blockingFileSystem();
  for (const name of readdirSync(`${folder}/tmp`)) {
    const path = `${folder}/tmp/${name}`;
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > ageMs) rmSync(path, { force: true });
  }
}
