import type { Place } from "#base/diagnostic";
import type { TaskTable } from "#core/config/schema/sections";

/** The files of one folder, as far as some provider asks for them. Providers never touch the disk themselves. */
export interface FolderFiles {
  /** Absolute. */
  readonly dir: string;
  /** Path from the root; `.` for the root. */
  readonly path: string;
  /** Names of the files that are there, among those asked for. */
  readonly names: ReadonlySet<string>;
  /** The text of a manifest; undefined where there is none. Lock files and the like are seen but not read. */
  readonly text: (name: string) => string | undefined;
  /** The value of a JSON, TOML or YAML manifest, parsed once; an empty table where there is none or it can't be read. */
  readonly value: (name: string) => Readonly<Record<string, unknown>>;
}

/** Folders that a manifest lists as packages. */
export interface MemberList {
  /** Globs of folders, relative to the folder of the manifest, or absolute paths. A leading `!` excludes. */
  readonly folders: readonly string[];
}

/** A dependency as a manifest declares it. */
export interface DeclaredDependency {
  /** What it points at: a package of the same language by one of its names, or a folder (absolute). */
  readonly on:
    | {
        readonly name: string;
        /** Whether the member of that name is meant, seen by its version; not given: always. */
        readonly accepts?: (version: string | undefined) => boolean;
      }
    | { readonly dir: string };
  readonly kind: string;
  readonly place: Place;
}

/** A task that follows from a manifest. */
export interface InferredTask {
  readonly name: string;
  readonly table: TaskTable;
  readonly place: Place;
}

/** What a manifest says about its package. */
export interface ManifestPackage {
  /** Absolute path of the manifest. */
  readonly manifest: string;
  readonly name?: string;
  readonly namePlace: Place;
  /** Names by which others of the same language depend on it; its own name where not given. */
  readonly ids?: readonly string[];
  readonly version?: string;
  readonly dependencies: readonly DeclaredDependency[];
  readonly tasks: readonly InferredTask[];
}

/**
 * All that zr knows of one language's packages: which files describe them, how they list and need each other, and what
 * can be run in them. A provider is pure: it reads texts and gives values, the same for the same texts.
 */
export interface LanguageProvider {
  /** How `[workspace] infer` calls it. */
  readonly name: string;
  /** File names, or globs of them, each of which makes a folder a package. They are read. */
  readonly manifests: readonly string[];
  /** Files at the root that list members or say which tool is used, and are read. */
  readonly rootManifests?: readonly string[];
  /** Files whose presence says something; they are not read. */
  readonly marks?: readonly string[];
  /** Folders that hold what others have written: no member lies below one. */
  readonly foreignFolders?: readonly string[];
  /** The members that the files of a folder list. Asked for the root first, then for each member found. */
  readonly members: (folder: FolderFiles, root: FolderFiles) => MemberList;
  /** The package in a folder; undefined where none of its files makes one. */
  readonly describe: (folder: FolderFiles, root: FolderFiles) => ManifestPackage | undefined;
}

export const NO_MEMBERS: MemberList = { folders: [] };
