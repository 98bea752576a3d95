const NEWLINE = 10;
const HEAD_BYTES = 32 * 1024;
const TAIL_BYTES = 64 * 1024;

/** The beginning and the end of an output, however long it is, and how long it was. */
export class LogExcerpt {
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #bytes = 0;
  #newlines = 0;
  #last = NEWLINE;

  /** Takes a copy. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) this.#newlines += 1;
    this.#last = bytes[bytes.length - 1] ?? NEWLINE;
    this.#bytes += bytes.length;
    const headPart = bytes.subarray(0, HEAD_BYTES - this.#headBytes);
    if (headPart.length > 0) {
      this.#head.push(headPart.slice());
      this.#headBytes += headPart.length;
    }
    const rest = bytes.subarray(headPart.length);
    if (rest.length === 0) return;
    const tailPart = rest.subarray(Math.max(0, rest.length - TAIL_BYTES)).slice();
    this.#tail.push(tailPart);
    this.#tailBytes += tailPart.length;
    if (this.#tailBytes > 4 * TAIL_BYTES || this.#tail.length > 4096) this.#cut();
  }

  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    return this.#newlines + (this.#last === NEWLINE ? 0 : 1);
  }

  /** The last bytes, at most `limit` of them, as text from the start of a line on. */
  tail(limit: number): string {
    this.#cut();
    const kept = Buffer.concat([...this.#head, ...this.#tail]);
    const from = Math.max(0, kept.length - limit);
    // What stands between the head and the tail is gone: the tail alone is in one piece.
    const isWhole = this.#bytes === kept.length;
    const start = isWhole ? from : Math.max(from, this.#headBytes);
    // With the byte before: where that ends a line, none has lost its beginning.
    return textFrom(kept.subarray(Math.max(0, start - 1)), start === 0 && isWhole);
  }

  /** Beginning and end as two texts of whole lines; the first is all of it where nothing was left out. */
  ends(): readonly string[] {
    this.#cut();
    const isWhole = this.#bytes === this.#headBytes + this.#tailBytes;
    if (isWhole) return [textFrom(Buffer.concat([...this.#head, ...this.#tail]), true)];
    return [textFrom(Buffer.concat(this.#head), true), textFrom(Buffer.concat(this.#tail), false)];
  }

  #cut(): void {
    if (this.#tailBytes <= TAIL_BYTES) return;
    const joined = Buffer.concat(this.#tail);
    this.#tail = [joined.subarray(joined.length - TAIL_BYTES)];
    this.#tailBytes = TAIL_BYTES;
  }
}

/** Bytes as text; a line that has lost its beginning is left out, unless there is no other. */
function textFrom(bytes: Uint8Array, isStart: boolean): string {
  const newline = isStart ? -1 : bytes.indexOf(NEWLINE);
  const cut = newline === -1 || newline === bytes.length - 1 ? bytes : bytes.subarray(newline + 1);
  return plainText(new TextDecoder().decode(cut));
}

/** Text without what only a terminal understands; of a line that was written over, what stands there in the end. */
export function plainText(text: string): string {
  const stripped = Bun.stripANSI(text).replaceAll("\r\n", "\n");
  const overwritten = stripped.includes("\r")
    ? stripped.replaceAll(/[^\n]*\r(?=[^\n])/g, "").replaceAll("\r", "")
    : stripped;
  // oxlint-disable-next-line no-control-regex
  return overwritten.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "\ufffd");
}
