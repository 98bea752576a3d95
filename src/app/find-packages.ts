import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { Discovery, PackageDiscovery } from "#core/config/discovery";
import { languageProviders } from "#languages/index";
import type { LanguageProvider } from "#languages/language-provider";
import { discoverPackages } from "#languages/discover-packages";
import type { RepositoryReader } from "#languages/discover-packages";
import { findRepository } from "#languages/find-repository";
import type { RepositorySearch } from "#languages/find-repository";
import { findFiles } from "#system/fs/find-files";
import { readText } from "#system/fs/read-text";
import type { DeclaredLanguages, LanguagePlace } from "./declared-languages";

/** The disk, as far as packages are looked for on it. */
export const languageReader: RepositorySearch = {
  find: findFiles,
  readText: async (path) => {
    const read = await readText(path);
    return read.kind === "text" ? read.text : undefined;
  },
  // A linked working copy has a file of that name.
  isTop: async (folder) => ["folder", "text"].includes((await readText(`${folder}/.git`)).kind),
};

/** The members of a workspace, by its own globs and by the languages that `infer` names; all where it names none. */
export const membersFinder =
  (reader: RepositoryReader): PackageDiscovery["ofWorkspace"] =>
  async (root, file, table) => {
    const { members = [], ignore = [], infer, languages = [] } = table;
    const declared =
      languages.length === 0 ? undefined : await declaredLanguages(languages, { root, file, reader });
    const known = [...languageProviders, ...(declared?.providers ?? [])];
    const providers = known.filter(({ name }) => infer?.includes(name) ?? true);
    const discovery = await discoverPackages(
      {
        root,
        providers,
        lists: members.length === 0 ? [] : [{ base: root, folders: members }],
        ignore,
        infersRootTasks: false,
      },
      reader,
    );
    const unknown = unknownProviders(infer ?? [], file, known);
    if (declared === undefined && unknown.length === 0) return discovery;
    return {
      ...discovery,
      texts: new Map([...discovery.texts, ...(declared?.texts ?? [])]),
      diagnostics: [...(declared?.diagnostics ?? []), ...unknown, ...discovery.diagnostics],
    };
  };

export const findMembers = membersFinder(languageReader);

/** The repository around a folder without a configuration. */
export const findUnconfigured = (cwd: string): Promise<Discovery | undefined> =>
  findRepository(cwd, languageProviders, languageReader);

/** Loaded only where a workspace names such files. */
const declaredLanguages = async (
  globs: readonly string[],
  place: LanguagePlace,
): Promise<DeclaredLanguages> => (await import("./declared-languages")).declaredLanguages(globs, place);

function unknownProviders(
  infer: readonly string[],
  file: string,
  providers: readonly LanguageProvider[],
): readonly Diagnostic[] {
  const known = providers.map(({ name }) => name);
  return infer.flatMap((name, index): Diagnostic[] =>
    known.includes(name)
      ? []
      : [
          {
            code: "E370",
            severity: "error",
            data: { name },
            place: { file, path: ["workspace", "infer", index] },
            suggestions: suggest(name, known),
          },
        ],
  );
}
