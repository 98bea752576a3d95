import { concatBytes } from "#base/concat-bytes";
import type { OutputStream } from "./renderer-options";

const NEWLINE = 10;
const MOST_PIECES = 8192;

/** One piece of output with the stream it came from. */
export interface Piece {
  readonly stream: OutputStream;
  readonly bytes: Uint8Array;
}

/** Keeps the last bytes of an output, at most `limit` of them (and for a moment one piece more). */
export class TailBuffer {
  readonly #limit: number;
  #pieces: Piece[] = [];
  #bytes = 0;
  #dropped = 0;
  #lines = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  append(stream: OutputStream, bytes: Uint8Array): void {
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) this.#lines += 1;
    const kept = bytes.length > this.#limit ? bytes.subarray(bytes.length - this.#limit) : bytes;
    this.#dropped += bytes.length - kept.length;
    this.#pieces.push({ stream, bytes: kept.slice() });
    this.#bytes += kept.length;
    // Cut only now and then, so that many small pieces stay cheap.
    if (this.#bytes > 2 * this.#limit || this.#pieces.length > MOST_PIECES) this.#cut();
  }

  /** Bytes that are no longer here. */
  get droppedBytes(): number {
    this.#cut();
    return this.#dropped;
  }

  /** Line ends seen so far, here or not. */
  get lineCount(): number {
    return this.#lines;
  }

  /** What is left, oldest first. Where something was dropped it begins at a line, if there is one. */
  pieces(): readonly Piece[] {
    this.#cut();
    return this.#pieces;
  }

  /** The last `count` lines of all streams together, without line ends. */
  lastLines(count: number): string[] {
    const pieces = this.pieces();
    const text = new TextDecoder().decode(concatBytes(pieces.map((piece) => piece.bytes)));
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.slice(-count).map(lastOverwrite);
  }

  #cut(): void {
    if (this.#bytes <= this.#limit && this.#pieces.length <= MOST_PIECES) return;
    this.#pieces = joinPieces(this.#pieces);
    let first = 0;
    while (this.#bytes > this.#limit) {
      const piece = this.#pieces[first];
      if (piece === undefined) break;
      const excess = this.#bytes - this.#limit;
      const taken = excess >= piece.bytes.length ? piece.bytes.length : toLineStart(piece.bytes, excess);
      if (taken === piece.bytes.length) first += 1;
      else this.#pieces[first] = { stream: piece.stream, bytes: piece.bytes.slice(taken) };
      this.#bytes -= taken;
      this.#dropped += taken;
    }
    // Streams that take turns by the byte can't be joined: then the number of pieces is what is bounded.
    while (this.#pieces.length - first > MOST_PIECES / 2) {
      const bytes = this.#pieces[first]?.bytes.length ?? 0;
      this.#bytes -= bytes;
      this.#dropped += bytes;
      first += 1;
    }
    this.#pieces.splice(0, first);
  }
}

/** The first line start at or after `from`, else `from` itself. */
function toLineStart(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from - 1);
  return end === -1 || end === bytes.length - 1 ? from : end + 1;
}

/** What a terminal would show of a line that went back to its start by carriage returns. */
function lastOverwrite(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf("\r") + 1);
}

function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  let from = 0;
  for (let to = 1; to <= pieces.length; to += 1) {
    const first = pieces[from];
    if (first === undefined || pieces[to]?.stream === first.stream) continue;
    joined.push({
      stream: first.stream,
      bytes: concatBytes(pieces.slice(from, to).map((piece) => piece.bytes)),
    });
    from = to;
  }
  return joined;
}
