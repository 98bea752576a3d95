import { noteRead } from "#system/fs/read-trace";
import { blockingFileSystem } from "#system/runtime-modules";

/** What the file system says of an entry, links not followed. */
export interface FileFacts {
  readonly kind: "file" | "symlink" | "folder" | "other";
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

/** Undefined where there is nothing that can be looked at. */
export function factsOf(path: string): FileFacts | undefined {
  noteRead(path, "outputs");
  try {
    const found = blockingFileSystem().lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    return {
      kind: found.isFile()
        ? "file"
        : found.isDirectory()
          ? "folder"
          : found.isSymbolicLink()
            ? "symlink"
            : "other",
      mode: found.mode & 0o777,
      size: found.size,
      mtimeMs: found.mtimeMs,
      ctimeMs: found.ctimeMs,
      inode: found.ino,
    };
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** The text of a link; undefined where there is none. */
export function linkTarget(path: string): string | undefined {
  noteRead(path, "outputs");
  try {
    return blockingFileSystem().readlinkSync(path).replaceAll("\\", "/");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What is in a folder, links to folders not counted as such; undefined where it can't be read. */
export function entriesOf(path: string): readonly FolderEntry[] | undefined {
  noteRead(path, "outputs");
  try {
    return blockingFileSystem()
      .readdirSync(path, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
