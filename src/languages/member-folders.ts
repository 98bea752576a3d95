import { globMatcher } from "#base/glob";
import { isInside, relativeTo } from "#base/path";
import { resolvePath } from "#base/workspace-path";

/** A list of folders as somebody wrote it: in the configuration or in a manifest. */
export interface FolderList {
  /** The folder that the list is relative to, absolute. */
  readonly base: string;
  /** Globs and paths; a leading `!` excludes, a leading `//` means the root. */
  readonly folders: readonly string[];
}

/** What a list comes to: folders by name, globs to look for, and what is left out. */
export interface SortedList {
  /** Absolute, inside the root. */
  readonly exact: readonly string[];
  /** Globs relative to the root. */
  readonly globs: readonly string[];
  /** Whether a folder, absolute, is left out. */
  readonly isExcluded: (dir: string) => boolean;
}

const HAS_GLOB = /[*?[\]{}]/;

/** Tells paths from globs and takes the exclusions out. What lies outside of the root is no member. */
export function sortFolders(root: string, { base, folders }: FolderList): SortedList {
  const exact: string[] = [];
  const globs: string[] = [];
  const excluded: ((path: string) => boolean)[] = [];
  for (const entry of folders) {
    const negative = entry.startsWith("!");
    const text = (negative ? entry.slice(1) : entry).replaceAll("\\", "/").replace(/\/+$/, "");
    const target = resolvePath(text, base, root);
    if (!isInside(root, target)) continue;
    const path = relativeTo(root, target);
    if (negative) excluded.push(folderMatcher(path));
    else if (HAS_GLOB.test(text)) globs.push(path);
    else exact.push(target);
  }
  const isExcluded = (dir: string): boolean => {
    if (excluded.length === 0) return false;
    const path = relativeTo(root, dir);
    return excluded.some((matches) => matches(path));
  };
  return { exact, globs, isExcluded };
}

/** What is meant by `a/**` is everything in `a`, files of the folder itself included. */
function folderMatcher(glob: string): (path: string) => boolean {
  const matches = globMatcher(glob);
  return glob.endsWith("/**") ? (path) => matches(path) || matches(`${path}/file`) : matches;
}
