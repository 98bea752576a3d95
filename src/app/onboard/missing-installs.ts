import { resolveFrom } from "#base/path";
import { setupSettings } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import { pathExists } from "#system/fs/path-exists";
import { findInstallations } from "./find-installs";

/**
 * Whether dependencies of packages are not installed, as far as what an installation leaves behind can tell: none of it
 * is there.
 */
export async function missesInstalls(workspace: Workspace): Promise<boolean> {
  const { deps } = setupSettings(workspace.rootPackage.config.files);
  for (const { dir, makes } of await findInstallations(workspace, deps)) {
    const there = await Promise.all(makes.map((name) => pathExists(resolveFrom(dir, name))));
    if (there.length > 0 && !there.includes(true)) return true;
  }
  return false;
}
