import type { OutputStream, Write } from "./renderer-options";

const encoder = new TextEncoder();
const NEWLINE = 10;

export interface LiveBlockOptions {
  readonly write: Write;
  /** Whether what goes to stdout is seen on the same terminal. */
  readonly sharesStdout: boolean;
}

/**
 * Some lines on the terminal that stay below everything else: they are taken away before anything is written and drawn
 * again when they change. While the last line of output has no end they are not drawn, since that would break it.
 */
export class LiveBlock {
  readonly #options: LiveBlockOptions;
  #drawn = 0;
  #isLineOpen = false;

  constructor(options: LiveBlockOptions) {
    this.#options = options;
  }

  /** For everything else that is written to the terminal. */
  readonly write: Write = (stream: OutputStream, bytes: Uint8Array): void | Promise<void> => {
    if (bytes.length === 0) return undefined;
    if (stream === "stdout" && !this.#options.sharesStdout) return this.#options.write(stream, bytes);
    this.#erase();
    this.#isLineOpen = bytes[bytes.length - 1] !== NEWLINE;
    return this.#options.write(stream, bytes);
  };

  show(lines: readonly string[]): void {
    const text = this.#isLineOpen ? "" : lines.map((line) => `${line}\n`).join("");
    const erase = this.#eraseText();
    this.#drawn = text === "" ? 0 : lines.length;
    if (erase !== "" || text !== "") void this.#options.write("stderr", encoder.encode(erase + text));
  }

  clear(): void {
    this.show([]);
  }

  #erase(): void {
    const erase = this.#eraseText();
    this.#drawn = 0;
    if (erase !== "") void this.#options.write("stderr", encoder.encode(erase));
  }

  /** Up to the first line drawn, and everything from there on (ECMA-48: CUU, ED). */
  #eraseText(): string {
    return this.#drawn === 0 ? "" : `\x1b[${this.#drawn}A\r\x1b[J`;
  }
}
