import type { Result } from "#base/result";

export type FindingState = "ok" | "warning" | "failed" | "skipped";

/** What a check has found about one thing. */
export interface Finding {
  /** The check that it belongs to: `tools`. */
  readonly check: string;
  /** What it is about: `node`. */
  readonly name: string;
  readonly state: FindingState;
  readonly detail: string;
  /** What to do, in words. */
  readonly hint?: string;
  /** What to do, as a command. */
  readonly fix?: string;
  /** Mends it, where that can do no harm: gives what was done, or why it could not be. */
  readonly mend?: (signal: AbortSignal) => Promise<Result<string, string>>;
}

/** A question about the machine or the working copy. */
export interface DoctorCheck {
  readonly name: string;
  /** Milliseconds until it is given up. */
  readonly limitMs: number;
  /** It ends by itself, and all that it has started, when everything is given up; others are not waited for. */
  readonly heedsSignal?: true;
  readonly look: () => Promise<readonly Finding[]>;
}
