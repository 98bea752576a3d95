import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/** A word that may stand at the cursor. One that ends in `=` wants no blank behind it. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What may stand at the cursor; with `paths`, also what the shell finds in the file system. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths?: "file" | "folder";
}

/** A parameter of a task, as far as completion is concerned. */
export interface KnownParameter {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly isFlag: boolean;
  /** Takes all further words. */
  readonly isVariadic: boolean;
}

/** Names of the workspace in which a command line is being written. */
export interface KnownNames {
  readonly tasks: () => readonly Candidate[];
  readonly workflows: () => readonly Candidate[];
  readonly hiddenTasks: () => readonly Candidate[];
  /** The parameters of a task; none where there is no such task. */
  readonly parameters: (task: string) => readonly KnownParameter[];
  readonly profiles: () => readonly string[];
  readonly packages: () => readonly string[];
  readonly tags: () => readonly string[];
  readonly aliases: () => readonly Candidate[];
  /** The words that an alias stands for; undefined where the name is none, or a task's. */
  readonly aliased: (name: string) => readonly string[] | undefined;
  /** Declared in [tools]. */
  readonly tools: () => readonly string[];
  /** Of the workflow of that name. */
  readonly stages: (workflow: string) => readonly string[];
  /** Runs of the history, newest first, with what was run. */
  readonly runs: () => Promise<readonly Candidate[]>;
}

export interface CompletionSource {
  readonly table: readonly CommandDefinition[];
  readonly globals: OptionDefinitions;
  /** Codes of errors, for `zr help`. */
  readonly codes: () => Promise<readonly Candidate[]>;
  /** Asked only where names of the workspace matter; undefined where there is none, or a broken one. */
  readonly names: () => Promise<KnownNames | undefined>;
  readonly templates: () => Promise<readonly Candidate[]>;
}
