/** A file as it has to be: its path in the repository and its whole text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}
