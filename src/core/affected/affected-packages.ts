import { dirname } from "#base/path";
import { isMeant, watchPattern } from "#core/watch/watch-pattern";

/** A package as far as it matters what a change affects. */
export interface ChangeablePackage {
  readonly name: string;
  /** Path from the workspace root; `.` for the root. */
  readonly path: string;
  /** Names of the packages it depends on. */
  readonly deps: readonly string[];
  /** Paths from the workspace root of files in other folders that its configuration and its variables are made of. */
  readonly includes?: readonly string[];
}

/** A workspace as far as it matters what a change affects. */
export interface ChangeScope {
  /** Absolute. */
  readonly root: string;
  readonly packages: readonly ChangeablePackage[];
  /** Globs from the root: a change of such a file changes every package. */
  readonly globalInputs: readonly string[];
  /** Globs from the root of files that describe languages, which decide what packages and tasks there are. */
  readonly languages?: readonly string[];
  /** `[workspace] default_base`. */
  readonly defaultBase?: string;
}

/** What is known of a change to a lock file: which packages resolve to other dependencies, by path, or nothing. */
export interface LockChange {
  /** Path from the workspace root. */
  readonly file: string;
  /** `undefined`: it can't be told, so every package that the file is about is affected. */
  readonly packages: ReadonlySet<string> | undefined;
  /** Folder of the lock file from the workspace root; `.` for the root. Packages elsewhere don't use it. */
  readonly folder: string;
}

/** Why a package is changed itself. */
export type ChangeReason =
  | { readonly kind: "files"; readonly files: readonly string[] }
  /** A file of `global_inputs`, or of another key of `[workspace]`. */
  | { readonly kind: "global"; readonly file: string; readonly key?: "languages" }
  /** `isKnown`: the lock file gives the package other dependencies; else nobody can tell. */
  | { readonly kind: "lock"; readonly file: string; readonly isKnown: boolean };

/** Why a package is affected. A chain begins with the package itself and ends with the one that is the cause. */
export type AffectedReason =
  | ChangeReason
  /** Each depends on the next; the last is changed. */
  | { readonly kind: "depends"; readonly chain: readonly string[] }
  /** The next ones depend on it; the last is affected. */
  | { readonly kind: "needed"; readonly chain: readonly string[] };

export interface ChangeInput extends Pick<ChangeScope, "globalInputs" | "languages"> {
  readonly packages: Iterable<ChangeablePackage>;
  /** Paths from the workspace root. */
  readonly files: readonly string[];
  /** What is known of the lock files among the files. */
  readonly locks: readonly LockChange[];
}

/**
 * The packages that a list of changed files changes, with the reason, in the order of the packages. A file belongs to
 * the package with the longest path that it lies in; the root package has what lies in no other.
 */
export function changedPackages(input: ChangeInput): ReadonlyMap<string, ChangeReason> {
  const packages = [...input.packages];
  const isGlobal = globalInputTest(input.globalInputs);
  const global = input.files.find(isGlobal);
  if (global !== undefined)
    return new Map(packages.map(({ name }) => [name, { kind: "global", file: global }]));
  const language = input.files.find(globalInputTest(input.languages ?? []));
  if (language !== undefined)
    return new Map(packages.map(({ name }) => [name, { kind: "global", file: language, key: "languages" }]));
  const locks = new Map(input.locks.map((lock) => [lock.file, lock]));
  const own = filesByPackage(
    packages,
    input.files.filter((file) => !locks.has(file)),
  );
  const changed = new Map<string, ChangeReason>();
  for (const pkg of packages) {
    const files = ownFiles(own.get(pkg.name), pkg, input.files);
    if (files !== undefined) changed.set(pkg.name, { kind: "files", files });
    else {
      const lock = input.locks.find((one) => isLockedBy(one, pkg.path));
      if (lock !== undefined)
        changed.set(pkg.name, { kind: "lock", file: lock.file, isKnown: lock.packages !== undefined });
    }
  }
  return changed;
}

/** With the files elsewhere that its configuration is made of. */
function ownFiles(
  own: readonly string[] | undefined,
  { includes }: ChangeablePackage,
  files: readonly string[],
): readonly string[] | undefined {
  if (includes === undefined) return own;
  const elsewhere = files.filter((file) => includes.includes(file));
  return elsewhere.length === 0 ? own : [...(own ?? []), ...elsewhere];
}

const isLockedBy = ({ packages, folder }: LockChange, path: string): boolean =>
  packages === undefined
    ? folder === "." || path === folder || path.startsWith(`${folder}/`)
    : packages.has(path);

/** Whether a path from the root is among `global_inputs`, by the rules of inputs: a folder means all below it, `!` not. */
export function globalInputTest(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => watchPattern(glob, { root: "/", dir: "/" }) ?? []);
  return (path) => isMeant(patterns, `/${path}`);
}

/** The files of each package that has any, in the order of the files. */
export function filesByPackage(
  packages: Iterable<Pick<ChangeablePackage, "name" | "path">>,
  files: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const byPath = new Map<string, string>();
  for (const { name, path } of packages) byPath.set(path, name);
  const found = new Map<string, string[]>();
  for (const file of files) {
    // A repository inside of this one is told as one path, which may be a package's own.
    let folder = byPath.has(file) ? file : dirname(file);
    while (folder !== "." && !byPath.has(folder)) folder = dirname(folder);
    const owner = byPath.get(folder);
    if (owner === undefined) continue;
    const list = found.get(owner);
    if (list === undefined) found.set(owner, [file]);
    else list.push(file);
  }
  return found;
}

export interface SpreadOptions {
  /** Also what depends on a changed package, at any distance. */
  readonly dependents: boolean;
  /** Leave out the changed packages themselves. */
  readonly excludeSelf: boolean;
  /** Also what an affected package depends on, at any distance. */
  readonly dependencies: boolean;
}

/**
 * What changed packages affect, each with the shortest way to a cause, in the order of the packages. A breadth-first
 * walk from all changed packages at once, so that ties go to the package that comes first.
 */
export function spreadChanges(
  packages: Iterable<ChangeablePackage>,
  changed: ReadonlyMap<string, AffectedReason>,
  options: SpreadOptions,
): ReadonlyMap<string, AffectedReason> {
  const list = [...packages];
  const reasons = new Map<string, AffectedReason>(changed);
  if (options.dependents) {
    const dependents = dependentsOf(list);
    walk(reasons, "depends", (name) => dependents.get(name) ?? []);
  }
  if (options.excludeSelf) for (const name of changed.keys()) reasons.delete(name);
  if (options.dependencies) {
    const deps = new Map(list.map((pkg) => [pkg.name, pkg.deps]));
    walk(reasons, "needed", (name) => (deps.get(name) ?? []).filter((dep) => deps.has(dep)));
  }
  return new Map(
    list.flatMap(({ name }) => {
      const reason = reasons.get(name);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
  );
}

/** The packages that depend on each, in the order of the packages. */
function dependentsOf(packages: readonly ChangeablePackage[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, deps } of packages)
    for (const dep of deps) {
      const list = dependents.get(dep);
      if (list === undefined) dependents.set(dep, [name]);
      else list.push(name);
    }
  return dependents;
}

function walk(
  reasons: Map<string, AffectedReason>,
  kind: "depends" | "needed",
  next: (name: string) => readonly string[],
): void {
  const chains = new Map<string, readonly string[]>();
  const queue = [...reasons.keys()];
  for (const name of queue) {
    const chain = chains.get(name) ?? [name];
    for (const neighbour of next(name)) {
      if (reasons.has(neighbour)) continue;
      const longer = [neighbour, ...chain];
      chains.set(neighbour, longer);
      reasons.set(neighbour, { kind, chain: longer });
      queue.push(neighbour);
    }
  }
}
