import type { Diagnostic } from "#base/diagnostic";
import type { Span } from "#base/span";

export interface DotenvEntry {
  readonly name: string;
  /** Unquoted and unescaped, not expanded. Where `expand` is true an escaped dollar stands here as `$$`. */
  readonly value: string;
  /** Whether `$NAME` and `${NAME}` in the value mean variables: false for single quotes. */
  readonly expand: boolean;
  /** Line of the name, from 1. */
  readonly line: number;
  /** Range of the whole assignment in the text. */
  readonly span: Span;
}

/** What is wrong in a `.env` file. The rest of the file is read all the same. */
export interface DotenvProblem {
  readonly code: "E330" | "E331" | "E332" | "E333" | "E334";
  readonly severity: "error" | "warning";
  /** Line and column from 1, the column in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  readonly span: Span;
  /** Facts for the message of the code; never a part of a value, which may be secret. */
  readonly data: Readonly<Record<string, string>>;
}

export interface DotenvFile {
  /** In the order of the file; a name may come more than once, the last one counts. */
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly DotenvProblem[];
}

/**
 * Reads the text of a `.env` file.
 *
 * A line is `NAME=value`, `export NAME=value` or `NAME: value`; names consist of letters, digits, `_`, `.` and `-`.
 * Unquoted values end with the line or at a `#` behind white space, and are trimmed. `"…"`, `'…'` and `` `…` `` may
 * span lines; double quotes know the escapes `\n \r \t \\ \" \' \$` and a backslash at the end of a line that joins
 * it to the next; in the other two a backslash only escapes the quote itself. `\$` is a dollar outside single quotes.
 * Line ends may be LF, CRLF or CR and are LF in values; a byte order mark is skipped.
 */
export function parseDotenv(text: string): DotenvFile {
  return new DotenvParser(text).file();
}

/** The problems of one file as diagnostics placed in it. */
export function dotenvDiagnostics(
  file: string,
  problems: readonly DotenvProblem[],
  text: string,
): Diagnostic[] {
  return problems.map(({ code, severity, span, data }) => ({
    code,
    severity,
    data,
    place: { file, span, line: text.slice(0, span.start).split(/\r\n|\r|\n/).length },
  }));
}

const assignment = /^(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:(?=[ \t]))[^\S\r\n]*/;

interface Quoted {
  readonly value: string;
  /** Offset behind the closing quote. */
  readonly end: number;
}

class DotenvParser {
  readonly #text: string;
  readonly #entries: DotenvEntry[] = [];
  readonly #problems: DotenvProblem[] = [];
  #position: number;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
    this.#position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  file(): DotenvFile {
    const text = this.#text;
    while (this.#position < text.length) {
      this.#position = skipBlanks(text, this.#position);
      const start = this.#position;
      const end = lineEnd(text, start);
      if (start < end && text[start] !== "#") this.#assignment(start, end);
      this.#toNextLine();
    }
    return { entries: this.#entries, problems: this.#problems };
  }

  #assignment(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    const match = assignment.exec(line);
    const name = match?.[1];
    if (match === null || name === undefined) {
      this.#notAnAssignment(line, { start, end });
      return;
    }
    const valueStart = start + match[0].length;
    const quote = this.#text[valueStart];
    const quoted =
      quote === '"' || quote === "'" || quote === "`" ? this.#quoted(name, valueStart, end) : undefined;
    const value = quoted?.value ?? this.#unquoted(name, valueStart, end);
    const expand = quoted === undefined || quote !== "'";
    const entryEnd = quoted?.end ?? end;
    this.#entries.push({ name, value, expand, line: this.#line, span: { start, end: entryEnd } });
    this.#countLines(entryEnd);
  }

  #notAnAssignment(line: string, span: Span): void {
    const equals = line.indexOf("=");
    if (equals === -1) {
      this.#problem({ code: "E330", severity: "warning", span, data: {} });
      return;
    }
    this.#problem({
      code: "E331",
      severity: "warning",
      span: { start: span.start, end: span.start + equals },
      data: {},
    });
  }

  #unquoted(name: string, start: number, end: number): string {
    const raw = this.#text.slice(start, end);
    const hash = raw.indexOf("#");
    if (hash === -1) return escapeDollars(raw.trim());
    // The blanks before the value belong to the assignment, so a comment can begin at once.
    const comment = isBlank(this.#text[start - 1]) && hash === 0 ? 0 : raw.search(/[ \t]#/);
    if (comment === -1 || hash < comment) {
      this.#problem({
        code: "E334",
        severity: "warning",
        span: { start: start + hash, end: start + hash + 1 },
        data: { name },
      });
    }
    return escapeDollars((comment === -1 ? raw : raw.slice(0, comment)).trim());
  }

  /** The quoted value at `start`; undefined, with the problem noted, when the quotes are not right. */
  #quoted(name: string, start: number, firstLineEnd: number): Quoted | undefined {
    const text = this.#text;
    const quote = text.charAt(start);
    const close = closingQuote(text, start + 1, quote);
    if (close !== -1) {
      const rest = skipBlanks(text, close + 1);
      const restEnd = lineEnd(text, rest);
      if (rest === restEnd || text[rest] === "#") {
        return { value: unescape(text.slice(start + 1, close), quote), end: close + 1 };
      }
      // Closed on a later line and followed by more: that quote most likely opens another value.
      if (close < firstLineEnd) {
        this.#problem({
          code: "E333",
          severity: "error",
          span: { start: rest, end: restEnd },
          data: { name },
        });
        return undefined;
      }
    }
    this.#problem({
      code: "E332",
      severity: "error",
      span: { start, end: start + 1 },
      data: { name, quote },
    });
    return undefined;
  }

  #problem({ span, ...problem }: Omit<DotenvProblem, "line" | "column">): void {
    const column = span.start - this.#lineStart + 1;
    this.#problems.push({ ...problem, line: this.#line, column, span });
  }

  /** Moves to `end`, counting the lines between. */
  #countLines(end: number): void {
    this.#position = lineEnd(this.#text, this.#position);
    while (this.#position < end) {
      this.#toNextLine();
      this.#position = lineEnd(this.#text, this.#position);
    }
    this.#position = Math.max(end, this.#lineStart);
  }

  #toNextLine(): void {
    const text = this.#text;
    let next = lineEnd(text, this.#position);
    if (text[next] === "\r" && text[next + 1] === "\n") next += 1;
    this.#position = next + 1;
    this.#line += 1;
    this.#lineStart = this.#position;
  }
}

function isBlank(char: string | undefined): boolean {
  // Text that was copied from a page has blanks that do not break.
  return char !== undefined && /[^\S\r\n]/.test(char);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
}

/** Offset of the line's end (before its LF, CR or CRLF). */
function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return at;
  }
  return text.length;
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === quote) return at;
  }
  return -1;
}

const doubleQuoteEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  "'": "'",
  // Doubled, so that expansion gives back one dollar that starts nothing.
  $: "$$",
  "\n": "",
};

function unescape(raw: string, quote: string): string {
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (!text.includes("\\")) return text;
  if (quote === "'") return text.replaceAll("\\'", "'");
  if (quote === "`") return escapeDollars(text.replaceAll("\\`", "`"));
  return text.replace(/\\([^])/g, (whole, char: string) => doubleQuoteEscapes[char] ?? whole);
}

function escapeDollars(text: string): string {
  return text.includes("\\$") ? text.replaceAll("\\$", () => "$$") : text;
}
