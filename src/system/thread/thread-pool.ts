import { openThread } from "./thread";
import type { Thread } from "./thread";

export interface PoolOptions {
  /** Most threads; each costs some milliseconds and megabytes. */
  readonly most: number;
  /** Begins a thread, for tests another kind of it. */
  readonly open?: (index: number) => Thread;
}

/** Work that another thread may do, and what this one does where none is free or one has failed. */
export interface SharedWork<Result> {
  readonly question: unknown;
  /** Does the same work in this thread. */
  readonly here: () => Promise<Result>;
}

/** Shares work between threads: whoever is free takes the next piece, this thread too. */
export class ThreadPool {
  readonly #most: number;
  readonly #open: (index: number) => Thread;
  readonly #threads: Thread[] = [];

  constructor({ most, open = openThread }: PoolOptions) {
    this.#most = most;
    this.#open = open;
  }

  async do<Result>({ question, here }: SharedWork<Result>): Promise<Result> {
    const thread = this.#idle();
    const answer = await thread?.ask(question);
    if (answer !== undefined) return answer as Result;
    const result = await here();
    // Answers that have come meanwhile are heard of before this thread takes more.
    if (this.#threads.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    return result;
  }

  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  #idle(): Thread | undefined {
    const idle = this.#threads.find((thread) => thread.waiting() === 0);
    if (idle !== undefined || this.#threads.length >= this.#most) return idle;
    const begun = this.#open(this.#threads.length + 1);
    this.#threads.push(begun);
    return begun;
  }
}
