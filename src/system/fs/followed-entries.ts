import type { FileEntry } from "./file-entry";
import { looksThere } from "./is-there-at-once";

/** What tells whether a file has been changed. */
export interface FileState extends Pick<FileEntry, "size" | "mtimeMs" | "ctimeMs" | "inode"> {
  readonly isFolder: boolean;
}

/**
 * How files look, each as what it leads to; undefined where nothing is there or it can't be looked at. All at once, and
 * without the file system module, which takes longer to load than a short run can spare.
 */
export const followedEntries = (paths: readonly string[]): Promise<readonly (FileState | undefined)[]> =>
  Promise.all(paths.map(followedState));

async function followedState(path: string): Promise<FileState | undefined> {
  // What is not there is soon told, without a promise and an error.
  if (looksThere(path) !== true) return undefined;
  try {
    const found = await Bun.file(path).stat();
    const { size, mtimeMs, ctimeMs, ino } = found;
    return { size, mtimeMs, ctimeMs, inode: ino, isFolder: found.isDirectory() };
  } catch {
    return undefined;
  }
}
