import { isInside, relativeTo } from "#base/path";
import type { ChangeablePackage, ChangeScope } from "#core/affected/affected-packages";
import { globalInputs } from "#core/cache/cache-settings";
import { sharedEnvironmentFiles } from "#core/plan/environment-files";
import type { Package, Workspace } from "#core/workspace/workspace";
import { defaultBaseOf } from "./default-base";

/** A workspace as far as it matters what a change affects. */
export function changeScope(workspace: Workspace): ChangeScope {
  const defaultBase = defaultBaseOf(workspace);
  const languages = workspace.rootPackage.config.files.flatMap(
    ({ document }) => document.workspace?.languages ?? [],
  );
  return {
    root: workspace.root,
    packages: [...workspace.packages.values()].map((pkg) => changeable(pkg, workspace)),
    globalInputs: globalInputs(workspace),
    ...(languages.length === 0 ? {} : { languages }),
    ...(defaultBase === undefined ? {} : { defaultBase }),
  };
}

function changeable(pkg: Package, workspace: Workspace): ChangeablePackage {
  const { name, path, deps, dir } = pkg;
  const files = new Set([...ownConfigFiles(pkg, workspace), ...sharedEnvironmentFiles(pkg, workspace.root)]);
  const elsewhere = [...files].filter((file) => isInside(workspace.root, file) && !isInside(dir, file));
  return elsewhere.length === 0
    ? { name, path, deps }
    : { name, path, deps, includes: elsewhere.map((file) => relativeTo(workspace.root, file)) };
}

/** Absolute paths of the files that a package's configuration is made of, without those that all packages share. */
export function ownConfigFiles(pkg: Package, { rootPackage }: Workspace): readonly string[] {
  const shared = pkg === rootPackage ? [] : rootPackage.config.files;
  return pkg.config.files.filter((file) => !shared.includes(file)).map(({ path }) => path);
}
