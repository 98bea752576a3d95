import { definedOnly } from "#base/defined-only";
import { basename, isInside, relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { globalInputTest } from "#core/affected/affected-packages";
import { globalInputs } from "#core/cache/cache-settings";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { Package, Workspace } from "#core/workspace/workspace";
import { WorkspaceFiles } from "#engine/cache/workspace-files";
import { pruneManifest } from "#languages/prune-manifest";
import { crateTargets } from "#languages/crate-targets";
import { pruneLock } from "#languages/prune-lock";
import { copyTo } from "#system/fs/copy-to";
import { fileEntry } from "#system/fs/file-entry";
import { namesIn, removeTree } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import { pruneConfig } from "./prune-config";
import { behindLinksOf, readsOf } from "./pruned-reads";

export interface PruneInput {
  readonly workspace: Workspace;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of the package, or its path from the root. */
  readonly name: string;
  /** Absolute folder of the copy. */
  readonly out: string;
  /** Write nothing. */
  readonly isDry: boolean;
}

/** What a copy holds. */
export interface Pruned {
  /** Names of the packages, in the order of the workspace. */
  readonly packages: readonly string[];
  /** Paths from the copy's folder. */
  readonly manifests: readonly string[];
  readonly sources: readonly string[];
  /** What is worth knowing about it, a sentence each. */
  readonly notes: readonly string[];
}

/** Files of the root that say which packages there are and which dependencies they have. */
const ROOT_MANIFESTS: ReadonlySet<string> = new Set([
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  ".npmrc",
  "yarn.lock",
  ".yarnrc.yml",
  ".yarnrc",
  "bun.lock",
  "bun.lockb",
  "bunfig.toml",
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain",
  "rust-toolchain.toml",
  ".cargo/config.toml",
  "go.mod",
  "go.sum",
  "go.work",
  "go.work.sum",
  "pyproject.toml",
  "uv.lock",
  "poetry.lock",
  "pdm.lock",
  "requirements.txt",
]);
const MEMBER_MANIFESTS: ReadonlySet<string> = new Set([
  "package.json",
  "Cargo.toml",
  "go.mod",
  "go.sum",
  "pyproject.toml",
  "requirements.txt",
]);
/** What manifests make a package manager read when it installs: itself, its plugins, and patches of dependencies. */
const OF_INSTALLING = /^\.yarn\/(?:releases|plugins)\/|\.patch$/;
const MARK = ".zr-prune";

/**
 * Makes a copy of a workspace that is enough to build one package: in `json/` the manifests and lock files, in `full/` all
 * of it, cut down to the package, what it depends on and what its tasks name. What git ignores is left out.
 */
export async function pruneWorkspace(input: PruneInput): Promise<Result<Pruned, Problems>> {
  const { workspace, name, out } = input;
  const target =
    workspace.packages.get(name) ?? [...workspace.packages.values()].find(({ path }) => path === name);
  if (target === undefined)
    return err(
      plainProblems({
        code: "E132",
        severity: "error",
        data: { name },
        suggestions: suggest(name, workspace.packages.keys()),
      }),
    );
  const wrong = await folderProblem(out, workspace);
  if (wrong !== undefined)
    return err(plainProblems({ code: "E366", severity: "error", data: { path: out, reason: wrong } }));
  const kept = keptPackages(workspace, target);
  const isTarget = await targetsOf([...workspace.packages.values()].filter((pkg) => kept.has(pkg.name)));
  const files = await filesOf(input, kept, isTarget);
  const copy = new Copy(input, kept, isTarget);
  if (!input.isDry) {
    await removeTree(`${out}/json`);
    await removeTree(`${out}/full`);
  }
  for (const file of files) {
    const problem = await copy.add(file);
    if (problem !== undefined)
      return err(plainProblems({ code: "E190", severity: "error", data: { path: file, reason: problem } }));
  }
  const marked = input.isDry
    ? ok(undefined)
    : await writeFileAtomically(`${out}/${MARK}`, `${target.name}\n`);
  if (!marked.ok)
    return err(plainProblems({ code: "E190", severity: "error", data: { path: out, reason: marked.error } }));
  return ok({
    packages: [...workspace.packages.keys()].filter((pkg) => kept.has(pkg)),
    manifests: copy.manifests,
    sources: files,
    notes: copy.notes,
  });
}

/** Only an empty folder or a former copy is written to: whatever else is there might be somebody's. */
async function folderProblem(out: string, { root, packages }: Workspace): Promise<string | undefined> {
  if (isInside(out, root)) return "it holds the workspace itself";
  if ([...packages.values()].some(({ dir }) => dir !== root && isInside(dir, out)))
    return "it lies in a package, which would be copied into itself";
  const names = await namesIn(out);
  return names.length > 0 && !names.includes(MARK)
    ? "it is not empty and no copy that was made before"
    : undefined;
}

/** The package with what it depends on, at any distance, and the packages whose tasks those name. The root is always there. */
function keptPackages(workspace: Workspace, target: Package): ReadonlySet<string> {
  const { rootPackage } = workspace;
  // The root's manifest is in every copy, so what it depends on has to be there too.
  const ofRoot = rootPackage.edges.filter(({ place }) => rootPackage.manifests.includes(place.file));
  const kept = new Set([target.name, ...ofRoot.map(({ on }) => on)]);
  // What is added on the way is looked at too.
  for (const name of kept) {
    const pkg = workspace.packages.get(name);
    if (pkg === undefined) continue;
    for (const dep of pkg.deps) kept.add(dep);
    if (pkg === rootPackage) continue;
    for (const entry of pkg.config.tasks.values())
      for (const link of taskLinks(pkg.resolve(entry).table)) {
        if (/^(?:\^|\*:|tag:)/.test(link.name)) continue;
        const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
        for (const other of resolveReference(workspace, origin, parseReference(link.name).name))
          kept.add(other.pkg.name);
      }
  }
  kept.add(rootPackage.name);
  return kept;
}

/** Paths from the root, sorted: the kept members' files, and of the root what lies at its top or is said to concern all. */
async function filesOf(
  { workspace, env, out }: PruneInput,
  kept: ReadonlySet<string>,
  isTarget: (path: string) => boolean,
): Promise<readonly string[]> {
  const packages = [...workspace.packages.values()];
  const listing = new WorkspaceFiles({
    root: workspace.root,
    packageDirs: packages.map(({ dir }) => dir),
    env: definedOnly(env),
    userIgnoreFiles: [],
  });
  const isGlobal = globalInputTest(globalInputs(workspace));
  const members = packages.filter((pkg) => kept.has(pkg.name) && pkg !== workspace.rootPackage);
  const isRead = readsOf(workspace, members);
  const isOfAll = (path: string): boolean =>
    !path.includes("/") ||
    ROOT_MANIFESTS.has(path) ||
    OF_INSTALLING.test(path) ||
    isGlobal(path) ||
    isTarget(path) ||
    isRead(`${workspace.root}/${path}`);
  const pathsOf = async (pkg: Package): Promise<readonly string[]> => {
    const config = pkg.config.files.filter(({ layer }) => layer === "package").map(({ path }) => path);
    return [...new Set([...(await listing.of(pkg.dir)), ...config])]
      .filter((path) => isInside(workspace.root, path) && !isInside(out, path))
      .map((path) => relativeTo(workspace.root, path))
      .filter((path) => !path.startsWith(".git/") && !path.startsWith(".zr/"));
  };
  const found = new Set((await Promise.all(members.map(pathsOf))).flat());
  const isLinked = await behindLinksOf(workspace.root, found);
  for (const path of await pathsOf(workspace.rootPackage))
    if (isOfAll(path) || isLinked(path)) found.add(path);
  return [...found].sort();
}

/** Whether a file, by its path from the root, is what Cargo builds of a crate: without it no manifest of all is read. */
async function targetsOf(packages: readonly Package[]): Promise<(path: string) => boolean> {
  const crates = await Promise.all(
    packages.map(async ({ path, dir }) => {
      const read = await readText(`${dir}/Cargo.toml`);
      const prefix = path === "." ? "" : `${path}/`;
      return read.kind === "text" ? [{ prefix, isTarget: crateTargets(read.text) }] : [];
    }),
  );
  const all = crates.flat();
  return (path) =>
    path.endsWith(".rs") &&
    all.some(({ prefix, isTarget }) => path.startsWith(prefix) && isTarget(path.slice(prefix.length)));
}

/** The manifest that the members have which a manifest of the root lists. */
const LISTED_BY: Readonly<Record<string, string>> = {
  "package.json": "package.json",
  "pnpm-workspace.yaml": "package.json",
  "Cargo.toml": "Cargo.toml",
};

/** One copy in the making. */
class Copy {
  readonly manifests: string[] = [];
  readonly notes: string[] = [];
  readonly #input: PruneInput;
  readonly #members: readonly Package[];
  readonly #gone: readonly Package[];
  readonly #isTarget: (file: string) => boolean;

  constructor(input: PruneInput, kept: ReadonlySet<string>, isTarget: (file: string) => boolean) {
    this.#input = input;
    this.#isTarget = isTarget;
    const packages = [...input.workspace.packages.values()];
    this.#members = packages.filter(({ name }) => kept.has(name));
    this.#gone = packages.filter(({ name }) => !kept.has(name));
  }

  /** Copies a file to where it belongs, or only notes it; the reason where that is not possible. */
  async add(file: string): Promise<string | undefined> {
    const { workspace, out, isDry } = this.#input;
    const isManifest = this.#isManifest(file);
    const text = await this.#changed(file);
    const stub = isManifest ? undefined : this.#stub(file);
    if (isManifest || stub !== undefined) this.manifests.push(file);
    if (isDry) return undefined;
    for (const folder of ["json", "full"] as const) {
      if (folder === "json" && !isManifest && stub === undefined) continue;
      const place = `${out}/${folder}/${file}`;
      const content = folder === "json" ? (stub ?? text) : text;
      const done =
        content === undefined
          ? await copyTo(`${workspace.root}/${file}`, place)
          : await writeFileAtomically(place, content);
      if (!done.ok) return done.error;
    }
    return undefined;
  }

  #isManifest(file: string): boolean {
    if (ROOT_MANIFESTS.has(file) || OF_INSTALLING.test(file)) return true;
    const name = basename(file);
    return MEMBER_MANIFESTS.has(name) && this.#members.some(({ path }) => file === `${path}/${name}`);
  }

  /** Cargo reads no manifest without the files that it builds: empty ones do, until the sources come. */
  #stub(file: string): string | undefined {
    if (!file.endsWith(".rs") || !this.#isTarget(file)) return undefined;
    return /(?:^|\/)src\/lib\.rs$/.test(file) ? "" : "fn main() {}\n";
  }

  /** The text of a file that names packages which are gone; undefined where it is copied as it is. */
  async #changed(file: string): Promise<string | undefined> {
    const { workspace } = this.#input;
    const manifestName = LISTED_BY[file];
    // What has no manifest of the kind is nothing to list, whatever else it is.
    const listed = this.#members.filter(
      ({ dir }) => manifestName === undefined || fileEntry(`${dir}/${manifestName}`)?.kind === "file",
    );
    const paths = { kept: listed.map(({ path }) => path), gone: this.#gone.map(({ path }) => path) };
    if (this.#gone.length === 0 || file.includes("/")) return undefined;
    const isConfig = file === "zr.toml";
    if (!isConfig && !ROOT_MANIFESTS.has(file)) return undefined;
    const read = await readText(`${workspace.root}/${file}`);
    if (read.kind !== "text") return undefined;
    if (isConfig) {
      const config = pruneConfig(read.text, { workspace, members: this.#members });
      this.notes.push(...config.notes);
      return config.text;
    }
    const manifest = pruneManifest(file, read.text, paths);
    if (manifest !== undefined) return manifest;
    const lock = await this.#pruneLock(file, read.text);
    if (lock === "whole")
      this.notes.push(`${file} is copied whole: it still names packages that are not there`);
    return lock === "whole" ? undefined : lock;
  }

  async #pruneLock(file: string, text: string): Promise<string | "whole" | undefined> {
    const { workspace } = this.#input;
    const memberOf = async ({
      path,
      dir,
    }: Package): Promise<{ path: string; manifest: string | undefined }> => {
      const read = await readText(`${dir}/${file === "Cargo.lock" ? "Cargo.toml" : "package.json"}`);
      return { path, manifest: read.kind === "text" ? read.text : undefined };
    };
    const all = [...workspace.packages.values()];
    return pruneLock(file, text, {
      kept: await Promise.all(all.filter((pkg) => this.#members.includes(pkg)).map(memberOf)),
      gone: await Promise.all(this.#gone.map(memberOf)),
    });
  }
}
