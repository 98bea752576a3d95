import type { PackageDiscovery } from "./discovery";
import type { TomlTable } from "./toml/values";

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
  /** Whether there is something at a path: a look that takes less time than a read. False where it can't be looked at. */
  readonly isThere?: (path: string) => boolean;
  /** Absolute paths of the files under `folder` that match, in order of their names. */
  readonly glob: (pattern: string, folder: string) => Promise<readonly string[]>;
  /** How packages are found by their manifests; not given: only by their configurations. */
  readonly packages?: PackageDiscovery;
}
