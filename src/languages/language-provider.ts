import type { Place } from "#base/diagnostic";
import type { ProjectFolders } from "#core/config/discovery";
import type { TaskTable } from "#core/config/schema/sections";
import type { Toolchain } from "#core/toolchain/toolchain";
import type { FolderFiles } from "./folder-view";
import type { LanguageProject } from "./language-project";

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

/** What is known of a package when a configuration is written for it. */
export interface StarterPackage {
  /** Its files. `names` are all of its folder; `text` has the manifests and those that the starter reads. */
  readonly folder: FolderFiles;
  /** The folder that the repository begins with. */
  readonly root: FolderFiles;
  /** Folders of the packages whose sources it uses as they are, from the workspace root, without a slash at the end. */
  readonly sourcesOf: readonly string[];
  /** Whether `^build` leads to something. */
  readonly hasBuildsBefore: boolean;
}

/** A task as it is to be written, and why it is so. */
export interface StarterTask {
  readonly name: string;
  readonly table: TaskTable;
  /** Sentences that stand as a comment above the task. */
  readonly why: readonly string[];
}

/** A version of a tool that some file asks for. */
export interface WantedTool {
  /** As `[tools]` calls it. */
  readonly name: string;
  readonly version: string;
  /** Name of the file that says so. */
  readonly from: string;
}

/**
 * What a written configuration says of a language's tasks beyond what is inferred: what they read and make, whether
 * they can be cached or never end. Inference says nothing of it, since part of it is a guess that a reader is to see.
 */
export interface LanguageStarter {
  /** Names, or globs of them, of the files of a package that it reads. */
  readonly reads: readonly string[];
  /** Names, or globs of them, of files at the root that every result depends on. */
  readonly globalInputs: readonly string[];
  /** Whether packages use the sources of others, whatever their `build` makes. */
  readonly readsSources?: boolean;
  /** The task for one that was inferred; undefined where it is better left out. */
  readonly task: (inferred: StarterTask, pkg: StarterPackage) => StarterTask | undefined;
  /** Tasks that no manifest speaks of. */
  readonly further?: (pkg: StarterPackage) => readonly StarterTask[];
  /** The tools that the files of a package ask for, surest first. */
  readonly tools: (folder: FolderFiles) => readonly WantedTool[];
}

/**
 * All that zr knows of one language's packages: which files describe them, how they list and need each other, and what
 * can be run in them. A provider is pure: it reads texts and gives values, the same for the same texts.
 */
export interface LanguageProvider {
  /** How `[workspace] infer` calls it. */
  readonly name: string;
  /** As people write it. */
  readonly displayName: string;
  /** File names, or globs of them, each of which makes a folder a package. They are read. */
  readonly manifests: readonly string[];
  /**
   * Whether its files say something only of a folder that is no package of another language, and make none by themselves
   * but at the root or where somebody names the folder: such files lie beside sources of every kind.
   */
  readonly isFallback?: true;
  /** Whether its files are those of a task runner, whose tasks `zr init` takes over by a converter. */
  readonly isRunner?: true;
  /** Files at the root that list members or say which tool is used, and are read. */
  readonly rootManifests?: readonly string[];
  /** Files whose presence says something; they are not read. */
  readonly marks?: readonly string[];
  /** Folders that hold what others have written: no member lies below one. */
  readonly foreignFolders?: readonly string[];
  /** Where its projects keep programs of their own, which are put in front of PATH. */
  readonly folders?: ProjectFolders;
  /** The members that the files of a folder list. Asked for the root first, then for each member found. */
  readonly members: (folder: FolderFiles, root: FolderFiles) => MemberList;
  /** The package in a folder; undefined where none of its files makes one. */
  readonly describe: (folder: FolderFiles, root: FolderFiles) => ManifestPackage | undefined;
  /** Whether a folder is of this language though its manifests are those of another one, which describes it. */
  readonly detects?: (folder: FolderFiles, root: FolderFiles) => boolean;
  /** What a configuration says of its tasks that is written by `zr init`; loaded only for that. */
  readonly starter?: () => Promise<LanguageStarter>;
  /** How its tools are published; loaded only where one has to be found or fetched. */
  readonly toolchain?: () => Promise<Toolchain>;
  /** How its projects are installed, versioned and put together; loaded only for that. */
  readonly project?: () => Promise<LanguageProject>;
}

export const NO_MEMBERS: MemberList = { folders: [] };
