/** A larger output is for a file, not for a variable. */
export const MAX_SHARED_BYTES = 1024 * 1024;

/** Keeps what a task writes to its stdout, as it is, as long as it is of a size to be shared. */
export class OutputCapture {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.isTooLarge) this.#pieces.length = 0;
    else this.#pieces.push(bytes.slice());
  }

  get isTooLarge(): boolean {
    return this.#bytes > MAX_SHARED_BYTES;
  }

  /** Without white space around it; what is not UTF-8 is replaced. */
  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.#pieces)).trim();
  }
}
