const LIMIT = 256 * 1024;

/** The last part of a task's output, for patterns that are looked for in it. */
export class OutputTail {
  #pieces: Uint8Array[] = [];
  #length = 0;

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
    while (this.#pieces.length > 1 && this.#length - (this.#pieces[0]?.length ?? 0) >= LIMIT)
      this.#length -= this.#pieces.shift()?.length ?? 0;
  }

  /** Whether any of the patterns, checked when the configuration was read, is found. */
  matches(patterns: readonly string[]): boolean {
    if (patterns.length === 0) return false;
    const text = new TextDecoder().decode(Buffer.concat(this.#pieces));
    return patterns.some((pattern) => new RegExp(pattern, "um").test(text));
  }
}
