import { blockingFileSystem } from "#system/runtime-modules";
import type { FileEntry } from "./file-entry";

/** What the system knows of what a path leads to, links followed; undefined where that is nothing. */
export function followedEntry(path: string): Omit<FileEntry, "kind"> | undefined {
  try {
    const { size, mtimeMs, ctimeMs, ino, mode } = blockingFileSystem().statSync(path);
    return { size, mtimeMs, ctimeMs, inode: ino, mode };
  } catch {
    return undefined;
  }
}
