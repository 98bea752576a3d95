/** What a stranger, or a language model, needs to know of a repository. Plain data, in a stable order. */
export interface RepositoryContext {
  readonly v: 1;
  readonly name: string;
  /** Documents to begin with: path from the root, and first heading. */
  readonly documents: readonly { readonly path: string; readonly title?: string }[];
  /** Tools and their versions, as the configuration asks for them. */
  readonly tools: Readonly<Record<string, string>>;
  readonly packages: readonly ContextPackage[];
  readonly tasks: readonly ContextTask[];
  readonly workflows: readonly {
    readonly name: string;
    readonly description?: string;
    readonly stages: readonly string[];
  }[];
  /** What was left out to keep within the budget. */
  readonly omitted: readonly string[];
}

export interface ContextPackage {
  readonly name: string;
  /** From the root; `.` for it. */
  readonly path: string;
  readonly version?: string;
  /** File names of its manifests. */
  readonly manifests?: readonly string[];
  readonly tags?: readonly string[];
  /** Names of the packages it depends on. */
  readonly deps?: readonly string[];
  readonly owners?: readonly string[];
  /** The last commits that changed it, the newest first. */
  readonly changes?: readonly ContextChange[];
}

export interface ContextChange {
  readonly commit: string;
  /** `2026-11-21`. */
  readonly date: string;
  readonly subject: string;
}

export interface ContextTask {
  /** What to type to run it from the root. */
  readonly name: string;
  readonly description?: string;
  /** Names of its parameters; `!` behind those that are required. */
  readonly params?: readonly string[];
  readonly deps?: readonly string[];
}
