import { CONFIG_NAME, CONFIG_NAMES } from "#core/config/config-names";
import { ancestors, dirname, isInside } from "#base/path";
import { IgnoredPaths } from "#engine/watch/ignored-paths";
import { fileEntry, folderEntries } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";
import { noteObstacle } from "#system/fs/read-trace";
import { gitEnvironment, otherGitEnvironment } from "#system/git/git-environment";
import { captureCommand } from "#system/process/capture";
import { isHalfFile } from "./half-files";
import { innerRepositories } from "./inner-repositories";
import { noteListing } from "./note-listing";

export interface WorkspaceFilesOptions {
  /** Absolute. */
  readonly root: string;
  /** Folders of all packages, the root's too. */
  readonly packageDirs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Ignore files of the user that hold everywhere. */
  readonly userIgnoreFiles: readonly string[];
  /** Folders of zr's own, wherever they lie: nothing in them is anybody's input. */
  readonly ownFolders?: readonly string[];
}

const LIMIT_MS = 60_000;
const NO_FILES: readonly string[] = [];

/** Files that git does not ignore, by package: asked of git once a run, found by an own walk where there is no git. */
export class WorkspaceFiles {
  readonly #options: WorkspaceFilesOptions;
  readonly #packageDirs: ReadonlySet<string>;
  readonly #ownFolders: readonly string[];
  readonly #ignored: IgnoredPaths;
  readonly #owners = new Map<string, string>();
  #listing: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  readonly #again = new Map<string, readonly string[]>();
  readonly #stale = new Set<string>();
  readonly #forgotten = new Map<string, number>();

  constructor(options: WorkspaceFilesOptions) {
    this.#options = options;
    this.#packageDirs = new Set(options.packageDirs);
    this.#ownFolders = (options.ownFolders ?? []).filter((folder) => isInside(options.root, folder));
    this.#ignored = new IgnoredPaths({
      root: options.root,
      read: readAtOnce,
      userFiles: options.userIgnoreFiles,
    });
  }

  /** Has the files listed while other things are done. */
  prepare(): void {
    this.#listing ??= this.#list();
  }

  /** Absolute paths of the files of a package; those of packages inside of it are not its own. */
  async of(packageDir: string): Promise<readonly string[]> {
    const isStale = this.#stale.delete(packageDir) && this.#listing !== undefined;
    this.#listing ??= this.#list();
    const known = this.#again.get(packageDir) ?? (await this.#listing).get(packageDir) ?? NO_FILES;
    if (!isStale) return known;
    const again = this.#listAgain(packageDir, known);
    this.#again.set(packageDir, again);
    return again;
  }

  /** How often packages have been forgotten that a folder lies in or that lie in it. */
  changesAround(folder: string): number {
    let changes = 0;
    for (const [dir, count] of this.#forgotten)
      if (isInside(folder, dir) || this.ownerOf(folder) === dir) changes += count;
    return changes;
  }

  /** Absolute paths of all files below a folder, of whatever package. */
  async below(folder: string): Promise<readonly string[]> {
    const owner = this.ownerOf(folder);
    const dirs = [...this.#packageDirs].filter((dir) => dir !== owner && isInside(folder, dir));
    const found: string[] = [];
    for (const dir of [owner, ...dirs])
      for (const path of await this.of(dir)) if (isInside(folder, path)) found.push(path);
    return found;
  }

  /** Something may have written files there that nobody has declared: they are looked for again. */
  forget(packageDir: string): void {
    this.#stale.add(packageDir);
    this.#forgotten.set(packageDir, (this.#forgotten.get(packageDir) ?? 0) + 1);
  }

  /** Whether a package has been forgotten. */
  isForgotten(packageDir: string): boolean {
    return this.#forgotten.has(packageDir);
  }

  /** The folder of the package that a folder belongs to. */
  ownerOf(folder: string): string {
    const known = this.#owners.get(folder);
    if (known !== undefined) return known;
    const owner = this.#packageDirs.has(folder)
      ? folder
      : folder === this.#options.root || !isInside(this.#options.root, folder)
        ? this.#options.root
        : this.ownerOf(dirname(folder));
    this.#owners.set(folder, owner);
    return owner;
  }

  /** Whether git ignores a path or a folder above it. */
  isIgnored(path: string): boolean {
    return this.#ignored.ignoredAt(path, fileEntry(path)?.kind === "folder") !== undefined;
  }

  /**
   * Files below a folder of which git says nothing, since a link or another repository is on the way to it from above;
   * none where neither is.
   */
  behindLink(folder: string, above: string): readonly string[] {
    for (let place = folder; place !== above && isInside(above, place); place = dirname(place))
      if (fileEntry(place)?.kind === "symlink" || fileEntry(`${place}/.git`) !== undefined)
        return this.walk(folder, { isIgnoring: true });
    return NO_FILES;
  }

  /** All files below a folder, absolute; `isOwn`: not those of packages in it. Links are not followed. */
  walk(
    folder: string,
    { isIgnoring, isOwn = false }: { readonly isIgnoring: boolean; readonly isOwn?: boolean },
  ): readonly string[] {
    const found: string[] = [];
    const open = [folder];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const { name, isFolder } of folderEntries(next)) {
        const path = `${next}/${name}`;
        if (name === ".git" || (isIgnoring && this.#ignored.ignoredAt(path, isFolder) !== undefined))
          continue;
        if (isOwn && isFolder && this.#packageDirs.has(path)) continue;
        if (isFolder) open.push(path);
        else if (!isHalfFile(name)) found.push(path);
      }
    }
    return found;
  }

  #isSource(path: string): boolean {
    return (
      // What says how tasks are run is in their keys as far as it concerns them.
      !CONFIG_NAMES.includes(path.slice(path.lastIndexOf("/") + 1)) &&
      !path.includes("/node_modules/") &&
      !path.includes("/.zr/") &&
      !isHalfFile(path) &&
      !this.#ownFolders.some((folder) => isInside(folder, path))
    );
  }

  /**
   * Files that are new are found without another question to git, of which every package would need one. What git lists
   * though it is ignored is not new.
   */
  #listAgain(packageDir: string, before: readonly string[]): readonly string[] {
    const now = this.walk(packageDir, { isIgnoring: true, isOwn: true });
    return [...new Set([...before, ...now.filter((path) => this.#isSource(path))])];
  }

  /** Absolute paths of all files that are not ignored, whose ever they are. */
  async #all(): Promise<readonly string[]> {
    const { root } = this.#options;
    const listed = await this.#ask(root);
    if (listed !== undefined) return listed;
    const { trackedFiles } = await import("./tracked-files");
    return [...new Set([...this.walk(root, { isIgnoring: true }), ...trackedFiles(root)])];
  }

  /**
   * Files below what git names as one path though it is a folder: another repository, or a link that a package lies
   * behind. They are what that folder says by itself.
   */
  async #inside(folder: string): Promise<readonly string[]> {
    if (fileEntry(folder)?.kind === "symlink") noteObstacle(`what lies behind ${folder}`);
    const env = otherGitEnvironment(this.#options.env);
    return new WorkspaceFiles({ ...this.#options, root: folder, env }).#all();
  }

  async #list(): Promise<ReadonlyMap<string, readonly string[]>> {
    const paths = await this.#all();
    const byPackage = new Map<string, string[]>();
    for (const path of paths) {
      if (!this.#isSource(path)) continue;
      const owner = this.ownerOf(dirname(path));
      const files = byPackage.get(owner);
      if (files === undefined) byPackage.set(owner, [path]);
      else files.push(path);
    }
    return byPackage;
  }

  /** What git says of a folder; undefined where it has nothing to say about it. */
  async #ask(folder: string): Promise<readonly string[] | undefined> {
    const isRepository = ancestors(folder).some((above) => fileEntry(`${above}/.git`) !== undefined);
    if (!isRepository) return undefined;
    const asked = await captureCommand({
      argv: ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "."],
      cwd: folder,
      env: gitEnvironment(this.#options.env),
      limitMs: LIMIT_MS,
      noteReads: () => noteListing(folder, () => this.walk(folder, { isIgnoring: true }), this.#options.env),
    });
    if (!asked.ok || asked.value.exitCode !== 0) return undefined;
    const paths: string[] = [];
    const inner = innerRepositories(folder, this.#packageDirs);
    let hasConfig = false;
    let before = "";
    for (const name of asked.value.stdout.split("\0")) {
      // In the middle of a merge a file stands there once a side.
      if (name === "" || name === before) continue;
      before = name;
      hasConfig ||= name === CONFIG_NAME;
      // A repository inside of this one, of which git says no more.
      const isFolder = name.endsWith("/");
      const path = `${folder}/${isFolder ? name.slice(0, -1) : name}`;
      if (isFolder || inner.has(path)) paths.push(...(await this.#inside(path)));
      else paths.push(path);
    }
    // A workspace in an ignored folder is all ignored, which is not what is meant.
    return hasConfig || fileEntry(`${folder}/zr.toml`) === undefined ? paths : undefined;
  }
}
