/** A task of the workspace, as far as sentences can be about it. */
export interface AskedTask {
  /** How it is addressed from the current folder: `build`, `api:build`, `//:build`. */
  readonly ref: string;
  /** The name of its package; empty for that of the root. */
  readonly package: string;
  /** Whether its package is that of the current folder. */
  readonly isHere: boolean;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Values that its parameters allow. */
  readonly choices?: readonly string[];
}

/** Names that a sentence can be about. */
export interface AskedNames {
  readonly tasks: readonly AskedTask[];
  readonly workflows: readonly string[];
  readonly packages: readonly string[];
  readonly tags: readonly string[];
  readonly profiles: readonly string[];
}

export const NO_NAMES: AskedNames = { tasks: [], workflows: [], packages: [], tags: [], profiles: [] };
