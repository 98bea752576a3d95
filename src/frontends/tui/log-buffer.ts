import { visibleControls } from "#frontends/output/visible-text";

/** Lines that are kept: what is older is in the history. */
const MOST_LINES = 5000;
/** Characters that are shown of one line. */
const LONGEST_LINE = 2000;
const TAB_COLUMNS = 8;

/** A line of output that has no end yet. */
interface OpenLine {
  readonly index: number;
  raw: string;
}

/**
 * The last lines of an output that goes on, as plain text: colours and movements of the cursor are left out, what a
 * carriage return has overwritten too. Lines are numbered from the first that ever came; those that are still here go
 * from `first` to `end`.
 */
export class LogBuffer {
  #lines: string[] = [];
  #first = 0;
  readonly #open = new Map<string, OpenLine>();

  /** Number of the oldest line that is here. */
  get first(): number {
    return this.#first;
  }

  /** Number behind the newest line. */
  get end(): number {
    return this.#first + this.#lines.length;
  }

  line(index: number): string {
    return this.#lines[index - this.#first] ?? "";
  }

  /**
   * Takes a piece of output.
   *
   * @param source whose output it is: lines of different sources are not mixed.
   * @param prefix what to put before each line.
   */
  append(source: string, text: string, prefix = ""): void {
    const pieces = text.split("\n");
    for (const [index, piece] of pieces.entries()) {
      const isLast = index === pieces.length - 1;
      if (isLast && piece === "") return;
      this.#write(source, piece, prefix);
      if (!isLast) this.#open.delete(source);
    }
  }

  /** A line of our own. */
  say(text: string): void {
    this.#push(plainLine(text));
  }

  clear(): void {
    this.#first = this.end;
    this.#lines = [];
    this.#open.clear();
  }

  /** All of it, each line with its end. */
  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** The next line that holds the text, from a number on, forward or backward and around; undefined where none does. */
  find(text: string, from: number, step: 1 | -1): number | undefined {
    const count = this.#lines.length;
    const wanted = matcher(text);
    for (let offset = 0; offset < count; offset += 1) {
      const index = (((from - this.#first + offset * step) % count) + count) % count;
      if (wanted(this.#lines[index] ?? "") !== undefined) return this.#first + index;
    }
    return undefined;
  }

  #write(source: string, piece: string, prefix: string): void {
    const open = this.#open.get(source);
    if (open === undefined || open.index < this.#first) {
      this.#push(prefix + plainLine(piece));
      this.#open.set(source, { index: this.end - 1, raw: piece });
      return;
    }
    // A line without an end may be as long as a disk: what is left out is not looked at again and again.
    open.raw = open.raw.length > 4 * LONGEST_LINE && !piece.includes("\r") ? open.raw : open.raw + piece;
    const cut = open.raw.lastIndexOf("\r", open.raw.length - 2);
    if (cut > 4 * LONGEST_LINE) open.raw = open.raw.slice(cut);
    this.#lines[open.index - this.#first] = prefix + plainLine(open.raw);
  }

  #push(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length <= MOST_LINES * 1.2) return;
    const surplus = this.#lines.length - MOST_LINES;
    this.#lines.splice(0, surplus);
    this.#first += surplus;
  }
}

/** Where in a line the text is, from a character on; capital letters count only where the text has some. */
export function matcher(text: string): (line: string, from?: number) => number | undefined {
  const exact = text !== text.toLowerCase();
  return (line, from = 0) => {
    if (text === "") return undefined;
    const at = (exact ? line : line.toLowerCase()).indexOf(text, from);
    return at === -1 ? undefined : at;
  };
}

function plainLine(raw: string): string {
  const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
  const shown = line.slice(line.lastIndexOf("\r") + 1);
  const plain = shown.includes("\x1b") ? Bun.stripANSI(shown) : shown;
  const text = visibleControls(plain.includes("\t") ? withoutTabs(plain) : plain);
  return text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text;
}

function withoutTabs(text: string): string {
  let made = "";
  for (const [index, part] of text.split("\t").entries()) {
    if (index > 0) made += " ".repeat(TAB_COLUMNS - (made.length % TAB_COLUMNS));
    made += part;
  }
  return made;
}
