import { dirname, isInside, relativeTo, resolveFrom } from "#base/path";
import { fileEntry } from "#system/fs/file-entry";
import { realFolder } from "#system/fs/kept-files";

/** A folder of a workspace that is a symbolic link. */
export interface LinkedFolder {
  /** Path from the workspace root. */
  readonly path: string;
  /** Absolute, with no link in it. */
  readonly target: string;
}

/**
 * The folders that are links among some of a workspace and what they lie in. Git tells of changes where files really
 * are; who asks for the link is told by this what else its files are called.
 *
 * @param paths from the root.
 */
export async function linkedFolders(root: string, paths: Iterable<string>): Promise<readonly LinkedFolder[]> {
  const seen = new Set(["."]);
  const links: string[] = [];
  for (const path of paths) {
    for (let at = path; !seen.has(at) && !at.startsWith(".."); at = dirname(at)) {
      seen.add(at);
      if (fileEntry(resolveFrom(root, at))?.kind === "symlink") links.push(at);
    }
  }
  const found = await Promise.all(
    links.map(async (path) => {
      const target = await realFolder(resolveFrom(root, path)).catch(() => undefined);
      return target === undefined ? [] : [{ path, target }];
    }),
  );
  return found.flat();
}

/**
 * What changed files are called below links that lead to them.
 *
 * @param top absolute, with no link in it: what `files` are relative to.
 * @returns for each such path from the workspace root the file's own path from `top`.
 */
export function filesBehindLinks(
  links: readonly LinkedFolder[],
  { top, files }: { readonly top: string; readonly files: readonly string[] },
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, target } of links) {
    if (!isInside(top, target)) continue;
    const below = relativeTo(top, target);
    const prefix = below === "." ? "" : `${below}/`;
    for (const file of files)
      if (file.startsWith(prefix)) found.set(`${path}/${file.slice(prefix.length)}`, file);
  }
  return found;
}
