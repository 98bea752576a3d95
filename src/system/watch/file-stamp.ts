import type { Stats } from "node:fs";

/** What is remembered of a file to tell later whether it has changed, without reading it. */
export interface FileStamp {
  /** When its content was last written, in milliseconds; programs can set it. */
  readonly mtimeMs: number;
  /** When anything about it was last changed, in milliseconds; no program can set it. */
  readonly ctimeMs: number;
  readonly size: number;
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  /** Of a link where it leads, all other links on the way among it. */
  readonly way: string | undefined;
}

/** @param way of a link, the paths that it leads over */
export const stampOf = (
  { mtimeMs, ctimeMs, size, ino, mode, uid, gid, nlink }: Stats,
  way: readonly string[] | undefined,
): FileStamp => ({ mtimeMs, ctimeMs, size, ino, mode, uid, gid, nlink, way: way?.join("\n") });

/** Whether anybody may run it as a program. */
export const isExecutable = ({ mode }: Pick<FileStamp, "mode">): boolean => (mode & 0o111) !== 0;

/**
 * Whether a file may have another content than before, or is a program now or no longer. Programs that keep times (`cp -p`,
 * `tar`, `rsync -a`) may write another content of the same size and time: `ctimeMs` tells. Where that is new because of
 * another owner, mode or hard link of the same file, its content is the same.
 */
export function hasChanged(before: FileStamp, now: FileStamp): boolean {
  if (before.mtimeMs !== now.mtimeMs || before.size !== now.size || before.way !== now.way) return true;
  if (isExecutable(before) !== isExecutable(now)) return true;
  if (before.ctimeMs === now.ctimeMs) return false;
  return before.ino !== now.ino || haveSameAttributes(before, now);
}

const haveSameAttributes = (one: FileStamp, other: FileStamp): boolean =>
  one.mode === other.mode && one.uid === other.uid && one.gid === other.gid && one.nlink === other.nlink;
