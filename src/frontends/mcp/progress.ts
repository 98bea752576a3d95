/** How far an operation is. */
export interface Progress {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

/** At least so long between two messages. */
const QUIET_MS = 100;

/** Sends what is new, but not every thousandth of a second: of steps that come too fast the last one is told. */
export class ProgressSender {
  readonly #send: (progress: Progress) => Promise<void>;
  #waiting: Progress | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(send: (progress: Progress) => Promise<void>) {
    this.#send = send;
  }

  tell(progress: Progress): void {
    if (this.#isOver) return;
    if (this.#timer !== undefined) {
      this.#waiting = progress;
      return;
    }
    void this.#send(progress);
    this.#timer = setTimeout(() => this.#next(), QUIET_MS);
  }

  /** Nothing is told any more: the answer comes. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.tell(waiting);
  }
}
