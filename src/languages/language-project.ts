import type { Span } from "#base/span";
import type { VersionFile } from "#core/toolchain/toolchain";
import type { FolderFiles } from "./folder-view";

/** The command that fetches what a package depends on. */
export interface InstallCommand {
  /** Programs with their arguments, one after the other. */
  readonly cmds: readonly (readonly string[])[];
  /** Folder to run them in, absolute: that of the package, or of the workspace it is installed with. */
  readonly cwd: string;
  /** Names of the files in `cwd` that say what is fetched: nothing is to be done again while they stay the same. */
  readonly reads: readonly string[];
  /** Folders and files that the commands leave in `cwd`; none where the language keeps them elsewhere. */
  readonly makes: readonly string[];
}

/** What an import may mean. */
export type ImportTarget =
  /** A package by one of its names (`ManifestPackage.ids`, else its name), the likeliest first. */
  | { readonly kind: "package"; readonly names: readonly string[] }
  /** A part of the code by its own name, which some file declares. */
  | { readonly kind: "module"; readonly name: string }
  /** A file or folder, relative to the folder of the file with the import; maybe without its ending. */
  | { readonly kind: "file"; readonly path: string };

/** A place where a source file uses another one, or a package. */
export interface FoundImport {
  /** As written, without quotes. */
  readonly specifier: string;
  /** Of the specifier in the text, in UTF-16 code units. */
  readonly span: Span;
  readonly target: ImportTarget;
}

/** How the imports of a language's sources are found. What stands in comments is none. */
export interface ImportScan {
  /** Globs of the source files of a package, relative to it. */
  readonly files: readonly string[];
  /** The imports of a file, in the order of the text; takes any text, in time that grows with its length. */
  readonly scan: (text: string) => readonly FoundImport[];
  /** Names of the parts that a file declares, by which a `module` is found. */
  readonly declares?: (text: string) => readonly string[];
}

/** Why zr installs no toolchain of a language, for those who ask for one by `[tools]`. */
export interface ToolInstead {
  /** What they may call it. */
  readonly names: readonly string[];
  /** The reason, as it goes on behind the name and a colon. */
  readonly why: string;
  /** What to do, as it goes on behind a semicolon. */
  readonly instead: string;
}

/**
 * What is known of a project of a language beyond its packages and tasks: for installing dependencies, for versions and
 * releases, for caching and for rules about imports. All of it is pure; each part may be missing where the language has
 * no such thing.
 */
export interface LanguageProject {
  /** Globs of the files that a usual task of a package reads, relative to it. */
  readonly inputs: readonly string[];
  /** Globs of what a usual build makes, relative to the package. */
  readonly outputs: readonly string[];
  /** Files by which other tools choose a version of this one; the first that says one wins. */
  readonly versionFiles?: readonly VersionFile[];
  /** Names of the tool in the files that all tools share, `.tool-versions` and `mise.toml`; the provider's where not given. */
  readonly toolNames?: readonly string[];
  /** Further names of files that `install` and `env` look at; they are only seen, not read. */
  readonly looksFor?: readonly string[];
  /** The command for the dependencies of a package; undefined where it has none to fetch. */
  readonly install?: (folder: FolderFiles, root: FolderFiles) => InstallCommand | undefined;
  /** The version in the text of a manifest of that name, without quotes; undefined where it declares none of its own. */
  readonly versionIn?: (name: string, text: string) => Span | undefined;
  readonly imports?: ImportScan;
  /** There where the provider has no `toolchain`. */
  readonly toolInstead?: ToolInstead;
}
