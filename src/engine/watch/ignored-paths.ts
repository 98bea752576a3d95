import { ignoredBy, parseIgnoreFile } from "#base/ignore-file";
import type { IgnoreRule } from "#base/ignore-file";
import { ancestors, dirname, isInside, relativeTo, resolveFrom } from "#base/path";

export interface IgnoredPathsOptions {
  /** Folder that is followed, absolute. */
  readonly root: string;
  /** Text of a file; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
  /** Ignore files of the user that hold everywhere, weakest first. */
  readonly userFiles: readonly string[];
}

/** Folders that hold no sources, whatever an ignore file says. */
const NEVER_SOURCES = new Set([".git", ".zr", ".hg", ".svn", ".jj", "node_modules"]);
const IGNORE_FILE = ".gitignore";
const NO_RULES: readonly IgnoreRule[] = [];

/**
 * Which paths git ignores, by the ignore files of each folder from the repository's top down, `.git/info/exclude` and the
 * user's own file (gitignore(5)); also `node_modules` and the folders of version control and of zr. It needs no git: without a
 * repository the ignore files from `root` down count.
 */
export class IgnoredPaths {
  readonly #options: IgnoredPathsOptions;
  /** Topmost folder whose ignore file counts. */
  readonly #top: string;
  readonly #rules = new Map<string, readonly IgnoreRule[]>();
  /** For each folder asked about, the topmost ignored one that it is or lies in. */
  readonly #folders = new Map<string, string | undefined>();
  #shared: readonly IgnoreRule[] | undefined;

  constructor(options: IgnoredPathsOptions) {
    this.#options = options;
    const { root, read } = options;
    this.#top = ancestors(root).find((folder) => isRepository(folder, read)) ?? root;
  }

  /** The topmost ignored folder above the path, or the path itself where only that is ignored; undefined where nothing is. */
  ignoredAt(path: string, isFolder: boolean): string | undefined {
    if (path === this.#options.root || !isInside(this.#options.root, path)) return undefined;
    if (!isFolder) return this.#judge(path, false);
    if (this.#folders.has(path)) return this.#folders.get(path);
    const found = this.#judge(path, true);
    this.#folders.set(path, found);
    return found;
  }

  /** Whether a file says what is ignored. */
  isIgnoreFile(path: string): boolean {
    return path.endsWith(`/${IGNORE_FILE}`);
  }

  /** Reads everything again when it is next asked for. */
  forget(): void {
    this.#rules.clear();
    this.#folders.clear();
    this.#shared = undefined;
  }

  #judge(path: string, isFolder: boolean): string | undefined {
    const parent = dirname(path);
    const above = this.ignoredAt(parent, true);
    if (above !== undefined) return above;
    if (NEVER_SOURCES.has(path.slice(parent.length + 1))) return path;
    return this.#isIgnored(path, isFolder) ? path : undefined;
  }

  /** The file of the deepest folder has the first word, the user's own the last. */
  #isIgnored(path: string, isFolder: boolean): boolean {
    for (let folder = dirname(path); isInside(this.#top, folder); folder = dirname(folder)) {
      const said = ignoredBy(this.#rulesOf(folder), relativeTo(folder, path), isFolder);
      if (said !== undefined) return said;
      if (folder === this.#top) break;
    }
    this.#shared ??= [
      ...this.#options.userFiles,
      `${sharedFolder(this.#top, this.#options.read)}/info/exclude`,
    ].flatMap((file) => this.#parse(file));
    return ignoredBy(this.#shared, relativeTo(this.#top, path), isFolder) ?? false;
  }

  #rulesOf(folder: string): readonly IgnoreRule[] {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    const rules = this.#parse(`${folder}/${IGNORE_FILE}`);
    this.#rules.set(folder, rules);
    return rules;
  }

  #parse(file: string): readonly IgnoreRule[] {
    const text = this.#options.read(file);
    return text === undefined ? NO_RULES : parseIgnoreFile(text);
  }
}

/** The folder that all working copies of a repository share; of a linked one, files say where (gitrepository-layout(5)). */
function sharedFolder(top: string, read: IgnoredPathsOptions["read"]): string {
  const link = /^gitdir: (.+)/.exec(read(`${top}/.git`) ?? "")?.[1];
  const own = link === undefined ? `${top}/.git` : resolveFrom(top, link.trim());
  const shared = read(`${own}/commondir`);
  return shared === undefined ? own : resolveFrom(own, shared.trim());
}

/** A repository's folder has a HEAD; a work tree or a submodule has a file that says where that is. */
const isRepository = (folder: string, read: IgnoredPathsOptions["read"]): boolean =>
  read(`${folder}/.git/HEAD`) !== undefined || read(`${folder}/.git`) !== undefined;
