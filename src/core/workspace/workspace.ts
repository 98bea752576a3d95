import type { Diagnostic, Place } from "#base/diagnostic";
import { basename, relativeTo } from "#base/path";
import { suggest } from "#base/suggest";
import type { PackageConfig, SourceFile } from "#core/config/config";
import type { LoadedFiles } from "#core/config/load";
import { buildPackageConfig } from "#core/config/package-config";
import { taskResolver } from "#core/config/resolve-task";
import type { TaskResolver } from "#core/config/resolve-task";

/** A member of the workspace, or the workspace root itself. */
export interface Package {
  /** What it is addressed by: `[package] name`, else its path; the root's is its folder's name. */
  readonly name: string;
  /** Prefix of its tasks' ids: its name, or nothing for the root. */
  readonly prefix: string;
  readonly dir: string;
  /** Path from the root; `.` for the root. */
  readonly path: string;
  readonly tags: readonly string[];
  /** Names of the packages it depends on. */
  readonly deps: readonly string[];
  readonly config: PackageConfig;
  readonly resolve: TaskResolver;
}

/** A repository with its members: what planning and every listing start from. */
export interface Workspace {
  readonly root: string;
  /** By name; the root comes first. */
  readonly packages: ReadonlyMap<string, Package>;
  readonly rootPackage: Package;
  /** The package in whose folder the command was given. */
  readonly current: Package;
  readonly profile?: string;
}

/** Puts the loaded files together. Problems found on the way are added to `diagnostics`. */
export function buildWorkspace(
  files: LoadedFiles,
  profile: string | undefined,
  diagnostics: Diagnostic[],
): Workspace {
  const rootFiles = files.packages.get(files.root) ?? [];
  const explicit = workspaceDependencies(rootFiles);
  const packages = new Map<string, Package>();
  let current: Package | undefined;
  let rootPackage: Package | undefined;
  for (const [dir, own] of files.packages) {
    const isRoot = dir === files.root;
    const config = buildPackageConfig(
      {
        dir,
        own,
        shared: isRoot ? [] : rootFiles.map((file) => ({ ...file, layer: "root" as const })),
        ...(files.user === undefined ? {} : { user: files.user }),
        ...(profile === undefined ? {} : { profile }),
      },
      diagnostics,
    );
    const made = makePackage({ root: files.root, dir, own, config, explicit });
    if (CONTROL.test(made.name)) diagnostics.push(unspeakable(made));
    const before = packages.get(made.name);
    if (before !== undefined) diagnostics.push(sameName(made, before));
    else packages.set(made.name, made);
    if (isRoot) rootPackage = made;
    if (dir === files.current) current = made;
  }
  if (rootPackage === undefined) throw new Error("the root's files are always loaded");
  checkProfile(rootPackage, current ?? rootPackage, diagnostics);
  const workspace: Workspace = {
    root: files.root,
    packages,
    rootPackage,
    current: current ?? rootPackage,
    ...(profile === undefined ? {} : { profile }),
  };
  checkPackageEdges(workspace, diagnostics);
  return workspace;
}

interface PackageSource {
  readonly root: string;
  readonly dir: string;
  readonly own: readonly SourceFile[];
  readonly config: PackageConfig;
  readonly explicit: ReadonlyMap<string, readonly string[]>;
}

function makePackage({ root, dir, own, config, explicit }: PackageSource): Package {
  const path = relativeTo(root, dir);
  const about = own.map((file) => file.document.package).filter((table) => table !== undefined);
  const last = <T>(pick: (table: (typeof about)[number]) => T | undefined): T | undefined =>
    about.map(pick).findLast((value) => value !== undefined);
  const name = last((table) => table.name) ?? (path === "." ? basename(dir) : path);
  return {
    name,
    prefix: path === "." ? "" : name,
    dir,
    path,
    tags: last((table) => table.tags) ?? [],
    deps: [...new Set([...(last((table) => table.deps) ?? []), ...(explicit.get(name) ?? [])])],
    config,
    resolve: taskResolver(config),
  };
}

function workspaceDependencies(rootFiles: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, readonly string[]>();
  for (const file of rootFiles) {
    for (const [name, deps] of Object.entries(file.document.workspace?.dependencies ?? {}))
      edges.set(name, deps);
  }
  return edges;
}

const mainFile = (pkg: Package): string =>
  pkg.config.files.findLast((file) => file.layer === "package")?.path ?? pkg.dir;

// A folder may be named so; a `[package] name` has been checked.
const CONTROL = /\p{Cc}/u;

const unspeakable = (pkg: Package): Diagnostic => ({
  code: "E117",
  severity: "error",
  data: {
    name: JSON.stringify(pkg.name),
    where: "[package]",
    expected: "no control characters; name the package by [package] name",
  },
  place: { file: mainFile(pkg), path: ["package"], target: "header" },
});

function sameName(second: Package, first: Package): Diagnostic {
  return {
    code: "E142",
    severity: "error",
    data: { name: second.name },
    place: { file: mainFile(second), path: ["package", "name"] },
    related: [{ place: { file: mainFile(first), path: ["package", "name"] }, message: "the other one" }],
  };
}

function checkProfile(root: Package, current: Package, diagnostics: Diagnostic[]): void {
  const files = [...new Set([...root.config.files, ...current.config.files])];
  const known = new Set(files.flatMap((file) => Object.keys(file.document.profiles ?? {})));
  const { profile } = current.config;
  if (profile !== undefined && !known.has(profile)) {
    diagnostics.push({
      code: "E140",
      severity: "error",
      data: { name: profile },
      suggestions: suggest(profile, known),
    });
  }
  for (const file of files) {
    for (const [name, table] of Object.entries(file.document.profiles ?? {})) {
      if (table.extends === undefined) continue;
      const place = { file: file.path, path: ["profiles", name, "extends"] };
      if (!known.has(table.extends)) {
        diagnostics.push({
          code: "E140",
          severity: "error",
          data: { name: table.extends },
          place,
          suggestions: suggest(table.extends, known),
        });
      } else {
        const cycle = profileCycle(files, name);
        if (cycle !== undefined)
          diagnostics.push({
            code: "E134",
            severity: "error",
            data: { kind: "profiles", cycle: cycle.join(" → ") },
            place,
          });
      }
    }
  }
}

/** The way from a profile back to itself, told once: by its alphabetically first member. */
function profileCycle(files: readonly SourceFile[], start: string): string[] | undefined {
  const path = [start];
  for (;;) {
    const last = path.at(-1) ?? start;
    const next = files
      .map((file) => file.document.profiles?.[last]?.extends)
      .findLast((name) => name !== undefined);
    if (next === start) return path.every((name) => start <= name) ? [...path, start] : undefined;
    if (next === undefined || path.includes(next)) return undefined;
    path.push(next);
  }
}

function checkPackageEdges(workspace: Workspace, diagnostics: Diagnostic[]): void {
  const names = workspace.packages;
  const unknown = (name: string, place: Place): void => {
    if (names.has(name)) return;
    diagnostics.push({
      code: "E132",
      severity: "error",
      data: { name },
      place,
      suggestions: suggest(name, names.keys()),
    });
  };
  for (const pkg of names.values()) {
    for (const file of pkg.config.files) {
      if (file.layer === "root" || file.layer === "user") continue;
      for (const [index, name] of (file.document.package?.deps ?? []).entries())
        unknown(name, { file: file.path, path: ["package", "deps", index] });
      for (const [from, deps] of Object.entries(file.document.workspace?.dependencies ?? {})) {
        unknown(from, { file: file.path, path: ["workspace", "dependencies", from], target: "key" });
        for (const [index, name] of deps.entries())
          unknown(name, { file: file.path, path: ["workspace", "dependencies", from, index] });
      }
    }
  }
}
