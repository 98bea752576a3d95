import type { Diagnostic } from "#base/diagnostic";
import { ancestors, dirname } from "#base/path";
import type { Result } from "#base/result";
import type { FileLayer, SourceFile } from "./config";
import { ConfigDocuments } from "./config-documents";
import type { UnreadFile } from "./config-documents";
import { CONFIG_NAME, LOCAL_NAME } from "./config-names";
import type { ConfigReader, FileText } from "./config-reader";
import type { Discovery, PackageDiscovery } from "./discovery";
import { PackageFiles } from "./package-files";
import { USER_SECTIONS } from "./schema/sections";
import type { ConfigDocument } from "./schema/sections";

export interface LoadRequest {
  readonly cwd: string;
  /** A file that stands for the search upward. */
  readonly configPath?: string;
  /** The user's own file. */
  readonly userPath?: string;
}

/** All files of a workspace, read and checked; problems of all of them together. */
export interface LoadedFiles {
  readonly root: string;
  readonly user?: SourceFile;
  /** The files of each package folder, lowest layer first; the root's comes first. Those of others may be none. */
  readonly packages: ReadonlyMap<string, readonly SourceFile[]>;
  /** What manifests say; there where packages were looked for by them. */
  readonly discovery?: Discovery;
  /** Folder of the package in which the command was given. */
  readonly current: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly unread: readonly UnreadFile[];
  /** The text of every file that was read, for showing lines of it. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What is left to say where there is no configuration to go on with. */
export type LoadFailure = Pick<LoadedFiles, "diagnostics" | "unread" | "texts">;

/**
 * Finds and reads the configuration that a command given in `cwd` is about. Fails only where there is none, nor anything
 * that `packages` could take for a repository. That is asked only where a workspace or no configuration at all is found.
 */
export async function loadFiles(
  request: LoadRequest,
  reader: ConfigReader,
  discoverer?: PackageDiscovery,
): Promise<Result<LoadedFiles, LoadFailure>> {
  const loading = new Loading(reader);
  const { documents } = loading;
  const userText = request.userPath === undefined ? undefined : documents.readIfThere(request.userPath);
  if (request.configPath === undefined) void documents.readIfThere(`${request.cwd}/${LOCAL_NAME}`);
  const found =
    request.configPath === undefined
      ? await loading.searchUpward(request.cwd)
      : await loading.readNamed(request.configPath);
  const user =
    request.userPath === undefined || userText === undefined
      ? undefined
      : await loading.userFile(request.userPath, await userText);
  const isSilent = documents.diagnostics.length === 0 && documents.unread.length === 0;
  const unconfigured =
    found === undefined && isSilent && request.configPath === undefined
      ? await discoverer?.ofRepository(request.cwd)
      : undefined;
  if (found === undefined && unconfigured === undefined) {
    return {
      ok: false,
      error: {
        diagnostics: isSilent ? [missing(request.cwd)] : documents.diagnostics,
        unread: documents.unread,
        texts: documents.texts,
      },
    };
  }
  const members =
    found === undefined || unconfigured !== undefined
      ? await loading.unconfigured(request.cwd, unconfigured)
      : await loading.members(found, request, discoverer);
  return {
    ok: true,
    value: {
      ...members,
      ...(user === undefined ? {} : { user }),
      diagnostics: documents.diagnostics,
      unread: documents.unread,
      texts: documents.texts,
    },
  };
}

/** The package in or above a folder. */
const nearest = (cwd: string, packages: ReadonlyMap<string, unknown>): string | undefined =>
  ancestors(cwd).find((folder) => packages.has(folder));

const missing = (cwd: string): Diagnostic => ({ code: "E152", severity: "error", data: { cwd } });

type Members = Pick<LoadedFiles, "root" | "packages" | "current" | "discovery">;

interface Found {
  readonly root: string;
  readonly rootDocument: ConfigDocument;
  readonly current: string;
}

/** One load. */
class Loading {
  readonly documents: ConfigDocuments;
  readonly #files: PackageFiles;

  constructor(reader: ConfigReader) {
    this.documents = new ConfigDocuments(reader);
    this.#files = new PackageFiles(this.documents);
  }

  /** The nearest file is the package's, the topmost one with `[workspace]` is the root. */
  async searchUpward(cwd: string): Promise<Found | undefined> {
    const folders = ancestors(cwd);
    const paths = folders.map((folder) => `${folder === "/" ? "" : folder}/${CONFIG_NAME}`);
    const nearest = paths.findIndex((path) => this.documents.isThere(path));
    // A look that finds nothing is not enough to pass over the nearest file: why it can't be read may be what is to be told.
    const texts = await Promise.all(
      paths.map((path, index) =>
        nearest >= 0 && index > nearest ? this.documents.readIfThere(path) : this.documents.read(path),
      ),
    );
    let current: string | undefined;
    let root: { readonly dir: string; readonly document: ConfigDocument } | undefined;
    for (const [index, text] of texts.entries()) {
      const folder = folders[index] ?? "/";
      if (text.kind === "missing") continue;
      const parsed = this.documents.parse(paths[index] ?? "", text);
      // The nearest file decides what this is about; without it there is nothing to go on with.
      if (parsed === undefined) return undefined;
      current ??= folder;
      if (root === undefined || parsed.workspace !== undefined) root = { dir: folder, document: parsed };
    }
    if (current === undefined || root === undefined) return undefined;
    return { root: root.dir, rootDocument: root.document, current };
  }

  /** The packages of a configured root: those of its workspace, and the one in which the command was given. */
  async members(
    { root, rootDocument, current }: Found,
    { cwd, configPath }: LoadRequest,
    discoverer: PackageDiscovery | undefined,
  ): Promise<Members> {
    const packages = new Map<string, readonly SourceFile[]>();
    packages.set(root, await this.#files.of(root, rootDocument));
    const { workspace } = rootDocument;
    const isInferring =
      workspace !== undefined && (workspace.infer === undefined || workspace.infer.length > 0);
    if (isInferring && discoverer !== undefined) {
      const file = this.documents.pathOf(rootDocument) ?? configPath ?? `${root}/${CONFIG_NAME}`;
      const discovery = await discoverer.ofWorkspace(root, file, workspace);
      await this.#addDiscovered(discovery, packages);
      if (!packages.has(current)) await this.addPackages([current], packages);
      const inner = configPath === undefined ? nearest(cwd, packages) : undefined;
      return { root, packages, current: inner ?? current, discovery };
    }
    const members = workspace === undefined ? [] : await this.memberFolders(root, workspace);
    const folders = members.filter((folder) => folder !== root);
    if (current !== root && !folders.includes(current)) folders.push(current);
    if (folders.length > 0) await this.addPackages(folders, packages);
    return { root, packages, current };
  }

  /** The packages of a repository without a configuration at its root. */
  async unconfigured(cwd: string, discovery: Discovery | undefined): Promise<Members> {
    if (discovery === undefined) throw new Error("there is a repository where there is no configuration");
    const packages = new Map<string, readonly SourceFile[]>([[discovery.root, []]]);
    await this.#addDiscovered(discovery, packages);
    return { root: discovery.root, packages, current: nearest(cwd, packages) ?? discovery.root, discovery };
  }

  async #addDiscovered(discovery: Discovery, packages: Map<string, readonly SourceFile[]>): Promise<void> {
    const { configFiles, texts, diagnostics } = discovery;
    for (const [path, text] of texts) this.documents.texts.set(path, text);
    this.documents.diagnostics.push(...diagnostics);
    for (const path of configFiles) void this.documents.read(path);
    for (const folder of discovery.packages.keys()) {
      if (packages.has(folder)) continue;
      const path = `${folder}/${CONFIG_NAME}`;
      const own = configFiles.has(path)
        ? this.documents.parse(path, await this.documents.read(path))
        : undefined;
      const hasLocal = configFiles.has(`${folder}/${LOCAL_NAME}`);
      packages.set(folder, own === undefined ? [] : await this.#files.of(folder, own, { path, hasLocal }));
    }
  }

  async readNamed(path: string): Promise<Found | undefined> {
    const text = await this.documents.read(path);
    if (text.kind === "missing") this.documents.report("E155", { path });
    const parsed = this.documents.parse(path, text);
    const dir = dirname(path);
    return parsed === undefined ? undefined : { root: dir, rootDocument: parsed, current: dir };
  }

  /** Reads the files of all folders at once and adds those that hold a package. */
  async addPackages(folders: readonly string[], packages: Map<string, readonly SourceFile[]>): Promise<void> {
    const texts = await Promise.all(
      folders.map(async (folder) => [folder, await this.documents.read(`${folder}/${CONFIG_NAME}`)] as const),
    );
    for (const [folder, text] of texts) {
      const own = this.documents.parse(`${folder}/${CONFIG_NAME}`, text);
      if (own !== undefined) packages.set(folder, await this.#files.of(folder, own));
    }
  }

  /** Folders that match the members' globs and hold a configuration, in order of their paths. */
  async memberFolders(
    root: string,
    workspace: NonNullable<ConfigDocument["workspace"]>,
  ): Promise<readonly string[]> {
    const find = async (globs: readonly string[]): Promise<Set<string>> => {
      const matches = await Promise.all(
        globs.map((glob) => this.documents.glob(`${glob.replace(/\/+$/, "")}/${CONFIG_NAME}`, root)),
      );
      return new Set(matches.flat().map(dirname));
    };
    const negative = (workspace.members ?? [])
      .filter((glob) => glob.startsWith("!"))
      .map((glob) => glob.slice(1));
    const members = await find((workspace.members ?? []).filter((glob) => !glob.startsWith("!")));
    for (const folder of await find([...negative, ...(workspace.ignore ?? [])])) members.delete(folder);
    return [...members].sort();
  }

  async userFile(path: string, text: FileText): Promise<SourceFile | undefined> {
    const parsed = this.documents.parse(path, text);
    if (parsed === undefined) return undefined;
    const allowed: readonly string[] = USER_SECTIONS;
    for (const key of Object.keys(parsed)) {
      if (allowed.includes(key)) continue;
      this.documents.report(
        "E153",
        { key, allowed: USER_SECTIONS.map((section) => `[${section}]`).join(", ") },
        { file: path, path: [key], target: "key" },
      );
    }
    const layer: FileLayer = "user";
    return { path, layer, document: parsed };
  }
}
