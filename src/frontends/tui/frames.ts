import { monotonicMs } from "#system/clock/clock";

/** The screen is drawn at most fifteen times a second. */
const FRAME_MS = 67;

/** Draws when there is something new: at once after a rest, else at the next frame; never while a frame is on its way. */
export class Frames {
  readonly #draw: () => void | Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  #sent: Promise<void> = Promise.resolve();
  #isSending = false;
  #isWanted = false;

  /** @param draw writes a frame; a promise settles when the terminal has taken it. */
  constructor(draw: () => void | Promise<void>) {
    this.#draw = draw;
  }

  /** Settled when what was drawn is on the terminal, or after a moment, where that takes nothing more. */
  get sent(): Promise<void> {
    const moment = new Promise<void>((resolve) => {
      setTimeout(resolve, FRAME_MS * 3);
    });
    return Promise.race([this.#sent, moment]);
  }

  want(): void {
    if (this.#isSending) this.#isWanted = true;
    if (this.#isSending || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastAt + FRAME_MS - monotonicMs());
    this.#timer = setTimeout(() => this.#next(), wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWanted = false;
  }

  #next(): void {
    this.#timer = undefined;
    this.#lastAt = monotonicMs();
    const sent = this.#draw();
    if (sent === undefined) return;
    this.#isSending = true;
    this.#sent = sent.then(() => {
      this.#isSending = false;
      if (!this.#isWanted) return;
      this.#isWanted = false;
      this.want();
    });
  }
}
