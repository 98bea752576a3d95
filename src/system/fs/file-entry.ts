import { blockingFileSystem } from "#system/runtime-modules";
import { drawNumber } from "./draw-number";
import { readBytesAtOnce } from "./read-at-once";
import { noteMissing, noteRead } from "./read-trace";

/** What the system knows of a file without reading it. Times are in milliseconds since 1970, with fractions. */
export interface FileEntry {
  readonly kind: "file" | "symlink" | "folder" | "other";
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly mode: number;
}

/*
 * These calls block: a look at a file takes 2 µs, a promise for it twice as long, and nothing else can be done before
 * the looks are over.
 */

/** A link is looked at itself, not what it leads to. Undefined where nothing is there. */
export function fileEntry(path: string): FileEntry | undefined {
  noteRead(path);
  try {
    const found = blockingFileSystem().lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      noteMissing(path);
      return undefined;
    }
    const kind = found.isFile()
      ? "file"
      : found.isSymbolicLink()
        ? "symlink"
        : found.isDirectory()
          ? "folder"
          : "other";
    const { size, mtimeMs, ctimeMs, ino, mode } = found;
    return { kind, size, mtimeMs, ctimeMs, inode: ino, mode };
  } catch {
    // A file where a folder is expected, a folder that may not be looked into.
    return undefined;
  }
}

/** Where a symbolic link leads, as it is written; undefined where there is none. */
export function linkTarget(path: string): string | undefined {
  noteRead(path);
  try {
    return blockingFileSystem().readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The bytes of a file; undefined where they can't be read. */
export function bytesAtOnce(path: string): Uint8Array | undefined {
  noteRead(path);
  try {
    return readBytesAtOnce(path);
  } catch {
    return undefined;
  }
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What lies in a folder; nothing where it can't be read. */
export function folderEntries(path: string): readonly FolderEntry[] {
  noteRead(path);
  try {
    return blockingFileSystem()
      .readdirSync(path, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}

/**
 * Puts bytes in the place of a file, or of a link to one, at once. False where the system refuses; the old file is as it
 * was then.
 */
export function replaceFile(path: string, bytes: Uint8Array | string): boolean {
  const { renameSync, writeFileSync } = blockingFileSystem();
  // In containers all processes may have the same number.
  const temporary = `${path}.${process.pid}-${drawNumber()}-${Math.trunc(performance.timeOrigin)}.tmp`;
  try {
    writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 });
    renameSync(temporary, path);
    return true;
  } catch {
    removeQuietly(temporary);
    return false;
  }
}

/** Removes a file, where there is one and the system lets us. */
export function removeQuietly(path: string): void {
  try {
    blockingFileSystem().rmSync(path, { force: true });
  } catch (error) {
    // What the system refuses stays: in somebody else's folder it is not ours.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
