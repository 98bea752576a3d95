import type { Result } from "#base/result";
import type { GitField } from "#core/model/plan";
import type { Maybe } from "./maybe";

/** Why the world could not answer: `the file does not exist`, `timed out after 10 s`. No full stop. */
export interface HostFailure {
  readonly reason: string;
}

/** An answer, now or later. A host never throws or rejects for what the world can cause. */
export type Answer<T> = Maybe<Result<T, HostFailure>>;

export interface ShellOutcome {
  /** Standard output without trailing white space. */
  readonly output: string;
  readonly exitCode: number;
}

/** What is known of a finished task, stage or step. */
export interface FinishedFacts {
  readonly success: boolean;
  readonly failed: boolean;
  readonly skipped: boolean;
  /** Tasks only. */
  readonly cached?: boolean;
  readonly durationMs: number;
  /** Tasks only; null where no command ran. */
  readonly exitCode?: number | null;
  /** Tasks only: how many attempts were started. */
  readonly attempts?: number;
  /** Tasks only: whether it may fail without failing the run. */
  readonly allowFailure?: boolean;
}

export type ResultGroup = "tasks" | "stages" | "steps";

/**
 * Everything an expression may ask of the world. Relative paths and patterns are those of the package folder; a
 * leading `//` means the workspace root.
 *
 * The host keeps the promise of the language that a function is computed at most once a run for the same arguments:
 * it remembers answers by function name and arguments (and package, where the answer depends on it), also answers on
 * their way, so that two evaluations at once share one. The evaluator asks each time it meets a call.
 */
export interface ExprHost {
  /** The variable's value in the environment of the task; null where it is not set. */
  env(name: string): string | null;
  /** `linux`, `darwin` or `windows`. */
  readonly platform: string;
  /** `x86_64` or `aarch64`; the names `x64` and `arm64` are as good. */
  readonly arch: string;
  readonly ci: boolean;
  readonly tty: boolean;
  /** Null outside a repository and where there is none (no tag on the commit, no branch). */
  git(field: GitField): Answer<string | boolean | null>;
  /** Whether the package is affected against the base. */
  affected(): Answer<boolean>;
  /** Null while the task, stage or step has not finished in this run. */
  finished(group: ResultGroup, name: string): Answer<FinishedFacts | null>;
  /** The shared output of a task, a string or JSON data; undefined where it has shared none. */
  output(task: string): Answer<unknown>;
  fileExists(path: string): Answer<boolean>;
  /** Whether a file that matches changed against the base, is uncommitted or untracked. */
  fileChanged(patterns: readonly string[]): Answer<boolean>;
  /** Whether target is newer than source; folders by their newest file; false where target is missing. */
  fileNewer(target: string, source: string): Answer<boolean>;
  /** Hexadecimal digest of the content; null where nothing matches. */
  fileHash(pattern: string): Answer<string | null>;
  fileRead(path: string): Answer<string>;
  /** Matching paths, sorted. */
  glob(pattern: string): Answer<readonly string[]>;
  /** Why `shell()` may not run here (`zr validate does not run commands`); null where it may. */
  readonly shellRefusal: string | null;
  /** Runs in the package folder, without stdin, for at most 10 s. Not asked while `shellRefusal` is set. */
  shell(command: string): Answer<ShellOutcome>;
  /** Absolute path of the program; null where PATH has none. */
  which(tool: string): Answer<string | null>;
  /** Version that the task would use; null where the tool is not there. */
  toolVersion(tool: string): Answer<string | null>;
}
