import type { Diagnostic, Place } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { suggest } from "#base/suggest";
import type { PackageConfig, SourceFile } from "#core/config/config";
import type { ProjectFolders } from "#core/config/discovery";
import type { LoadedFiles } from "#core/config/load";
import { buildPackageConfig } from "#core/config/package-config";
import { taskResolver } from "#core/config/resolve-task";
import type { TaskResolver } from "#core/config/resolve-task";
import type { PackageEdge } from "#core/model/package-edge";
import { packageEdges, workspaceDependencies } from "./package-edges";
import type { EdgeSources } from "./package-edges";
import { aboutPackage, packageNames } from "./package-names";

/** A member of the workspace, or the workspace root itself. */
export interface Package {
  /** What it is addressed by: `[package] name`, else its manifest's, else its path; the root's is its folder's name. */
  readonly name: string;
  /** Prefix of its tasks' ids: its name, or nothing for the root. */
  readonly prefix: string;
  readonly dir: string;
  /** Path from the root; `.` for the root. */
  readonly path: string;
  readonly tags: readonly string[];
  /** Names of the packages it depends on. */
  readonly deps: readonly string[];
  /** Every dependency as it is declared; several lead to the same package where several places say so. */
  readonly edges: readonly PackageEdge[];
  /** By `[package] version`, else by its manifest. */
  readonly version?: string;
  /** Absolute paths of the files of its languages that describe it. */
  readonly manifests: readonly string[];
  /** Where those languages keep programs of a project, as far as that always counts. */
  readonly folders: readonly ProjectFolders[];
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
  const shared = rootFiles.map((file) => ({ ...file, layer: "root" as const }));
  const names = packageNames(files);
  const explicit = workspaceDependencies(rootFiles);
  const packages = new Map<string, Package>();
  let current: Package | undefined;
  let rootPackage: Package | undefined;
  for (const [dir, own] of files.packages) {
    const isRoot = dir === files.root;
    const discovered = files.discovery?.packages.get(dir);
    const config = buildPackageConfig(
      {
        dir,
        own,
        shared: isRoot ? NO_FILES : shared,
        ...(files.user === undefined ? {} : { user: files.user }),
        ...(profile === undefined ? {} : { profile }),
        ...(discovered === undefined ? {} : { inferred: discovered.tasks }),
      },
      diagnostics,
    );
    const made = makePackage({ root: files.root, dir, own, config, explicit, discovered, names });
    if (hasControls(made.name)) diagnostics.push(unspeakable(made));
    const before = packages.get(made.name);
    if (before !== undefined) diagnostics.push(sameName(made, before, files));
    else packages.set(made.name, made);
    if (isRoot) rootPackage = made;
    if (dir === files.current) current = made;
  }
  if (rootPackage === undefined) throw new Error("the root's files are always loaded");
  checkProfiles([...packages.values()], { root: rootPackage, current: current ?? rootPackage }, diagnostics);
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

const NO_FILES: readonly SourceFile[] = [];
const NOTHING: readonly string[] = [];
const NO_FOLDERS: readonly ProjectFolders[] = [];

interface PackageSource extends EdgeSources {
  readonly root: string;
  readonly dir: string;
  readonly own: readonly SourceFile[];
  readonly config: PackageConfig;
}

function makePackage({ root, dir, own, config, explicit, discovered, names }: PackageSource): Package {
  const path = relativeTo(root, dir);
  const about = aboutPackage(own);
  const name = names.get(dir) ?? path;
  const edges = packageEdges(name, own, { explicit, discovered, names });
  const version = about.version ?? discovered?.version;
  return {
    name,
    prefix: path === "." ? "" : name,
    dir,
    path,
    tags: about.tags ?? NOTHING,
    deps: edges.length === 0 ? NOTHING : [...new Set(edges.map(({ on }) => on))],
    edges,
    ...(version === undefined ? {} : { version }),
    manifests: discovered?.manifests ?? NOTHING,
    folders: discovered?.folders ?? NO_FOLDERS,
    config,
    resolve: taskResolver(config),
  };
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

function sameName(second: Package, first: Package, files: LoadedFiles): Diagnostic {
  return {
    code: "E142",
    severity: "error",
    data: { name: second.name },
    place: namePlace(second, files),
    related: [{ place: namePlace(first, files), message: "the other one" }],
  };
}

/** Where a package is named: in its configuration, else in its manifest. */
function namePlace(pkg: Package, { packages, discovery }: LoadedFiles): Place {
  const own = packages.get(pkg.dir)?.findLast(({ document }) => document.package?.name !== undefined);
  const manifest = discovery?.packages.get(pkg.dir);
  if (own === undefined && manifest?.name !== undefined && manifest.namePlace !== undefined)
    return manifest.namePlace;
  return { file: own?.path ?? mainFile(pkg), path: ["package", "name"] };
}

function hasProfiles({ config }: Package): boolean {
  for (const { document } of config.files) if (document.profiles !== undefined) return true;
  return false;
}

/** Profiles of all packages: a package sees the root's and its own. */
function checkProfiles(
  packages: readonly Package[],
  { root, current }: { readonly root: Package; readonly current: Package },
  diagnostics: Diagnostic[],
): void {
  const { profile } = current.config;
  const withProfiles = packages.filter(hasProfiles);
  if (profile === undefined && withProfiles.length === 0) return;
  const seen = filesOf(root, current);
  const known = new Set([...seen, ...filesOf(...withProfiles)].flatMap(profileNames));
  if (profile !== undefined && !known.has(profile))
    diagnostics.push({
      code: "E140",
      severity: "error",
      data: { name: profile },
      suggestions: suggest(profile, known),
    });
  for (const file of seen) checkExtends(file, seen, diagnostics);
  for (const pkg of withProfiles) {
    const own = pkg.config.files.filter((file) => !seen.includes(file));
    for (const file of own) checkExtends(file, filesOf(root, pkg), diagnostics);
  }
}

const filesOf = (...packages: readonly Package[]): readonly SourceFile[] => [
  ...new Set(packages.flatMap(({ config }) => config.files)),
];

const profileNames = ({ document }: SourceFile): readonly string[] => Object.keys(document.profiles ?? {});

/** What the profiles of a file extend, among all files that their package sees. */
function checkExtends(file: SourceFile, files: readonly SourceFile[], diagnostics: Diagnostic[]): void {
  const known = new Set(files.flatMap(profileNames));
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
      continue;
    }
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
