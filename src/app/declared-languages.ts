import type { Diagnostic } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { readDeclaredLanguage } from "#languages/declared-language";
import type { RepositoryReader } from "#languages/discover-packages";
import { languageProviders } from "#languages/index";
import type { LanguageProvider } from "#languages/language-provider";

/** Where a workspace names files of languages. */
export interface LanguagePlace {
  /** Folder that the globs are relative to. */
  readonly root: string;
  /** The file with the globs. */
  readonly file: string;
  readonly reader: RepositoryReader;
}

export interface DeclaredLanguages {
  readonly providers: readonly LanguageProvider[];
  /** The texts of the files, by path, for showing lines of them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The languages that files of a workspace describe, in the order of the globs and of the paths. A glob that fits no file,
 * a file that describes none, and a name that is taken are diagnostics.
 */
export async function declaredLanguages(
  globs: readonly string[],
  { root, file, reader }: LanguagePlace,
): Promise<DeclaredLanguages> {
  const found = await Promise.all(globs.map((glob) => reader.find(glob, root, new Set([".git"]))));
  const diagnostics: Diagnostic[] = found.flatMap((paths, index): readonly Diagnostic[] =>
    paths.length > 0
      ? []
      : [
          {
            code: "E376",
            severity: "error",
            data: { path: globs[index] ?? "", reason: "there is no such file" },
            place: { file, path: ["workspace", "languages", index] },
          },
        ],
  );
  const texts = new Map<string, string>();
  const providers: LanguageProvider[] = [];
  const names = new Set(languageProviders.map(({ name }) => name));
  for (const path of new Set(found.flat())) {
    const text = await reader.readText(path);
    if (text === undefined) continue;
    texts.set(path, text);
    const read = readDeclaredLanguage({ file: path, shown: relativeTo(root, path) }, text);
    if (!read.ok) diagnostics.push(...read.error);
    else if (names.has(read.value.name))
      diagnostics.push({
        code: "E376",
        severity: "error",
        data: { path: relativeTo(root, path), reason: `there is a language '${read.value.name}' already` },
        place: { file: path, path: ["name"] },
      });
    else {
      names.add(read.value.name);
      providers.push(read.value);
    }
  }
  return { providers, texts, diagnostics };
}
