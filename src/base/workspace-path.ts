import { resolveFrom } from "./path";

/** A path that a configuration names: relative to a folder; a leading `//` means the workspace root. */
export const resolvePath = (path: string, dir: string, root: string): string =>
  path.startsWith("//") ? resolveFrom(root, path.slice(2)) : resolveFrom(dir, path);
