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
    if (hasControls(made.name)) diagnostics.push(unspeakable(made));
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
  // The highest file that says something about the package has the last word, key by key.
  const about: NonNullable<SourceFile["document"]["package"]> = {};
  for (const { document } of own) Object.assign(about, document.package);
  const name = about.name ?? (path === "." ? basename(dir) : path);
  return {
    name,
    prefix: path === "." ? "" : name,
    dir,
    path,
    tags: about.tags ?? [],
    deps:
      explicit.size === 0 && about.deps === undefined
        ? []
        : [...new Set([...(about.deps ?? []), ...(explicit.get(name) ?? [])])],
    config,
    resolve: taskResolver(config),
  };
}

function workspaceDependencies(rootFiles: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, readonly string[]>();
  for (const { document } of rootFiles) {
    const given = document.workspace?.dependencies;
    if (given !== undefined) for (const [name, deps] of Object.entries(given)) edges.set(name, deps);
  }
  return edges;
}

const mainFile = (pkg: Package): string =>
  pkg.config.files.findLast((file) => file.layer === "package")?.path ?? pkg.dir;

/** Whether a name has control characters (Unicode's Cc). A folder's may; a `[package] name` has been checked. */
function hasControls(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

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

function hasProfiles({ config }: Package): boolean {
  for (const { document } of config.files) if (document.profiles !== undefined) return true;
  return false;
}

function checkProfile(root: Package, current: Package, diagnostics: Diagnostic[]): void {
  if (current.config.profile === undefined && !hasProfiles(root) && !hasProfiles(current)) return;
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
      const { package: about, workspace: root } = file.document;
      if ((about?.deps ?? root?.dependencies) === undefined) continue;
      for (const [index, name] of (about?.deps ?? []).entries())
        unknown(name, { file: file.path, path: ["package", "deps", index] });
      for (const [from, deps] of Object.entries(root?.dependencies ?? {})) {
        unknown(from, { file: file.path, path: ["workspace", "dependencies", from], target: "key" });
        for (const [index, name] of deps.entries())
          unknown(name, { file: file.path, path: ["workspace", "dependencies", from, index] });
      }
    }
  }
}
