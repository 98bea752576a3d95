import { globMatcher } from "#base/glob";
import { isAbsolute, isInside, normalize, relativeTo, resolveFrom } from "#base/path";

/** A glob of the configuration, tied to the folder that it can be followed from. */
export interface WatchPattern {
  /** As it was written. */
  readonly text: string;
  /** `!`: takes out what patterns before it have taken in. */
  readonly excludes: boolean;
  /** Absolute: the part before the first wildcard. */
  readonly base: string;
  /** The part from the first wildcard on; empty where there is none. */
  readonly rest: string;
  /** Whether an absolute path is meant. A pattern without wildcards also means all below it. */
  readonly matches: (path: string) => boolean;
}

/** Folders that globs start from. */
export interface PatternPlace {
  readonly root: string;
  /** Folder that a glob without `//` in front starts from. */
  readonly dir: string;
}

const SPECIAL = /[*?[\]{}()!+@\\]/;

/** A glob, `//` in front meaning the workspace root. Undefined where it leaves the workspace. */
export function watchPattern(written: string, { root, dir }: PatternPlace): WatchPattern | undefined {
  const excludes = written.startsWith("!");
  const text = excludes ? written.slice(1) : written;
  const isFromRoot = text.startsWith("//");
  const glob = isFromRoot ? text.slice(2) : text;
  if (!isFromRoot && isAbsolute(glob) && !isInside(root, normalize(glob))) return undefined;
  const parts = glob.split("/");
  const firstSpecial = parts.findIndex((part) => SPECIAL.test(part));
  const fixed = firstSpecial === -1 ? parts : parts.slice(0, firstSpecial);
  const rest =
    firstSpecial === -1 ? [] : parts.slice(firstSpecial).filter((part) => part !== "" && part !== ".");
  const base = resolveFrom(isFromRoot ? root : dir, fixed.join("/") || (glob.startsWith("/") ? "/" : "."));
  if (!isInside(root, base) || rest.includes("..")) return undefined;
  const tail = rest.join("/");
  return { text: written, excludes, base, rest: tail, matches: matcher(base, tail) };
}

function matcher(base: string, rest: string): (path: string) => boolean {
  if (rest === "") return (path) => isInside(base, path);
  const fits = globMatcher(rest);
  return (path) => path !== base && isInside(base, path) && fits(relativeTo(base, path));
}

/** Whether a path is meant by a list: the last pattern that matches decides. */
export function isMeant(patterns: readonly WatchPattern[], path: string): boolean {
  const last = patterns.findLast((pattern) => pattern.matches(path));
  return last !== undefined && !last.excludes;
}

/**
 * Whether a list names an ignored path outright: a pattern that matches it begins, before its first wildcard, in what is
 * ignored. `dist/*.json` means a `dist` that git ignores; `**\/*.json` does not.
 *
 * @param ignored the topmost ignored folder above the path, or the path itself
 */
export function isNamed(patterns: readonly WatchPattern[], path: string, ignored: string): boolean {
  const last = patterns.findLast((pattern) => pattern.matches(path));
  return last !== undefined && !last.excludes && isInside(ignored, last.base);
}
