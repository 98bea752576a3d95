import { globMatcher } from "#base/glob";

const SPECIAL = /[*?[\]{}\\]/;

/** What globs of a `sync` mean: which paths they take, and where to look for those. */
export interface SyncPaths {
  /** Whether a path from the package folder is meant; the last glob that matches decides. */
  readonly has: (path: string) => boolean;
  /** Folders and files below which all that is meant lies. */
  readonly starts: readonly string[];
}

/** Globs as `inputs` and `outputs` have them; one that names a folder means all that is in it. */
export function syncPaths(globs: readonly string[]): SyncPaths {
  const rules = globs.map((glob) => {
    const excludes = glob.startsWith("!");
    const pattern = glob
      .slice(excludes ? 1 : 0)
      .replace(/^(?:\.\/)+/, "")
      .replace(/\/+$/, "");
    return { excludes, pattern, is: globMatcher(pattern), isBelow: globMatcher(`${pattern}/**`) };
  });
  return {
    has: (path) => {
      if (isOwn(path)) return false;
      const last = rules.findLast(({ is, isBelow }) => is(path) || isBelow(path));
      return last !== undefined && !last.excludes;
    },
    starts: outermost(rules.filter(({ excludes }) => !excludes).map(({ pattern }) => startOf(pattern))),
  };
}

/** The part of a pattern that names a folder or a file outright; `.` where it starts with something else. */
function startOf(pattern: string): string {
  const parts = pattern.split("/");
  const special = parts.findIndex((part) => SPECIAL.test(part));
  const plain = special === -1 ? parts : parts.slice(0, special);
  return plain.length === 0 || pattern === "" ? "." : plain.join("/");
}

function outermost(starts: readonly string[]): readonly string[] {
  const unique = [...new Set(starts)];
  if (unique.includes(".")) return ["."];
  return unique.filter((start) => !unique.some((other) => start.startsWith(`${other}/`)));
}

/** What git and zr keep for themselves. */
const isOwn = (path: string): boolean => path.split("/").some((part) => part === ".git" || part === ".zr");
