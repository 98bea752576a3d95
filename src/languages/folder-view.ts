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
