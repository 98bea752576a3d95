import type { Diagnostic, Place } from "#base/diagnostic";
import type { TaskEntry } from "./config";
import type { ConfigDocument } from "./schema/sections";

/** A dependency between two folders, as a manifest declares it. */
export interface DiscoveredEdge {
  /** Folder of the package that is depended on, absolute. */
  readonly on: string;
  readonly kind: string;
  readonly place: Place;
}

/** Folders in which a language's projects keep programs of their own, where they are there. */
export interface ProjectFolders {
  /** For PATH, relative to the package or the workspace. */
  readonly bin: readonly string[];
  /** Variables that hold folders, relative as well. Where zr itself was started with one of them, all stay as they are. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Whether they count wherever a manifest of the language is, since its own commands would not find them otherwise. Those
   * of other languages count where `[tools]` asks for the language's tool.
   */
  readonly always?: true;
}

/** What the manifests of a folder say about the package in it. */
export interface DiscoveredPackage {
  /** Absolute. */
  readonly dir: string;
  readonly name?: string;
  /** Where the name stands; there where a manifest was read. */
  readonly namePlace?: Place;
  readonly version?: string;
  /** Absolute paths of the manifests. */
  readonly manifests: readonly string[];
  readonly edges: readonly DiscoveredEdge[];
  /** Those that always count of the languages that the manifests are of. */
  readonly folders: readonly ProjectFolders[];
  /** Tasks that the manifests imply. */
  readonly tasks: readonly TaskEntry[];
}

/** The packages of a repository, as its files tell. */
export interface Discovery {
  readonly root: string;
  /** By folder; the root is among them where it has a manifest or holds the configuration. */
  readonly packages: ReadonlyMap<string, DiscoveredPackage>;
  /** Configuration files that were seen on the way; no folder of `packages` has others. */
  readonly configFiles: ReadonlySet<string>;
  /** The text of every manifest that was read, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds packages by the files of their languages. Asked only where a workspace, or no configuration at all, is there. */
export interface PackageDiscovery {
  /** The members of a workspace, by the globs of its table and by what manifests list. */
  readonly ofWorkspace: (
    root: string,
    /** The file with the table. */
    file: string,
    table: NonNullable<ConfigDocument["workspace"]>,
  ) => Promise<Discovery>;
  /** The repository around a folder in which no configuration is; undefined where there is no manifest either. */
  readonly ofRepository: (cwd: string) => Promise<Discovery | undefined>;
}
