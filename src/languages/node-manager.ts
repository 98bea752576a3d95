import type { FolderFiles } from "./folder-view";
import { textAt } from "./manifest-value";

const MANIFEST = "package.json";
const PNPM_WORKSPACE = "pnpm-workspace.yaml";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** Lock files by package manager. */
export const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** By the `packageManager` field, else by lock file, else npm. */
export function managerOf(root: FolderFiles): PackageManager {
  const declared = textAt(root.value(MANIFEST), "packageManager")?.split("@", 1)[0];
  const known =
    LOCK_FILES.find(([, manager]) => manager === declared) ??
    LOCK_FILES.find(([file]) => root.names.has(file));
  return known?.[1] ?? (root.names.has(PNPM_WORKSPACE) ? "pnpm" : "npm");
}
