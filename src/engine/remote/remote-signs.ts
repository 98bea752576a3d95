import { signPrefix } from "./remote-program";

const TAIL_BYTES = 4096;
const LONGEST_WORD = 16;
const LINE_END = 10;

/**
 * Takes the signs of a remote program out of its error output. What comes before the first of them was said by `ssh`
 * or by the login; the end of that is kept, for it says why there was no start.
 */
export class RemoteSigns {
  readonly #prefix: Uint8Array;
  readonly #words = new Set<string>();
  #held: Uint8Array = new Uint8Array();
  #tail: Uint8Array = new Uint8Array();

  constructor(key: string) {
    this.#prefix = new TextEncoder().encode(signPrefix(key));
  }

  /** Whether the program has said this. */
  has(word: "folder" | "started" | "ended"): boolean {
    return this.#words.has(word);
  }

  /** The last line that came when the program itself had not said anything, or had said all. */
  get lastLine(): string {
    const text = new TextDecoder().decode(this.#tail).trimEnd();
    return text.slice(text.lastIndexOf("\n") + 1).replace(/\r$/, "");
  }

  /** What of a piece is output. The start of what may become a sign is held back until the next piece. */
  push(piece: Uint8Array): Uint8Array {
    let rest: Uint8Array = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const output: Uint8Array[] = [];
    for (;;) {
      const at = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength).indexOf(this.#prefix);
      if (at === -1) break;
      const from = at + this.#prefix.length;
      const end = rest.indexOf(LINE_END, from);
      const isOpen = end === -1 && rest.length - from <= LONGEST_WORD;
      output.push(rest.subarray(0, at));
      if (isOpen) return this.#pass(output, rest.subarray(at));
      const stop = end === -1 ? from : end + 1;
      this.#words.add(new TextDecoder().decode(rest.subarray(from, end === -1 ? from : end)));
      rest = rest.subarray(stop);
    }
    const held = this.#startAtEnd(rest);
    output.push(rest.subarray(0, rest.length - held));
    return this.#pass(output, rest.subarray(rest.length - held));
  }

  /** What is still held back when the output has ended. */
  end(): Uint8Array {
    const rest = this.#held;
    this.#held = new Uint8Array();
    return rest;
  }

  #pass(output: readonly Uint8Array[], held: Uint8Array): Uint8Array {
    this.#held = held.slice();
    const passed = output.length === 1 ? (output[0] ?? new Uint8Array()) : Buffer.concat([...output]);
    if (passed.length > 0) this.#tail = Buffer.concat([this.#tail, passed]).subarray(-TAIL_BYTES);
    return passed;
  }

  /** How many bytes at the end could be the start of a sign. */
  #startAtEnd(bytes: Uint8Array): number {
    const longest = Math.min(bytes.length, this.#prefix.length - 1);
    for (let length = longest; length > 0; length -= 1) {
      const from = bytes.length - length;
      let same = 0;
      while (same < length && bytes[from + same] === this.#prefix[same]) same += 1;
      if (same === length) return length;
    }
    return 0;
  }
}
