const NEWLINE = 10;
const RETURN = 13;

/** A line of the stream: a text, or why it is none. */
export type MessageLine =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "wrong"; readonly reason: string };

/**
 * Cuts a stream of bytes into the lines that messages are (the stdio transport of the Model Context Protocol). The lines
 * don't depend on how the stream was cut into pieces. Empty lines are passed over.
 */
export class MessageLines {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** @param limit bytes of the longest line; of a longer one the end is awaited and nothing is kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that are complete with these bytes. */
  push(bytes: Uint8Array): readonly MessageLine[] {
    const lines: MessageLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#take(bytes.subarray(start, end));
      lines.push(...this.#line());
      start = end + 1;
    }
    // A copy: the memory may be used for the next bytes.
    if (start < bytes.length) this.#take(Uint8Array.from(bytes.subarray(start)));
    return lines;
  }

  /** What was left at the end of the stream: a line without its end. */
  end(): readonly MessageLine[] {
    return this.#line();
  }

  #take(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes <= this.#limit) this.#parts.push(part);
    else this.#parts = [];
  }

  #line(): readonly MessageLine[] {
    const bytes = this.#bytes;
    const [first, ...more] = this.#parts;
    const whole = more.length === 0 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (bytes > this.#limit)
      return [{ kind: "wrong", reason: `a message of more than ${this.#limit} bytes` }];
    if (whole === undefined) return [];
    const line = whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
    if (line.length === 0) return [];
    try {
      return [{ kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(line) }];
    } catch {
      return [{ kind: "wrong", reason: "a message that is no UTF-8" }];
    }
  }
}
