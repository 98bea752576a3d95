import { resolveFrom } from "#base/path";

/** A path that a task names: relative to its package; a leading `//` means the workspace root. */
export const resolvePath = (path: string, dir: string, root: string): string =>
  path.startsWith("//") ? resolveFrom(root, path.slice(2)) : resolveFrom(dir, path);
