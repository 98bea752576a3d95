import { dirname } from "#base/path";
import { fileEntry } from "#system/fs/file-entry";
import { followedEntry } from "#system/fs/followed-entry";
import { endReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import { isSettled, looksSame } from "./stat-index";
import type { IndexEntry, StatIndex } from "./stat-index";

/*
 * What was looked at, and how it looked. As long as all of it looks the same, a program that looks at nothing else does
 * the same again: the recorded dependencies of a build step, as in Mitchell, "Build systems à la carte" (2018), verifying
 * traces, with the state of a file in the place of its hash.
 */

/** Size of what is not there. */
const ABSENT = -1;
/** Before the path of what a link leads to. */
const FOLLOWED = "->";

/**
 * The state of all that a trace holds, looked at now; undefined where some of it has been changed since the trace began,
 * so that nobody can tell what was seen. Ends the trace.
 *
 * @param beganMs when the trace began; milliseconds since 1970.
 * @param isOwn whether a path is the program's own memory, on which nothing depends.
 */
export async function factsOfReads(
  trace: ReadTrace,
  beganMs: number,
  isOwn: (path: string) => boolean,
): Promise<StatIndex | undefined> {
  for (const repeat of trace.repeat) await repeat();
  endReadTrace();
  if (trace.obstacle !== undefined) return undefined;
  const facts: StatIndex = new Map();
  const absent: string[] = [];
  for (const path of trace.paths) {
    if (isOwn(path)) continue;
    const entry = fileEntry(path);
    if (entry === undefined) {
      absent.push(path);
      continue;
    }
    if (!isSettled(entry, beganMs)) return undefined;
    facts.set(path, factOf(entry));
    if (entry.kind !== "symlink") continue;
    const target = followedEntry(path);
    if (target !== undefined && !isSettled(target, beganMs)) return undefined;
    facts.set(FOLLOWED + path, target === undefined ? NOTHING : factOf(target));
  }
  for (const path of absent) {
    const parent = dirname(path);
    // What appears in a folder changes the folder.
    if (facts.has(parent)) continue;
    // Where a look has found nothing, and nothing is now, it does not matter what has been there in between.
    if (!trace.missing.has(path) && !wasAbsent(parent, beganMs)) return undefined;
    facts.set(path, NOTHING);
  }
  return facts;
}

/** Whether everything looks as it did. */
export function looksAsBefore(facts: StatIndex): boolean {
  for (const [path, fact] of facts) {
    const now = path.startsWith(FOLLOWED) ? followedEntry(path.slice(FOLLOWED.length)) : fileEntry(path);
    if (now === undefined ? fact.size !== ABSENT : !looksSame(fact, now)) return false;
  }
  return true;
}

const NOTHING: IndexEntry = { size: ABSENT, mtimeMs: 0, ctimeMs: 0, inode: 0, fingerprint: "" };

const factOf = ({ size, mtimeMs, ctimeMs, inode }: Omit<IndexEntry, "fingerprint">): IndexEntry => ({
  size,
  mtimeMs,
  ctimeMs,
  inode,
  fingerprint: "",
});

/** Whether nothing can have been in a folder, or in its place, that is gone now. */
function wasAbsent(folder: string, beganMs: number): boolean {
  const entry = fileEntry(folder);
  if (entry !== undefined) return isSettled(entry, beganMs);
  const parent = dirname(folder);
  return parent !== folder && wasAbsent(parent, beganMs);
}
