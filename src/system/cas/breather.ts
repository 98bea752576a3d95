const SLICE_MS = 8;

/** Lets others have their turn in the middle of work that blocks: children print while a thousand files are copied. */
export class Breather {
  #since = performance.now();

  /** True where it is time for `await rest()`. Asked so that work without end costs no promise a step. */
  get isDue(): boolean {
    return performance.now() - this.#since >= SLICE_MS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
