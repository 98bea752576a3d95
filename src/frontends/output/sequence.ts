/** Runs steps one after the other: at once where nothing is under way, else when all before have ended. */
export class Sequence {
  #last: Promise<void> | undefined;

  get busy(): boolean {
    return this.#last !== undefined;
  }

  /** A promise where the step has to wait or takes time. Steps don't reject. */
  run(step: () => void | Promise<void>): void | Promise<void> {
    const running = this.#last === undefined ? step() : this.#last.then(step);
    if (!(running instanceof Promise)) return undefined;
    const last = running.then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
    return last;
  }

  async idle(): Promise<void> {
    while (this.#last !== undefined) await this.#last;
  }
}
