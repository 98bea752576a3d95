import { CONFIG_NAMES } from "#core/config/config-names";
import type { Diagnostic } from "#base/diagnostic";
import { basename, dirname, isInside, relativeTo } from "#base/path";
import type { DiscoveredPackage, Discovery } from "#core/config/discovery";
import { describePackages } from "./describe-packages";
import { ReadFolder } from "./folder-files";
import type { FolderFiles } from "./folder-view";
import type { LanguageProvider } from "./language-provider";
import { sortFolders } from "./member-folders";
import type { FolderList } from "./member-folders";
import { ProviderFiles } from "./provider-files";

/** The outside as far as packages are looked for. */
export interface RepositoryReader {
  /** Absolute paths of the files below `folder` that match; nothing below a folder named in `skipped`. */
  readonly find: (
    pattern: string,
    folder: string,
    skipped: ReadonlySet<string>,
  ) => Promise<readonly string[]>;
  /** The text of a file; undefined where it can't be read. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

export interface DiscoveryRequest {
  readonly root: string;
  readonly providers: readonly LanguageProvider[];
  /** Folders beside those that manifests list. */
  readonly lists: readonly FolderList[];
  /** Folders that are no members, whoever lists them. */
  readonly ignore: readonly string[];
  /** Whether the root's manifests give it tasks: not where it has a configuration. */
  readonly infersRootTasks: boolean;
}

/**
 * Finds the packages of a repository. Each glob is looked for once and each file read once: the root's manifests list
 * members, those may list others, until nothing new comes.
 */
export async function discoverPackages(
  request: DiscoveryRequest,
  reader: RepositoryReader,
): Promise<Discovery> {
  const search = new Search(request, reader);
  const root = await search.readRoot();
  let lists: readonly FolderList[] = [...request.lists, ...search.listsOf(root, root)];
  while (lists.length > 0) {
    const found = await search.follow(lists);
    lists = found.flatMap((folder) => search.listsOf(folder, root));
  }
  const { folders, configFiles, texts, diagnostics } = search;
  const packages = new Map<string, DiscoveredPackage>();
  const inOrder = [...folders.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
  for (const described of describePackages(inOrder, root, search.providersOf)) {
    const { dir } = described;
    const isPackage =
      (described.manifests.length > 0 && search.makesPackage(dir)) || configFiles.has(`${dir}/zr.toml`);
    if (dir === request.root)
      packages.set(dir, request.infersRootTasks ? described : { ...described, tasks: [] });
    else if (isPackage) packages.set(dir, described);
  }
  return { root: request.root, packages, configFiles, texts, diagnostics };
}

class Search {
  readonly folders = new Map<string, FolderFiles>();
  readonly configFiles = new Set<string>();
  readonly texts = new Map<string, string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #request: DiscoveryRequest;
  readonly #reader: RepositoryReader;
  readonly #files: ProviderFiles;
  readonly #pattern: string;
  readonly #isIgnored: (dir: string) => boolean;
  readonly #globs = new Set<string>();
  /** Folders that some list names, not by a glob. */
  readonly #named = new Set<string>();

  constructor(request: DiscoveryRequest, reader: RepositoryReader) {
    this.#request = request;
    this.#reader = reader;
    this.#files = new ProviderFiles(request.providers);
    this.#pattern = this.#files.pattern(...CONFIG_NAMES);
    const { root, ignore } = request;
    this.#isIgnored = sortFolders(root, {
      base: root,
      folders: ignore.map((glob) => `!${glob}`),
    }).isExcluded;
  }

  /** The providers that a folder has manifests of. */
  readonly providersOf = (folder: FolderFiles): readonly LanguageProvider[] =>
    this.#files.providersOf(folder);

  /** Whether the files of a folder make it a package: those of a fallback do so only where the folder is named. */
  makesPackage(dir: string): boolean {
    const folder = this.folders.get(dir);
    return (
      folder === undefined ||
      this.#named.has(dir) ||
      this.#files.providersOf(folder).some(({ isFallback }) => isFallback !== true)
    );
  }

  async readRoot(): Promise<FolderFiles> {
    const { root } = this.#request;
    const [folder] = await this.#readFolders(
      new Map([[root, await this.#reader.find(this.#pattern, root, this.#files.foreign)]]),
    );
    if (folder === undefined) throw new Error("one folder was asked for");
    return folder;
  }

  /** What the files of a folder list as packages. */
  listsOf(folder: FolderFiles, root: FolderFiles): FolderList[] {
    return this.#files.providersOf(folder).flatMap((provider) => {
      const { folders } = provider.members(folder, root);
      return folders.length === 0 ? [] : [{ base: folder.dir, folders }];
    });
  }

  /** The folders of the lists that have not been seen yet. */
  async follow(lists: readonly FolderList[]): Promise<readonly FolderFiles[]> {
    const { root } = this.#request;
    const found = new Map<string, string[]>();
    const add = (path: string, isExcluded: (dir: string) => boolean): void => {
      const dir = dirname(path);
      if (this.folders.has(dir) || this.#isIgnored(dir) || isExcluded(dir)) return;
      const files = found.get(dir);
      if (files === undefined) found.set(dir, [path]);
      else if (!files.includes(path)) files.push(path);
    };
    await Promise.all(
      lists.map(async (list) => {
        const { exact, globs, isExcluded } = sortFolders(root, list);
        for (const dir of exact) this.#named.add(dir);
        const searches = [
          ...exact.filter((dir) => this.#isNew(dir)).map((dir) => [this.#pattern, dir] as const),
          ...globs
            .filter((glob) => this.#isNew(`${root}/${glob}/*`))
            .map((glob) => [`${glob}/${this.#pattern}`, root] as const),
        ];
        for (const paths of await Promise.all(
          searches.map(([pattern, folder]) => this.#reader.find(pattern, folder, this.#files.foreign)),
        ))
          for (const path of paths) add(path, isExcluded);
      }),
    );
    const inOrder = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
    return this.#readFolders(new Map(inOrder));
  }

  /** Each folder and each glob is looked into once, whoever lists it. */
  #isNew(place: string): boolean {
    if (this.folders.has(place) || this.#globs.has(place)) return false;
    this.#globs.add(place);
    return isInside(this.#request.root, place);
  }

  async #readFolders(found: ReadonlyMap<string, readonly string[]>): Promise<readonly FolderFiles[]> {
    const folders = await Promise.all(
      [...found].map(async ([dir, paths]) => {
        const texts = new Map<string, string>();
        const names = new Set<string>();
        await Promise.all(
          paths.map(async (path) => {
            const name = basename(path);
            if (CONFIG_NAMES.includes(name)) this.configFiles.add(path);
            else {
              names.add(name);
              const role = this.#files.roleOf(name);
              const isRead = role === "manifest" || (role === "root-manifest" && dir === this.#request.root);
              const text = isRead ? await this.#reader.readText(path) : undefined;
              if (text === undefined) return;
              texts.set(name, text);
              this.texts.set(path, text);
            }
          }),
        );
        const place = { dir, path: relativeTo(this.#request.root, dir) };
        return new ReadFolder(place, { names, texts }, (path, reason) => this.#unreadable(path, reason));
      }),
    );
    for (const folder of folders) this.folders.set(folder.dir, folder);
    return folders;
  }

  #unreadable(path: string, reason: string): void {
    this.diagnostics.push({
      code: "E371",
      severity: "error",
      data: { path: relativeTo(this.#request.root, path), reason },
      place: { file: path },
    });
  }
}
