import type { FolderFiles } from "./folder-view";
import type { LanguageProvider } from "./language-provider";

/** Which of a provider's files are looked for in a folder. */
export type FileRole = "manifest" | "root-manifest" | "mark";

/** The file names that a set of providers asks for, and what each name is. */
export class ProviderFiles {
  readonly #exact = new Map<string, FileRole>();
  readonly #owners = new Map<string, LanguageProvider>();
  readonly #providers: readonly LanguageProvider[];
  readonly #endings: (readonly [string, FileRole])[] = [];
  /** Folders below which nothing of the repository's own lies. */
  readonly foreign: ReadonlySet<string>;

  constructor(providers: readonly LanguageProvider[]) {
    this.#providers = providers;
    const foreign = new Set([".git", ".zr"]);
    for (const provider of providers) {
      const { manifests, rootManifests = [], marks = [], foreignFolders = [] } = provider;
      for (const name of [...manifests, ...rootManifests]) this.#owners.set(name.replace("*", ""), provider);
      for (const name of marks) this.#add(name, "mark");
      for (const name of rootManifests) this.#add(name, "root-manifest");
      for (const name of manifests) this.#add(name, "manifest");
      for (const name of foreignFolders) foreign.add(name);
    }
    this.foreign = foreign;
  }

  #add(name: string, role: FileRole): void {
    if (name.startsWith("*")) this.#endings.push([name.slice(1), role]);
    else this.#exact.set(name, role);
  }

  roleOf(name: string): FileRole | undefined {
    return this.#exact.get(name) ?? this.#endings.find(([ending]) => name.endsWith(ending))?.[1];
  }

  /** The providers that a folder has manifests of, in their order. */
  providersOf({ names }: Pick<FolderFiles, "names">): readonly LanguageProvider[] {
    const owners = new Set<LanguageProvider>();
    for (const name of names) {
      const owner = this.#owners.get(name) ?? this.#owners.get(name.slice(name.lastIndexOf(".")));
      if (owner !== undefined) owners.add(owner);
    }
    if (owners.size < 2) return [...owners];
    const found = this.#providers.filter((provider) => owners.has(provider));
    const own = found.filter(({ isFallback }) => isFallback !== true);
    return own.length === 0 ? found : own;
  }

  /** A glob of all the names, and of some more. */
  pattern(...others: readonly string[]): string {
    return `{${[...others, ...this.#exact.keys(), ...this.#endings.map(([ending]) => `*${ending}`)].join(",")}}`;
  }
}
