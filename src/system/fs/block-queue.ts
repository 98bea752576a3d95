/** Where full blocks go; one is written after the other. */
export interface BlockTarget {
  /** Bytes of a block; only what is left at the end is less. */
  readonly size: number;
  /** Blocks on their way before whoever appends has to wait. */
  readonly most: number;
  /** The bytes may be overwritten once it has settled. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/** Gathers bytes into blocks that are written one after the other, and holds back who is faster than the disk. */
export class BlockQueue {
  readonly #target: BlockTarget;
  #block: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  /** Written, and to be used again. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(target: BlockTarget) {
    this.#target = target;
  }

  /** Settles when all that was flushed has been written; rejects when the disk has refused. */
  get written(): Promise<void> {
    return this.#last;
  }

  /**
   * The bytes may be overwritten once the call has returned. A promise means that the disk is behind; it rejects when
   * that has refused.
   */
  append(bytes: Uint8Array): void | Promise<void> {
    const { size, most } = this.#target;
    for (let at = 0; at < bytes.length;) {
      this.#block ??= this.#free.pop() ?? new Uint8Array(size);
      const piece = bytes.subarray(at, at + size - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === size) this.flush();
    }
    return this.#waiting > most ? this.#last : undefined;
  }

  /** Has what was gathered written; nothing where that is nothing. */
  flush(): void {
    const block = this.#block;
    if (block === undefined) return;
    const bytes = block.subarray(0, this.#filled);
    this.#block = undefined;
    this.#filled = 0;
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      await this.#target.write(bytes);
      this.#waiting -= 1;
      this.#free.push(block);
    });
    // Whoever waits for it hears of a failure; until then nobody may.
    this.#last.catch(() => undefined);
  }
}
