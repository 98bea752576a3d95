import type { Diagnostic } from "#base/diagnostic";
import { globMatcher } from "#base/glob";
import { basename, dirname, relativeTo, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { Discovery } from "#core/config/discovery";
import type { SourceTool } from "#core/migrate/conversion";
import { writeConversion } from "#core/migrate/write-conversion";
import { languageReader } from "#app/find-packages";
import { discoverPackages } from "#languages/discover-packages";
import { ReadFolder } from "#languages/folder-files";
import { languageProviders } from "#languages/index";
import type { LanguageProvider, LanguageStarter } from "#languages/language-provider";
import { ProviderFiles } from "#languages/provider-files";
import { starterFiles } from "#languages/starter-files";
import type { StarterFolder } from "#languages/starter-files";
import { findFiles } from "#system/fs/find-files";
import { pathExists } from "#system/fs/path-exists";
import { ignoreFile, writeInitFile, STARTER, type InitFile, type InitRequest } from "./init";

/** What was found in a folder, and the files that it leads to. */
export interface DetectResult {
  readonly files: readonly InitFile[];
  /** Packages with something to do in them, by path from the folder. */
  readonly packages: readonly { readonly path: string; readonly languages: readonly string[] }[];
  /** Folders with manifests that were not taken for packages, from the folder. */
  readonly leftOut: readonly string[];
  /** Tools whose files lie here too and can be taken over. */
  readonly convertible: readonly { readonly tool: SourceTool; readonly file: string }[];
  /** A task to try. */
  readonly tryTask: string | undefined;
}

/** How deep below the root manifests are looked for that nobody lists. */
const DEPTH = 4;

/** Folders whose manifests belong to tests, examples, or others. */
const ASIDE =
  /(?:^|\/)(?:\.[^/]+|tests?|__tests__|__fixtures__|fixtures?|testdata|__mocks__|examples?|samples?|templates?|third_party|vendor|docs?|e2e|benchmarks?)(?:\/|$)/;
/** What another task runner does is taken over by a converter, which knows more of it. */
const detectable = (): readonly LanguageProvider[] =>
  languageProviders.filter(({ isRunner }) => isRunner !== true);
const BUILT = ["dist", "build", "out", "coverage", "tmp", "temp"];

const OTHER_TOOLS: readonly (readonly [string, SourceTool])[] = [
  ["{GNUmakefile,makefile,Makefile}", "make"],
  ["{justfile,Justfile,.justfile}", "just"],
  ["{Taskfile,taskfile}{,.dist}.{yml,yaml}", "task"],
  ["turbo.json{,c}", "turbo"],
  ["nx.json", "nx"],
  ["{,.}mise.toml", "mise"],
  [".moon/workspace.*", "moon"],
];

/** The first of these that is there is worth a try. */
const TRY = ["test", "build", "lint"];

/**
 * Starts a configuration out of what stands in a folder: its languages, their packages and what can be done in them.
 * Nothing is written where one of the files is there already (E187), unless forced. Where no language is found, the
 * file is the one that `initProject` writes.
 */
export async function detectProject(request: InitRequest): Promise<Result<DetectResult, Diagnostic>> {
  const { folder } = request;
  const files = new ProviderFiles(detectable());
  const { extra, leftOut } = await unlisted(folder, files);
  const discovery = await discover(folder, extra);
  const [broken] = discovery.diagnostics;
  if (broken !== undefined) return err(broken);
  const folders = await readFolders(discovery, files);
  const isEmpty = [...discovery.packages.values()].every(({ tasks }) => tasks.length === 0);
  const converted = isEmpty
    ? []
    : starterFiles({
        discovery,
        folders,
        extra,
      });
  const texts = isEmpty
    ? [{ path: "zr.toml", text: STARTER }]
    : converted.map((file) => ({ path: file.path, text: writeConversion(file) }));
  const made = await writeFiles(request, texts);
  if (!made.ok) return made;
  const names = new Set(converted.flatMap(({ tasks }) => tasks.map(({ name }) => name)));
  return ok({
    files: made.value,
    packages: packagesFound(discovery, folders),
    leftOut,
    convertible: await otherTools(folder),
    tryTask: TRY.find((name) => names.has(name)) ?? [...names][0],
  });
}

/** Folders with manifests that no manifest of the root lists: those that are taken in, and those that look like no part. */
async function unlisted(
  root: string,
  files: ProviderFiles,
): Promise<{ readonly extra: readonly string[]; readonly leftOut: readonly string[] }> {
  const skipped = new Set([...files.foreign, ...BUILT]);
  const found = await findFiles(`**/${files.pattern()}`, root, skipped);
  const listed = await discover(root, []);
  const rootFolder = (await readFolders(listed, files)).get(root);
  const listing = new Set(
    (rootFolder?.languages ?? []).flatMap(({ provider }) =>
      rootFolder !== undefined && provider.members(rootFolder.folder, rootFolder.folder).folders.length > 0
        ? [provider]
        : [],
    ),
  );
  const byFolder = new Map<string, Set<LanguageProvider>>();
  for (const path of found) {
    if (files.roleOf(basename(path)) !== "manifest") continue;
    const dir = dirname(path);
    const owners = files.providersOf({ names: new Set([basename(path)]) });
    // Files that lie beside sources of every kind make no package by themselves.
    for (const owner of owners.filter(({ isFallback }) => isFallback !== true))
      byFolder.set(dir, (byFolder.get(dir) ?? new Set()).add(owner));
  }
  const extra: string[] = [];
  const leftOut: string[] = [];
  for (const [dir, owners] of [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = relativeTo(root, dir);
    if (dir === root || listed.packages.has(dir)) continue;
    // A language whose root lists its members leaves the others out on purpose.
    const isOthers = [...owners].every((owner) => listing.has(owner));
    if (/(?:^|\/)\./.test(path)) continue;
    if (isOthers || ASIDE.test(path) || path.split("/").length > DEPTH) leftOut.push(path);
    else extra.push(path);
  }
  return { extra, leftOut };
}

const discover = (root: string, extra: readonly string[]): Promise<Discovery> =>
  discoverPackages(
    {
      root,
      providers: detectable(),
      lists: extra.length === 0 ? [] : [{ base: root, folders: extra }],
      ignore: [],
      infersRootTasks: true,
    },
    languageReader,
  );

/** The files of every package: all names, and the texts that its languages read. */
async function readFolders(
  discovery: Discovery,
  files: ProviderFiles,
): Promise<ReadonlyMap<string, StarterFolder>> {
  const starters = new Map<LanguageProvider, LanguageStarter | undefined>(
    await Promise.all(detectable().map(async (provider) => [provider, await provider.starter?.()] as const)),
  );
  const folders = new Map<string, StarterFolder>();
  for (const dir of new Set([discovery.root, ...discovery.packages.keys()])) {
    const paths = await Promise.all(["*", "src/main.*"].map((glob) => findFiles(glob, dir, files.foreign)));
    const names = new Set(paths.flat().map((path) => relativeTo(dir, path)));
    const languages = files
      .providersOf({ names })
      .map((provider) => ({ provider, starter: starters.get(provider) }));
    const reads = languages.flatMap(({ provider, starter }) =>
      [...provider.manifests, ...(provider.rootManifests ?? []), ...(starter?.reads ?? [])].map(globMatcher),
    );
    const texts = new Map<string, string>();
    for (const name of names) {
      if (!reads.some((matches) => matches(name))) continue;
      const text = discovery.texts.get(`${dir}/${name}`) ?? (await languageReader.readText(`${dir}/${name}`));
      if (text !== undefined) texts.set(name, text);
    }
    const folder = new ReadFolder(
      { dir, path: relativeTo(discovery.root, dir) },
      { names, texts },
      // What discovery reads has been told there; the rest only advises.
      () => {},
    );
    folders.set(dir, { folder, languages });
  }
  return folders;
}

function packagesFound(
  discovery: Discovery,
  folders: ReadonlyMap<string, StarterFolder>,
): DetectResult["packages"] {
  return [...discovery.packages.values()]
    .filter(({ tasks, dir }) => tasks.length > 0 || dir !== discovery.root)
    .map(({ dir }) => ({
      path: relativeTo(discovery.root, dir),
      languages: (folders.get(dir)?.languages ?? []).map(({ provider }) => provider.name),
    }))
    .filter(({ languages }) => languages.length > 0);
}

export async function otherTools(folder: string): Promise<DetectResult["convertible"]> {
  const found = await Promise.all(
    OTHER_TOOLS.map(async ([pattern, tool]) => {
      const [path] = await findFiles(pattern, folder, new Set());
      return path === undefined ? [] : [{ tool, file: relativeTo(folder, path) }];
    }),
  );
  return found.flat();
}

async function writeFiles(
  { folder, force, dryRun }: InitRequest,
  texts: readonly { readonly path: string; readonly text: string }[],
): Promise<Result<readonly InitFile[], Diagnostic>> {
  const files: InitFile[] = [];
  for (const { path, text } of texts) {
    const target = resolveFrom(folder, path);
    const exists = await pathExists(target);
    if (exists && !force) return err({ code: "E187", severity: "error", data: { path: target } });
    files.push({ path: target, text, isNew: !exists });
  }
  const ignore = await ignoreFile(folder);
  if (!ignore.ok) return ignore;
  if (ignore.value !== undefined) files.push(ignore.value);
  if (dryRun) return ok(files);
  for (const file of files) {
    const written = await writeInitFile(file);
    if (!written.ok)
      return err({ code: "E190", severity: "error", data: { path: file.path, reason: written.error } });
  }
  return ok(files);
}
