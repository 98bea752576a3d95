import { monotonicMs } from "#system/clock/clock";

/** So many bytes give a transfer a new window. */
const BYTES_PER_WINDOW = 64 * 1024;

/**
 * Bounds a transfer of any length: whoever waits for the other side may do so for one window of time in all, and gets a
 * new one for every 64 KiB that have moved. Time between two waits, when this side is busy, does not count.
 */
export class ProgressWindow {
  readonly #windowMs: number;
  readonly #onOver: () => void;
  #leftMs: number;
  #bytes = 0;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(windowMs: number, onOver: () => void) {
    this.#windowMs = windowMs;
    this.#leftMs = windowMs;
    this.#onOver = onOver;
  }

  /** The other side is waited for from here on. */
  wait(): void {
    if (this.#timer !== undefined) return;
    this.#since = monotonicMs();
    this.#timer = setTimeout(this.#onOver, Math.max(0, this.#leftMs));
  }

  /** It has moved so many bytes, and is not waited for any more. */
  moved(bytes: number): void {
    if (this.#since !== undefined) this.#leftMs -= monotonicMs() - this.#since;
    this.stop();
    this.#bytes += bytes;
    if (this.#bytes < BYTES_PER_WINDOW) return;
    this.#bytes = 0;
    this.#leftMs = this.#windowMs;
  }

  /** Begins with a whole window. */
  renew(): void {
    this.stop();
    this.#bytes = 0;
    this.#leftMs = this.#windowMs;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#since = undefined;
  }
}
