import { packageManagerOf, type PackageManager } from "#core/model/package-manager";
import { textAt } from "#base/value-at";
import type { FolderFiles } from "./folder-view";

const MANIFEST = "package.json";
const PNPM_WORKSPACE = "pnpm-workspace.yaml";

/** By the `packageManager` field, else by lock file, else npm. */
export const managerOf = (root: FolderFiles): PackageManager =>
  packageManagerOf(textAt(root.value(MANIFEST), "packageManager"), (name) => root.names.has(name)) ??
  (root.names.has(PNPM_WORKSPACE) ? "pnpm" : "npm");
