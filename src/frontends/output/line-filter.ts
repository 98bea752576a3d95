import { concatBytes } from "#base/concat-bytes";

const NEWLINE = 10;
const ESCAPE = "\u001B";
/** A longer line is looked at in pieces of this length. */
const LONG_LINE_BYTES = 64 * 1024;
/** Lines kept for the sake of a match that may follow. */
const MOST_CONTEXT = 10_000;
const MOST_CONTEXT_BYTES = 4 * 1024 * 1024;
const SEPARATOR = new TextEncoder().encode("--\n");

const encoder = new TextEncoder();

/** Which lines are shown, and how. Escape sequences are no part of what is matched. */
export interface LineFilterOptions {
  /** Only lines that match. */
  readonly grep?: RegExp;
  /** No lines that match, whatever else they match. */
  readonly without?: RegExp;
  /** With the flag `g`: what is marked in the lines that are shown. */
  readonly highlight?: RegExp;
  /** Lines around each that matches `grep` which are shown too. */
  readonly context: number;
}

/** Filters the lines of one stream. Lines that are shown keep their bytes, but for the marks of `highlight`. */
export class LineFilter {
  readonly #options: LineFilterOptions;
  readonly #decoder = new TextDecoder();
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  /** Lines not shown that a match would show. */
  #before: Uint8Array[] = [];
  #beforeBytes = 0;
  /** Lines to be shown after the last match. */
  #after = 0;
  /** Whether lines were left out since the last that was shown, and whether any was. */
  #hasGap = false;
  #hasShown = false;

  constructor(options: LineFilterOptions) {
    this.#options = options;
  }

  /** What is to be shown of these bytes and of those before; it may be empty. */
  push(bytes: Uint8Array): Uint8Array {
    const shown: Uint8Array[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE) + 1; end > 0; end = bytes.indexOf(NEWLINE, from) + 1) {
      this.#take(bytes.subarray(from, end), shown);
      from = end;
    }
    if (from < bytes.length) {
      this.#partial.push(bytes.slice(from));
      this.#partialBytes += bytes.length - from;
      if (this.#partialBytes > LONG_LINE_BYTES) this.#take(new Uint8Array(0), shown);
    }
    return concatBytes(shown);
  }

  /** What is to be shown of a last line without an end. */
  end(): Uint8Array {
    const shown: Uint8Array[] = [];
    if (this.#partialBytes > 0) this.#take(new Uint8Array(0), shown);
    return concatBytes(shown);
  }

  #take(rest: Uint8Array, shown: Uint8Array[]): void {
    const line = this.#partialBytes === 0 ? rest : concatBytes([...this.#partial, rest]);
    this.#partial = [];
    this.#partialBytes = 0;
    this.#decide(line, shown);
  }

  #decide(line: Uint8Array, shown: Uint8Array[]): void {
    const { grep, without, context } = this.#options;
    const raw = this.#decoder.decode(line).replace(/\r?\n$/, "");
    const text = raw.includes(ESCAPE) ? Bun.stripANSI(raw) : raw;
    if (without?.test(text) === true) return;
    if (grep === undefined) return void shown.push(this.#marked(line, raw, text));
    if (grep.test(text)) {
      if (context > 0 && this.#hasShown && this.#hasGap) shown.push(SEPARATOR);
      shown.push(...this.#before, this.#marked(line, raw, text));
      this.#forgetBefore();
      this.#after = context;
      this.#hasShown = true;
      this.#hasGap = false;
    } else if (this.#after > 0) {
      this.#after -= 1;
      shown.push(this.#marked(line, raw, text));
    } else this.#keep(line);
  }

  /** Keeps a line for a match that may follow. */
  #keep(line: Uint8Array): void {
    const most = Math.min(this.#options.context, MOST_CONTEXT);
    this.#before.push(line.slice());
    this.#beforeBytes += line.length;
    while (this.#before.length > most || this.#beforeBytes > MOST_CONTEXT_BYTES) {
      this.#beforeBytes -= this.#before.shift()?.length ?? 0;
      this.#hasGap = true;
    }
  }

  #forgetBefore(): void {
    this.#before = [];
    this.#beforeBytes = 0;
  }

  #marked(line: Uint8Array, raw: string, text: string): Uint8Array {
    const { highlight } = this.#options;
    // Bytes may be overwritten before all of them are joined.
    if (highlight === undefined) return line;
    const ranges = Array.from(
      text.matchAll(highlight),
      (match) => [match.index, match.index + match[0].length] as const,
    );
    if (ranges.every(([start, end]) => start === end)) return line;
    return encoder.encode(mark(raw, ranges) + this.#decoder.decode(line).slice(raw.length));
  }
}

const MARK = `${ESCAPE}[7m`;
const UNMARK = `${ESCAPE}[27m`;
/** Escape sequences (ECMA-48): controls with parameters, strings up to their end, and those of two characters. */
const SEQUENCE = /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)|[ -/]*[0-~])/y;

/**
 * The text with these ranges in reverse video; they are counted without escape sequences, none of which is lost, and those
 * that would end the reverse do not.
 */
function mark(raw: string, ranges: readonly (readonly [number, number])[]): string {
  let marked = "";
  let at = 0;
  let next = 0;
  let isOn = false;
  for (let index = 0; index < raw.length;) {
    SEQUENCE.lastIndex = index;
    const sequence = SEQUENCE.exec(raw)?.[0];
    if (sequence !== undefined) {
      marked += isOn ? sequence + MARK : sequence;
      index += sequence.length;
      continue;
    }
    // Empty matches mark nothing.
    while ((ranges[next]?.[1] ?? Infinity) <= at) next += 1;
    if (!isOn && ranges[next]?.[0] === at) {
      marked += MARK;
      isOn = true;
    }
    marked += raw[index];
    index += 1;
    at += 1;
    if (isOn && ranges[next]?.[1] === at) {
      marked += UNMARK;
      isOn = false;
      next += 1;
    }
  }
  return isOn ? marked + UNMARK : marked;
}
