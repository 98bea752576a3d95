import type { Diagnostic, Place } from "#base/diagnostic";
import { ancestors, basename, dirname, relativeTo, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { checkValue, isTable } from "./check";
import type { FileLayer, SourceFile } from "./config";
import type { Discovery, PackageDiscovery } from "./discovery";
import { document, USER_SECTIONS } from "./schema/sections";
import type { ConfigDocument } from "./schema/sections";
import { readValues } from "./toml/read-values";
import type { ReadFailure } from "./toml/read-failure";
import type { TomlTable } from "./toml/values";

export const CONFIG_NAME = "zr.toml";
const LOCAL_NAME = "zr.local.toml";

/** What came of reading a file. */
export type FileText =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly isUtf8?: false;
      /** What the text means, where somebody has read it already; it is not read again then. */
      readonly values?: TomlTable;
    }
  | { readonly kind: "missing" }
  | { readonly kind: "folder" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** The outside as far as configuration needs it. */
export interface ConfigReader {
  readonly readText: (path: string) => Promise<FileText>;
  /** Absolute paths of the files under `folder` that match, in order of their names. */
  readonly glob: (pattern: string, folder: string) => Promise<readonly string[]>;
  /** How packages are found by their manifests; not given: only by their configurations. */
  readonly packages?: PackageDiscovery;
}

export interface LoadRequest {
  readonly cwd: string;
  /** A file that stands for the search upward. */
  readonly configPath?: string;
  /** The user's own file. */
  readonly userPath?: string;
}

/** A file that is no TOML. Why and where is worked out by a slower reader, when somebody wants to see it. */
export interface UnreadFile {
  readonly file: string;
  readonly failure: ReadFailure;
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
  const userText = request.userPath === undefined ? undefined : loading.read(request.userPath);
  if (request.configPath === undefined) void loading.read(`${request.cwd}/${LOCAL_NAME}`);
  const found =
    request.configPath === undefined
      ? await loading.searchUpward(request.cwd)
      : await loading.readNamed(request.configPath);
  const user =
    request.userPath === undefined || userText === undefined
      ? undefined
      : await loading.userFile(request.userPath, await userText);
  const isSilent = loading.diagnostics.length === 0 && loading.unread.length === 0;
  const unconfigured =
    found === undefined && isSilent && request.configPath === undefined
      ? await discoverer?.ofRepository(request.cwd)
      : undefined;
  if (found === undefined && unconfigured === undefined) {
    return {
      ok: false,
      error: {
        diagnostics: isSilent ? [missing(request.cwd)] : loading.diagnostics,
        unread: loading.unread,
        texts: loading.texts,
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
      diagnostics: loading.diagnostics,
      unread: loading.unread,
      texts: loading.texts,
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

/** A file whose includes are followed. */
interface Includer {
  readonly path: string;
  readonly document: ConfigDocument;
  /** The files that led here, itself last. */
  readonly chain: readonly string[];
  readonly namespace?: string;
  /** What the package has included so far, under which namespace. */
  readonly taken: Set<string>;
}

interface Included {
  readonly target: string;
  /** The entry that names it. */
  readonly place: Place;
  readonly namespace?: string;
}

/** One load: what was read so far and what was wrong with it. */
class Loading {
  readonly diagnostics: Diagnostic[] = [];
  readonly texts = new Map<string, string>();
  readonly unread: UnreadFile[] = [];
  readonly #reader: ConfigReader;
  readonly #reads = new Map<string, Promise<FileText>>();
  readonly #documents = new Map<string, ConfigDocument>();

  constructor(reader: ConfigReader) {
    this.#reader = reader;
  }

  /** The nearest file is the package's, the topmost one with `[workspace]` is the root. */
  async searchUpward(cwd: string): Promise<Found | undefined> {
    const folders = ancestors(cwd);
    const texts = await Promise.all(
      folders.map((folder) => this.read(`${folder === "/" ? "" : folder}/${CONFIG_NAME}`)),
    );
    let current: string | undefined;
    let root: { readonly dir: string; readonly document: ConfigDocument } | undefined;
    for (const [index, text] of texts.entries()) {
      const folder = folders[index] ?? "/";
      if (text.kind === "missing") continue;
      const parsed = this.parse(`${folder === "/" ? "" : folder}/${CONFIG_NAME}`, text);
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
    packages.set(root, await this.packageFiles(root, rootDocument));
    const { workspace } = rootDocument;
    const isInferring =
      workspace !== undefined && (workspace.infer === undefined || workspace.infer.length > 0);
    if (isInferring && discoverer !== undefined) {
      const file = this.#pathOf(rootDocument) ?? configPath ?? `${root}/${CONFIG_NAME}`;
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
    for (const [path, text] of texts) this.texts.set(path, text);
    this.diagnostics.push(...diagnostics);
    for (const path of configFiles) void this.read(path);
    for (const folder of discovery.packages.keys()) {
      if (packages.has(folder)) continue;
      const path = `${folder}/${CONFIG_NAME}`;
      const own = configFiles.has(path) ? this.parse(path, await this.read(path)) : undefined;
      const hasLocal = configFiles.has(`${folder}/${LOCAL_NAME}`);
      packages.set(folder, own === undefined ? [] : await this.packageFiles(folder, own, { path, hasLocal }));
    }
  }

  async readNamed(path: string): Promise<Found | undefined> {
    const text = await this.read(path);
    if (text.kind === "missing") this.#report("E155", { path });
    const parsed = this.parse(path, text);
    const dir = dirname(path);
    return parsed === undefined ? undefined : { root: dir, rootDocument: parsed, current: dir };
  }

  /** The text of a file. Asked for twice, it is read once; asked for early, it is there when it is needed. */
  read(path: string): Promise<FileText> {
    let reading = this.#reads.get(path);
    if (reading === undefined) {
      reading = this.#reader.readText(path);
      this.#reads.set(path, reading);
    }
    return reading;
  }

  /** The checked values of a file; undefined where there is nothing to go on with. Each file is parsed once. */
  parse(path: string, text: FileText): ConfigDocument | undefined {
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    if (text.kind === "missing") return undefined;
    if (text.kind === "folder") return this.#report("E151", { path });
    if (text.kind === "unreadable") return this.#report("E150", { path, reason: text.reason });
    this.texts.set(path, text.text);
    const read =
      text.isUtf8 === false
        ? err({ kind: "syntax", reason: "not UTF-8" } as const)
        : text.values === undefined
          ? readValues(text.text)
          : ok(text.values);
    if (!read.ok) {
      this.unread.push({ file: path, failure: read.error });
      return undefined;
    }
    const problems = checkValue(document, read.value, path);
    this.diagnostics.push(...problems);
    // The checker has just held the value against the schema that this type is derived from; where it found problems,
    // the diagnostics stop the command before the value is used for more than finding further problems.
    const checked = (
      problems.length === 0 ? read.value : withoutFaults(read.value, problems)
    ) as ConfigDocument;
    this.#documents.set(path, checked);
    return checked;
  }

  /** Reads the files of all folders at once and adds those that hold a package. */
  async addPackages(folders: readonly string[], packages: Map<string, readonly SourceFile[]>): Promise<void> {
    const texts = await Promise.all(
      folders.map(async (folder) => [folder, await this.read(`${folder}/${CONFIG_NAME}`)] as const),
    );
    for (const [folder, text] of texts) {
      const own = this.parse(`${folder}/${CONFIG_NAME}`, text);
      if (own !== undefined) packages.set(folder, await this.packageFiles(folder, own));
    }
  }

  /** The file itself, what it includes, and its local overlay, lowest first. */
  async packageFiles(
    folder: string,
    own: ConfigDocument,
    seen?: { readonly path: string; readonly hasLocal: boolean },
  ): Promise<readonly SourceFile[]> {
    const path = seen?.path ?? this.#pathOf(own) ?? `${folder}/${CONFIG_NAME}`;
    const taken = new Set<string>();
    const included =
      own.include === undefined ? [] : await this.#includes({ path, document: own, chain: [path], taken });
    const localPath = `${folder}/${LOCAL_NAME}`;
    const local =
      basename(path) === CONFIG_NAME && seen?.hasLocal !== false
        ? this.parse(localPath, await this.read(localPath))
        : undefined;
    const files: SourceFile[] = [...included, { path, layer: "package", document: own }];
    if (local !== undefined) {
      const ofLocal = await this.#includes({ path: localPath, document: local, chain: [localPath], taken });
      files.push(...ofLocal, { path: localPath, layer: "local", document: local });
    }
    return files;
  }

  #pathOf(own: ConfigDocument): string | undefined {
    for (const [path, known] of this.#documents) if (known === own) return path;
    return undefined;
  }

  async #includes(includer: Includer): Promise<SourceFile[]> {
    const { path, document: own } = includer;
    if (own.include === undefined) return [];
    const entries = Array.isArray(own.include) ? own.include : [own.include];
    const files: SourceFile[] = [];
    for (const [index, entry] of entries.entries()) {
      const place: Place = {
        file: path,
        path: Array.isArray(own.include) ? ["include", index] : ["include"],
      };
      const pattern = typeof entry === "string" ? entry : entry.path;
      if (pattern === undefined) {
        // A remote include is refused where settings of later versions are.
        if (typeof entry === "object" && entry.git === undefined && entry.url === undefined)
          this.#report("E118", { key: "path", where: "'include'" }, place);
        continue;
      }
      const inner = typeof entry === "string" ? undefined : entry.namespace;
      const namespace = [includer.namespace, inner].filter((part) => part !== undefined).join(":");
      for (const target of await this.#includeTargets(path, pattern, place)) {
        files.push(
          ...(await this.#include({ target, place, ...(namespace === "" ? {} : { namespace }) }, includer)),
        );
      }
    }
    return files;
  }

  async #includeTargets(path: string, pattern: string, place: Place): Promise<readonly string[]> {
    if (/[*?[{]/.test(pattern)) return this.#reader.glob(pattern, dirname(path));
    const target = resolveFrom(dirname(path), pattern);
    const text = await this.read(target);
    if (text.kind !== "missing") return [target];
    this.#report("E136", { path: pattern }, place);
    return [];
  }

  async #include(include: Included, { chain, taken }: Includer): Promise<SourceFile[]> {
    const { target, place, namespace } = include;
    if (chain.includes(target)) {
      const cycle = [...chain.slice(chain.indexOf(target)), target]
        .map((file) => relativeTo(dirname(chain[0] ?? "/"), file))
        .join(" → ");
      this.#report("E135", { cycle }, place);
      return [];
    }
    // A file that two others include is part of the package once.
    const key = `${namespace ?? ""}\0${target}`;
    if (taken.has(key)) return [];
    taken.add(key);
    const parsed = this.parse(target, await this.read(target));
    if (parsed === undefined) return [];
    const named = namespace === undefined ? {} : { namespace };
    const inner = await this.#includes({
      path: target,
      document: parsed,
      chain: [...chain, target],
      taken,
      ...named,
    });
    return [...inner, { path: target, layer: "include", document: parsed, ...named }];
  }

  /** Folders that match the members' globs and hold a configuration, in order of their paths. */
  async memberFolders(
    root: string,
    workspace: NonNullable<ConfigDocument["workspace"]>,
  ): Promise<readonly string[]> {
    const find = async (globs: readonly string[]): Promise<Set<string>> => {
      const matches = await Promise.all(
        globs.map((glob) => this.#reader.glob(`${glob.replace(/\/+$/, "")}/${CONFIG_NAME}`, root)),
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
    const parsed = this.parse(path, text);
    if (parsed === undefined) return undefined;
    const allowed: readonly string[] = USER_SECTIONS;
    for (const key of Object.keys(parsed)) {
      if (allowed.includes(key)) continue;
      this.#report(
        "E153",
        { key, allowed: USER_SECTIONS.map((section) => `[${section}]`).join(", ") },
        { file: path, path: [key], target: "key" },
      );
    }
    const layer: FileLayer = "user";
    return { path, layer, document: parsed };
  }

  #report(code: string, data: Diagnostic["data"], place?: Place): undefined {
    this.diagnostics.push({ code, severity: "error", data, ...(place === undefined ? {} : { place }) });
  }
}

/**
 * The value without the entries that were found faulty, so that the rest can be looked at too. A list ends before its
 * first faulty item, so that the places of those before it stay right. Entries with wrong names stay: others name them.
 */
function withoutFaults(value: unknown, problems: readonly Diagnostic[]): unknown {
  const copy = copyOf(value);
  for (const { code, place } of problems) {
    if (code === "E117") continue;
    const path = place?.path ?? [];
    let parent: unknown = copy;
    for (const key of path.slice(0, -1))
      parent = isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
    const last = path.at(-1);
    if (last === undefined) return {};
    if (Array.isArray(parent)) parent.length = Math.min(parent.length, Number(last));
    else if (isObject(parent)) delete parent[last];
  }
  return copy;
}

/** Tables and lists anew; dates stay as they are, since nothing is taken out of them. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isTable(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key]);
  return copy;
}

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === "object" && value !== null;
