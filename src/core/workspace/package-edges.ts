import type { SourceFile } from "#core/config/config";
import type { DiscoveredPackage } from "#core/config/discovery";
import type { PackageEdge } from "#core/model/package-edge";

const NO_EDGES: readonly PackageEdge[] = [];
const NOTHING: readonly string[] = [];

/** Where the dependencies of a package may be declared beside its own files. */
export interface EdgeSources {
  /** `[workspace.dependencies]` of the root, by package. */
  readonly explicit: ReadonlyMap<string, readonly PackageEdge[]>;
  readonly discovered: DiscoveredPackage | undefined;
  /** Names of all packages by folder. */
  readonly names: ReadonlyMap<string, string>;
}

/** By its own files, by the root's, by its manifests. */
export function packageEdges(
  name: string,
  own: readonly SourceFile[],
  { explicit, discovered, names }: EdgeSources,
): readonly PackageEdge[] {
  const declaring = own.findLast(({ document }) => document.package?.deps !== undefined);
  const given = explicit.get(name);
  if (declaring === undefined && given === undefined && (discovered?.edges.length ?? 0) === 0)
    return NO_EDGES;
  const deps = declaring?.document.package?.deps ?? NOTHING;
  return [
    ...deps.map((on, index) => ({
      on,
      kind: "deps",
      place: { file: declaring?.path ?? "", path: ["package", "deps", index] },
    })),
    ...(given ?? NO_EDGES),
    ...(discovered?.edges ?? []).flatMap(({ on, kind, place }) => {
      const target = names.get(on);
      return target === undefined || target === name ? [] : [{ on: target, kind, place }];
    }),
  ];
}

export function workspaceDependencies(
  rootFiles: readonly SourceFile[],
): ReadonlyMap<string, readonly PackageEdge[]> {
  const edges = new Map<string, readonly PackageEdge[]>();
  for (const { document, path: file } of rootFiles) {
    const given = document.workspace?.dependencies;
    if (given === undefined) continue;
    for (const [name, deps] of Object.entries(given))
      edges.set(
        name,
        deps.map((on, index) => ({
          on,
          kind: "workspace.dependencies",
          place: { file, path: ["workspace", "dependencies", name, index] },
        })),
      );
  }
  return edges;
}
