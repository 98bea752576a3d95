import { globMatcher } from "#base/glob";
import { isInside, relativeTo } from "#base/path";
import { resolvePath } from "#base/workspace-path";
import type { PackageFilter, PackageSelector } from "./package-filter";
import type { Package, Workspace } from "./workspace";

export interface Selection {
  /** In the order of the workspace. */
  readonly packages: readonly Package[];
  /** Filters that mean no package by name, path or tag, whatever has changed. */
  readonly idle: readonly PackageFilter[];
}

export interface SelectionScope {
  /** Absolute; paths in filters are relative to it. */
  readonly cwd: string;
  /** Names of the packages that have changed, by base. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The packages that filters mean together: all that some filter adds, or all where none adds, without those taken away. */
export function selectPackages(
  workspace: Workspace,
  filters: readonly PackageFilter[],
  scope: SelectionScope,
): Selection {
  const all = [...workspace.packages.values()];
  const reach = new Reach(all);
  const idle: PackageFilter[] = [];
  const meantBy = (filter: PackageFilter): ReadonlySet<string> => {
    const named = namedBy(all, filter.selector, { cwd: scope.cwd, root: workspace.root });
    if (named.length === 0) idle.push(filter);
    const { base } = filter.selector;
    const changed = base === undefined ? undefined : scope.changed.get(base);
    const meant = named.filter(({ name }) => changed?.has(name) ?? true).map(({ name }) => name);
    return reach.around(meant, filter);
  };
  const adding = filters.filter(({ excludes }) => !excludes).map(meantBy);
  const removing = filters.filter(({ excludes }) => excludes).map(meantBy);
  const packages = all.filter(
    ({ name }) =>
      (adding.length === 0 || adding.some((names) => names.has(name))) &&
      !removing.some((names) => names.has(name)),
  );
  return { packages, idle };
}

function namedBy(
  packages: readonly Package[],
  { name, path, tags }: PackageSelector,
  place: { readonly cwd: string; readonly root: string },
): readonly Package[] {
  const tagged =
    tags.length === 0 ? packages : packages.filter((pkg) => tags.every((tag) => pkg.tags.includes(tag)));
  if (name !== undefined) return byName(tagged, name);
  if (path === undefined) return tagged;
  const target = resolvePath(path, place.cwd, place.root);
  if (/[*?[{]/.test(path)) {
    const matches = globMatcher(relativeTo(place.root, target));
    return tagged.filter((pkg) => matches(pkg.path));
  }
  return tagged.filter(({ dir }) => isInside(target, dir));
}

/**
 * `web` is the package of that name, else those whose name ends in `/web`: the part behind a scope, or a folder. A glob
 * without a slash is held against both.
 */
function byName(packages: readonly Package[], pattern: string): readonly Package[] {
  const matches = globMatcher(pattern);
  const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
  const exact = packages.filter(({ name }) => matches(name));
  const isGlob = /[*?[{(]/.test(pattern);
  if (pattern.includes("/") || (exact.length > 0 && !isGlob)) return exact;
  return packages.filter(({ name }) => matches(name) || matches(lastPart(name)));
}

/** The package of a name, else the only one whose name ends in it behind a slash, or whose path it is. */
export function findPackage(workspace: Workspace, name: string): Package | undefined {
  const exact = workspace.packages.get(name);
  if (exact !== undefined) return exact;
  const near = [...workspace.packages.values()].filter(
    (pkg) => pkg.path === name || pkg.name.endsWith(`/${name}`),
  );
  return near.length === 1 ? near[0] : undefined;
}

/** Follows the edges between packages. */
class Reach {
  readonly #packages: readonly Package[];
  #dependents: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(packages: readonly Package[]) {
    this.#packages = packages;
  }

  around(names: readonly string[], filter: PackageFilter): ReadonlySet<string> {
    const found = new Set(filter.exceptSelf ? [] : names);
    if (filter.dependencies) for (const name of this.#follow(names, this.#needs())) found.add(name);
    if (filter.dependents) for (const name of this.#follow(names, this.#neededBy())) found.add(name);
    // One selected package may depend on another; itself it is left out all the same.
    if (filter.exceptSelf) for (const name of names) found.delete(name);
    return found;
  }

  #follow(names: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
    const reached = new Set(names);
    for (const name of reached) for (const other of next(name)) reached.add(other);
    return reached;
  }

  #needs(): (name: string) => readonly string[] {
    const deps = new Map(this.#packages.map((pkg) => [pkg.name, pkg.deps]));
    return (name) => deps.get(name) ?? [];
  }

  #neededBy(): (name: string) => readonly string[] {
    if (this.#dependents === undefined) {
      const dependents = new Map<string, string[]>(this.#packages.map(({ name }) => [name, []]));
      for (const { name, deps } of this.#packages) for (const dep of deps) dependents.get(dep)?.push(name);
      this.#dependents = dependents;
    }
    const known = this.#dependents;
    return (name) => known.get(name) ?? [];
  }
}
