import { globMatcher } from "#base/glob";
import { relativeTo, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { HostFailure } from "#core/expr/host";
import { fileDigest, textsDigest } from "#system/fs/file-digest";
import { isFolder } from "#system/fs/is-folder";
import { newestChange } from "#system/fs/newest-change";
import { globFiles, readText } from "#system/fs/read-text";

/** Absolute paths, with `/` between their parts. */
export interface FilePlace {
  readonly root: string;
  readonly packageDir: string;
}

type FileAnswer<T> = Promise<Result<T, HostFailure>>;

const ROOT_PREFIX = "//";
const SPECIAL = /[*?[\]{}\\]/;

/** The absolute path that a path of an expression means. */
export function placeOf({ root, packageDir }: FilePlace, path: string): string {
  return path.startsWith(ROOT_PREFIX)
    ? resolveFrom(root, path.slice(ROOT_PREFIX.length))
    : resolveFrom(packageDir, path);
}

export async function readFile(place: FilePlace, path: string): FileAnswer<string> {
  const read = await readText(placeOf(place, path));
  switch (read.kind) {
    case "text":
      return ok(read.text);
    case "missing":
      return err({ reason: "the file does not exist" });
    case "folder":
      return err({ reason: "it is a folder" });
    case "unreadable":
      return err({ reason: read.reason });
  }
}

export async function isNewer(place: FilePlace, target: string, source: string): FileAnswer<boolean> {
  const [targetTime, sourceTime] = await Promise.all(
    [target, source].map((path) => newestChange(placeOf(place, path))),
  );
  if (targetTime === undefined) return ok(false);
  return ok(sourceTime === undefined || targetTime > sourceTime);
}

/** Of a single file the digest of its content, of several that of their paths and digests. */
export async function hashFiles(place: FilePlace, pattern: string): FileAnswer<string | null> {
  if (!SPECIAL.test(pattern)) {
    const digest = await fileDigest(placeOf(place, pattern));
    if (digest !== undefined) return ok(digest);
  }
  const matching = await matchingFiles(place, pattern);
  if (!matching.ok) return matching;
  if (matching.value.length === 0) return ok(null);
  const digests = await Promise.all(matching.value.map((path) => fileDigest(placeOf(place, path))));
  return ok(textsDigest(matching.value.flatMap((path, index) => [path, digests[index] ?? ""])));
}

/**
 * The files that match, sorted, written as the pattern is: relative to the package, or from the root behind `//`. A
 * pattern that names a folder means all files below it. What git keeps for itself never matches.
 */
export async function matchingFiles(place: FilePlace, pattern: string): FileAnswer<readonly string[]> {
  if (pattern.startsWith("!")) return err({ reason: "a pattern that excludes needs one that includes" });
  const prefix = pattern.startsWith(ROOT_PREFIX) ? ROOT_PREFIX : "";
  const base = prefix === "" ? place.packageDir : place.root;
  const text = pattern.slice(prefix.length).replace(/^\.\//, "").replace(/\/$/, "");
  const folder = SPECIAL.test(text) ? undefined : resolveFrom(base, text);
  const found =
    folder !== undefined && (await isFolder(folder))
      ? await globFiles("**", folder)
      : await globFiles(text, base);
  const relative = found.map((path) => relativeTo(base, path));
  return ok(relative.filter((path) => !isGitOwn(path)).map((path) => prefix + path));
}

/** Whether one of the paths, relative to the root, is meant by the patterns; the last that matches decides. */
export function matchesPatterns(
  place: FilePlace,
  patterns: readonly string[],
  paths: readonly string[],
): boolean {
  const rules = patterns.map((pattern) => {
    const excludes = pattern.startsWith("!");
    const absolute = placeOf(place, excludes ? pattern.slice(1) : pattern);
    return { excludes, is: globMatcher(absolute), isBelow: globMatcher(`${absolute}/**`) };
  });
  return paths.some((path) => {
    const absolute = resolveFrom(place.root, path);
    const last = rules.findLast(({ is, isBelow }) => is(absolute) || isBelow(absolute));
    return last !== undefined && !last.excludes;
  });
}

const isGitOwn = (path: string): boolean =>
  path === ".git" || path.startsWith(".git/") || path.includes("/.git/");
