import type { OutputStream, Write } from "./renderer-options";

const NEWLINE = 10;
/** So much output may wait for the next drawing. */
const MOST_WAITING = 256 * 1024;
const encoder = new TextEncoder();

export interface LiveScreenOptions {
  /** To the terminal, by either stream. */
  readonly write: Write;
  /** Of the terminal, now. */
  readonly columns: () => number;
  /** Output waits for the lines to be drawn anew. */
  readonly onWaiting: () => void;
}

/**
 * Some lines at the end of what is on the terminal, below everything that is written: they are taken away, the output goes
 * where they were, and they are drawn again, all in one go. While the last line of output has no end nothing is drawn,
 * since that would break it. The cursor is never hidden, and stands on the line below.
 */
export class LiveScreen {
  readonly #options: LiveScreenOptions;
  /** Columns of each line that is drawn. */
  #drawn: readonly number[] = [];
  #text = "";
  #waiting: { readonly stream: OutputStream; readonly bytes: Uint8Array }[] = [];
  #waitingBytes = 0;
  #isLineOpen: boolean;
  /** There while the terminal is slow. */
  #slow: Promise<void> | undefined;

  constructor(options: LiveScreenOptions, isLineOpen: boolean) {
    this.#options = options;
    this.#isLineOpen = isLineOpen;
  }

  /** For everything else that is written to the terminal. */
  readonly write: Write = (stream: OutputStream, bytes: Uint8Array): void | Promise<void> => {
    if (bytes.length === 0) return this.#slow;
    if (this.#drawn.length === 0 && this.#waiting.length === 0) return this.#pass(stream, bytes);
    this.#waiting.push({ stream, bytes: bytes.slice() });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING) this.clear();
    else this.#options.onWaiting();
    return this.#slow;
  };

  /** Writes what waits, and the lines below it. */
  show(lines: readonly string[]): void {
    if (this.#slow !== undefined) return;
    if (this.#waiting.length > 0) {
      this.#erase();
      this.#flush();
    }
    const shown = this.#isLineOpen ? [] : lines;
    const text = shown.map((line) => `${line}\u001B[K\n`).join("");
    const rows = this.#rows();
    if (text === this.#text && rows === this.#drawn.length) return;
    // Over the old lines, so that nothing flickers, then away with what is left of them (ECMA-48: CUU, EL, ED).
    const back = rows === 0 ? "" : `\u001B[${rows}A\r`;
    this.#draw(`${back}${text}${rows === 0 ? "" : "\u001B[J"}`);
    this.#drawn = shown.map((line) => Bun.stringWidth(line));
    this.#text = text;
  }

  /** Takes the lines away and writes what waits. */
  clear(): void {
    this.#erase();
    this.#flush();
  }

  /** The lines are where they were, or not: somebody else has had the terminal. */
  forget(): void {
    this.#drawn = [];
    this.#text = "";
  }

  #pass(stream: OutputStream, bytes: Uint8Array): void | Promise<void> {
    this.#isLineOpen = bytes[bytes.length - 1] !== NEWLINE;
    const slow = this.#options.write(stream, bytes);
    if (slow instanceof Promise) this.#waitFor(slow);
    return slow;
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { stream, bytes } of waiting) void this.#pass(stream, bytes);
  }

  #waitFor(slow: Promise<void>): void {
    const settled = slow.then(() => {
      if (this.#slow === settled) this.#slow = undefined;
    });
    this.#slow = settled;
  }

  #erase(): void {
    const rows = this.#rows();
    if (rows > 0) this.#draw(`\u001B[${rows}A\r\u001B[J`);
    this.forget();
  }

  /** Terminals that have become narrower have wrapped what was drawn. */
  #rows(): number {
    const columns = Math.max(1, this.#options.columns());
    return this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  }

  #draw(text: string): void {
    if (text === "") return;
    const slow = this.#options.write("stderr", encoder.encode(text));
    if (slow instanceof Promise) this.#waitFor(slow);
  }
}
