import type { OutputStream, Write } from "./renderer-options";

const NEWLINE = 10;
const encoder = new TextEncoder();

export interface QuestionLineOptions {
  readonly write: Write;
  /** Of the terminal, now. */
  readonly columns: () => number;
  /** Whether what goes to stdout is seen on the same terminal. */
  readonly sharesStdout: boolean;
  /** Whether the terminal can take back what it shows. */
  readonly canErase: boolean;
}

/** A question that stays at the end of what is on the terminal: what tasks print while it waits goes above it. */
export class QuestionLine {
  readonly #options: QuestionLineOptions;
  /** The question that waits for an answer. */
  #text: string | undefined;
  /** Whether it is the last that was written. */
  #isDrawn = false;
  /** Whether the last line of output has no end yet. */
  #isLineOpen = false;

  constructor(options: QuestionLineOptions) {
    this.#options = options;
  }

  /** For everything else that is written to the terminal. */
  readonly write: Write = (stream: OutputStream, bytes: Uint8Array): void | Promise<void> => {
    if (bytes.length === 0 || (stream === "stdout" && !this.#options.sharesStdout))
      return this.#options.write(stream, bytes);
    this.#takeAway();
    this.#isLineOpen = bytes[bytes.length - 1] !== NEWLINE;
    const wait = this.#options.write(stream, bytes);
    // In the middle of a line it would break that.
    if (!this.#isLineOpen) this.#draw();
    return wait;
  };

  ask(text: string): void {
    this.#text = text;
    if (this.#isLineOpen) this.#say("\n");
    this.#isLineOpen = false;
    this.#draw();
  }

  /** Nobody asks any more. `isLineEnded`: by the line end of the answer. */
  over(isLineEnded: boolean): void {
    // Drawn again after the answer was typed and before it was heard, it stands below that: away with it (ECMA-48: EL).
    if (this.#isDrawn && isLineEnded && this.#options.canErase) this.#say("\r\u001B[K");
    else if (this.#isDrawn && !isLineEnded) this.#say("\n");
    this.#isDrawn = false;
    this.#text = undefined;
  }

  #draw(): void {
    if (this.#text === undefined) return;
    this.#say(this.#text);
    this.#isDrawn = true;
  }

  #takeAway(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    if (!this.#options.canErase) return this.#say("\n");
    const columns = Math.max(1, this.#options.columns());
    const rows = (this.#text ?? "")
      .split("\n")
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / columns)), 0);
    // ECMA-48: CUU, ED.
    this.#say(`${rows > 1 ? `\u001B[${rows - 1}A` : ""}\r\u001B[J`);
  }

  #say(text: string): void {
    void this.#options.write("stderr", encoder.encode(text));
  }
}
