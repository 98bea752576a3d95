import { basename } from "#base/path";

/** Lock files that can be read for what they say about each package. */
const NAMES: ReadonlySet<string> = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  "Cargo.lock",
]);

/** Whether a path is that of a lock file by its name. */
export const mayBeLock = (path: string): boolean => NAMES.has(basename(path));
