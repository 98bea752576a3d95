/** What reading needs of the outside, as far as somebody has looked. */
export interface KnownFiles {
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly globs: ReadonlyMap<string, readonly string[]>;
}

/** Files and patterns that a reading has asked for and that nobody has looked for. */
export interface WantedFiles {
  readonly texts: Set<string>;
  readonly globs: Set<string>;
}
