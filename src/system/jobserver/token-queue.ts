import type { TokenPool } from "./token-pool";

/** The right to run something: what was taken from the pool for it. */
export interface Token {
  readonly tokens: Uint8Array;
  /** Whether it stands for the slot that we ourselves were started in. */
  readonly isImplicit: boolean;
}

export interface TokenQueueOptions {
  /** How many slots there are; unknown where the flags above us did not say. */
  readonly slots: number | undefined;
  /**
   * `owner`: every token lies in the pool. `client`: the slot that we were started in is ours to use first, and the
   * pool has the others.
   */
  readonly role: "owner" | "client";
}

interface Waiter {
  readonly count: number;
  readonly settle: (token: Token | undefined) => void;
}

const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 10;

/**
 * Hands out the tokens of a pool in the order they were asked for. A waiter for several gets all at once or none, so
 * that two who each have a part never wait for each other. Other processes put tokens back without telling, so while
 * somebody waits the pool is looked at every few milliseconds.
 */
export class TokenQueue {
  readonly #pool: TokenPool;
  readonly #options: TokenQueueOptions;
  readonly #held = new Set<Token>();
  #waiters: readonly Waiter[] = [];
  #isImplicitFree: boolean;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = SHORTEST_PAUSE_MS;

  constructor(pool: TokenPool, options: TokenQueueOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#isImplicitFree = options.role === "client";
  }

  /** A token for `count` slots (at most all there are) where it can be had now and nobody waits for one. */
  tryAcquire(count = 1): Token | undefined {
    return this.#waiters.length > 0 ? undefined : this.#take(count);
  }

  /** Waits for a token; undefined once the signal is aborted or the jobserver closed. */
  acquire(signal?: AbortSignal, count = 1): Promise<Token | undefined> {
    if (this.#isClosed || signal?.aborted === true) return Promise.resolve(undefined);
    const token = this.tryAcquire(count);
    if (token !== undefined) return Promise.resolve(token);
    const { promise, resolve } = Promise.withResolvers<Token | undefined>();
    const abort = (): void => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      waiter.settle(undefined);
      this.#serve();
    };
    const waiter: Waiter = {
      count,
      settle: (token) => {
        signal?.removeEventListener("abort", abort);
        resolve(token);
      },
    };
    this.#waiters = [...this.#waiters, waiter];
    signal?.addEventListener("abort", abort);
    this.#wait();
    return promise;
  }

  /** Gives a token back; a second time does nothing. */
  release(token: Token): void {
    if (!this.#held.delete(token)) return;
    this.#putBack(token);
    // Nothing of ours runs, so a token that is missing now was lost by a child that died with it.
    if (this.#held.size === 0 && this.#options.role === "owner") this.#pool.refill(this.#options.slots ?? 0);
    this.#serve();
  }

  /** Gives everything back; whoever still waits gets nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const token of this.#held) this.#putBack(token);
    this.#held.clear();
    for (const waiter of this.#waiters) waiter.settle(undefined);
    this.#waiters = [];
    this.#pool.close();
  }

  #take(count: number): Token | undefined {
    if (this.#isClosed) return undefined;
    const isImplicit = this.#isImplicitFree;
    const wanted = Math.min(count, this.#options.slots ?? count) - (isImplicit ? 1 : 0);
    const tokens = wanted > 0 ? this.#pool.take(wanted) : new Uint8Array();
    if (tokens === undefined) return undefined;
    if (isImplicit) this.#isImplicitFree = false;
    const token = { tokens, isImplicit };
    this.#held.add(token);
    return token;
  }

  #putBack({ tokens, isImplicit }: Token): void {
    if (isImplicit) this.#isImplicitFree = true;
    if (tokens.length > 0) this.#pool.give(tokens);
  }

  #serve(): void {
    for (;;) {
      const next = this.#waiters[0];
      if (next === undefined) break;
      const token = this.#take(next.count);
      if (token === undefined) break;
      this.#waiters = this.#waiters.slice(1);
      this.#pauseMs = SHORTEST_PAUSE_MS;
      next.settle(token);
    }
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#waiters.length === 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      this.#serve();
    }, this.#pauseMs);
  }
}
