/** An instance whose end does not depend on what it works on alone. */
export interface FlakyInstance {
  readonly id: string;
  /** Runs that it ended in, well or not. */
  readonly runs: number;
  readonly failures: number;
  /** Runs in which only another attempt succeeded. */
  readonly retried: number;
  /** Commits or cache keys with which it ended well and badly. */
  readonly mixed: number;
  /** When it last ended, by the wall clock. */
  readonly lastMs: number;
}
