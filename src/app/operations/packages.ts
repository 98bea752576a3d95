import type { Package, Workspace } from "#core/workspace/workspace";
import { packageEdges } from "./graph";
import type { DeclaredEdge } from "./graph";
import type { Place } from "#base/diagnostic";
import { relativeTo } from "#base/path";

/** One package of a listing. */
export interface ListedPackage {
  readonly name: string;
  /** From the workspace root; `.` for the root. */
  readonly path: string;
  readonly version: string | undefined;
  readonly tags: readonly string[];
  /** Paths of its manifests from the workspace root. */
  readonly manifests: readonly string[];
  readonly deps: readonly string[];
  /** Names of its tasks that are not hidden. */
  readonly tasks: readonly string[];
}

/** Everything about one package. */
export interface PackageInfo extends ListedPackage {
  readonly dependencies: readonly { readonly name: string; readonly declared: readonly DeclaredEdge[] }[];
  readonly dependents: readonly string[];
}

/** The packages as they are listed, in the order of the workspace. */
export const listPackages = (workspace: Workspace, packages: readonly Package[]): readonly ListedPackage[] =>
  packages.map((pkg) => ({
    name: pkg.name,
    path: pkg.path,
    version: pkg.version,
    tags: pkg.tags,
    manifests: pkg.manifests.map((file) => relativeTo(workspace.root, file)),
    deps: pkg.deps,
    tasks: [...pkg.config.tasks.values()]
      .filter((entry) => !(pkg.resolve(entry).table.hidden ?? entry.name.startsWith("_")))
      .map(({ name }) => name),
  }));

/** One package with its neighbours and where its dependencies are declared. */
export function packageInfo(
  workspace: Workspace,
  pkg: Package,
  lineOf: (place: Place) => number,
): PackageInfo | undefined {
  const [listed] = listPackages(workspace, [pkg]);
  return listed === undefined
    ? undefined
    : {
        ...listed,
        dependencies: packageEdges(pkg, workspace, lineOf).map(({ to, declared = [] }) => ({
          name: to,
          declared,
        })),
        dependents: [...workspace.packages.values()]
          .filter(({ deps }) => deps.includes(pkg.name))
          .map(({ name }) => name),
      };
}
