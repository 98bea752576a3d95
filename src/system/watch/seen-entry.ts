import type { Stats } from "node:fs";
import { blockingFileSystem } from "#system/runtime-modules";

/** What lies at a path. */
export interface Seen {
  /** Of a link to a file what it leads to; links to folders and to nowhere are looked at themselves. */
  readonly stats: Stats;
  /** Whether it is a link to a file or to nowhere. */
  readonly isLink: boolean;
}

/** A name in a folder, with what lies there. */
export type NamedEntry = readonly [string, Seen];

/** Undefined where nothing is, or nothing that can be reached. */
export function seenAt(path: string, followsFolders = false): Seen | undefined {
  const { lstatSync, statSync } = blockingFileSystem();
  try {
    const own = lstatSync(path);
    if (!own.isSymbolicLink()) return { stats: own, isLink: false };
    const target = statSync(path, { throwIfNoEntry: false });
    const isFolder = target?.isDirectory() === true;
    const isItself = target === undefined || (isFolder && !followsFolders);
    return { stats: isItself ? own : target, isLink: !isFolder };
  } catch {
    // Gone, or out of reach.
    return undefined;
  }
}

/** What is in a folder, the folders after all others. */
export const filesFirst = (found: readonly NamedEntry[]): readonly NamedEntry[] => [
  ...found.filter(([, { stats }]) => !stats.isDirectory()),
  ...found.filter(([, { stats }]) => stats.isDirectory()),
];

/** Names of what is in a folder; none where it can't be read. */
export function namesIn(path: string): readonly string[] {
  try {
    return blockingFileSystem().readdirSync(path);
  } catch {
    return [];
  }
}
