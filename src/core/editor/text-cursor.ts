/* oxlint-disable no-control-regex -- TOML forbids control characters by number */
import { ESCAPE, PLAIN_ESCAPES, scalarOf } from "#core/config/toml/escapes";
import type { Span } from "#base/span";
import type { KeyPart, OutlineProblem, ValueNode } from "./outline";

const BARE_KEY = /[\w-]+/y;
const WORD = /\d{4}-\d{2}-\d{2} \d{2}:[\w+.:-]*|[\w+.:-]+/y;
const ESCAPE_OR_LINE_END = new RegExp(`${ESCAPE.source}|\\r\\n`, "g");
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;
/** A whole line that can be nothing but a header: `[true]` may be the last item of an array. */
const HEADER_LINE =
  /\[\[?[ \t]*(?!true\b|false\b|inf\b|nan\b)(?:[A-Za-z_][\w-]*|"[^"\n]*"(?=[ \t]*\.)|'[^'\n]*'(?=[ \t]*\.))(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*[ \t]*\]\]?[ \t]*(?:#[^\n]*)?\r?(?=\n|$)/y;
const KEY_LINE = /(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*[ \t]*=/y;
const NEXT_HEADER = /\n[ \t]*\[\[?[A-Za-z_"'][^\n]*\]/g;

/** Walks over a TOML text and keeps what is wrong with it; nothing ends the walk. */
export class TextCursor {
  at: number;
  readonly comments: Span[] = [];
  readonly problems: OutlineProblem[] = [];
  readonly #text: string;
  /** Nearly no text has such characters: one look at the whole is cheaper than one at each string. */
  readonly #mayBeForbidden: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#mayBeForbidden = FORBIDDEN.test(text);
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  peek(): string {
    return this.#text.charAt(this.at);
  }

  take(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  skipBlanks(): void {
    for (let code = this.#text.charCodeAt(this.at); code === 32 || code === 9;)
      code = this.#text.charCodeAt((this.at += 1));
  }

  isAtLineEnd(): boolean {
    return this.#text.charCodeAt(this.at) === 10 || this.#text.startsWith("\r\n", this.at);
  }

  /** Blanks, line ends and comments. */
  skipLines(): void {
    do {
      this.skipBlanks();
      this.comment();
    } while (this.take("\n") || this.take("\r\n"));
  }

  comment(): void {
    if (this.#text.charCodeAt(this.at) !== 35) return;
    const start = this.at;
    this.at = this.lineEnd();
    this.comments.push({ start, end: this.at });
    this.#checkCharacters(start, this.at);
  }

  /** Where this line ends, before its line end. */
  lineEnd(): number {
    const end = this.#text.indexOf("\n", this.at);
    if (end === -1) return this.#text.length;
    return end > this.at && this.#text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  }

  trimmedLineEnd(): number {
    return this.at + this.#text.slice(this.at, this.lineEnd()).trimEnd().length;
  }

  /** Tells of a problem at the character here; at the end of a line, at the last one before. */
  problem(reason: string): void {
    this.problems.push({ reason, span: this.#around(this.at) });
  }

  /** Tells that a bracket is missing, and goes back behind the last thing that is there. */
  unclosed(mark: string): void {
    this.problem(`'${mark}' expected`);
    this.at = this.#text.slice(0, this.at).trimEnd().length;
  }

  #around(at: number): Span {
    const end = this.lineEnd();
    if (at < end) return { start: at, end: at + 1 };
    const before = this.#text.slice(Math.max(0, at - 200), at).trimEnd().length + Math.max(0, at - 200);
    return { start: Math.max(0, before - 1), end: Math.max(before, Math.min(1, this.#text.length)) };
  }

  /** Whether this is where a line begins and what stands on it must be outside of the open bracket. */
  startsStatement(inside: "array" | "table"): boolean {
    const lineStart = this.#text.lastIndexOf("\n", this.at - 1) + 1;
    if (this.#text.slice(lineStart, this.at).trim() !== "") return false;
    HEADER_LINE.lastIndex = this.at;
    if (this.peek() === "[" && HEADER_LINE.test(this.#text)) return true;
    if (inside === "table") return false;
    KEY_LINE.lastIndex = this.at;
    return KEY_LINE.test(this.#text);
  }

  keyPart(): KeyPart | undefined {
    const first = this.peek();
    if (first === '"' || first === "'") {
      const node = this.#line(first);
      return { name: node.value, span: node.span };
    }
    const span = this.#match(BARE_KEY);
    return span === undefined ? undefined : { name: this.#text.slice(span.start, span.end), span };
  }

  word(): Span | undefined {
    return this.#match(WORD);
  }

  string(): ValueNode & { readonly kind: "string" } {
    const quote = this.peek() === '"' ? '"' : "'";
    return this.#text.startsWith(quote.repeat(3), this.at) ? this.#multiLine(quote) : this.#line(quote);
  }

  #line(quote: '"' | "'"): ValueNode & { readonly kind: "string" } {
    const start = this.at;
    this.at += 1;
    const lineEnd = this.lineEnd();
    const found = this.#closing(quote, lineEnd);
    const end = found ?? lineEnd;
    const value = this.#decode(start + 1, end, quote === '"');
    this.at = found === undefined ? end : end + 1;
    const span = { start, end: this.at };
    if (found === undefined) this.problems.push({ reason: "unterminated string", span });
    return { kind: "string", span, value, closed: found !== undefined };
  }

  #multiLine(quote: '"' | "'"): ValueNode & { readonly kind: "string" } {
    const start = this.at;
    const quotes = quote.repeat(3);
    this.at += 3;
    if (!this.take("\n")) this.take("\r\n");
    const from = this.at;
    const found = this.#closing(quotes, this.#text.length);
    let end = found ?? this.#nextHeader();
    // Up to two quotes right before the closing ones belong to the string.
    if (found !== undefined)
      for (let extra = 0; extra < 2 && this.#text.charAt(end + 3) === quote; extra += 1) end += 1;
    const value = this.#decode(from, end, quote === '"');
    this.at = found === undefined ? end : end + 3;
    if (found === undefined)
      this.problems.push({ reason: "unterminated string", span: { start, end: start + 3 } });
    return { kind: "string", span: { start, end: this.at }, value, closed: found !== undefined };
  }

  #nextHeader(): number {
    NEXT_HEADER.lastIndex = this.at;
    return NEXT_HEADER.exec(this.#text)?.index ?? this.#text.length;
  }

  /** Offset of the first closing quotes before `limit` that no backslash escapes. */
  #closing(quotes: string, limit: number): number | undefined {
    const escapes = quotes.startsWith('"');
    const first = this.#text.indexOf(quotes, this.at);
    if (first === -1 || first >= limit) return undefined;
    if (!escapes || !this.#text.slice(this.at, first).includes("\\")) return first;
    for (let at = this.at; at < limit; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (escapes && code === 92) at += 1;
      else if (code === quotes.charCodeAt(0) && (quotes.length === 1 || this.#text.startsWith(quotes, at)))
        return at;
    }
    return undefined;
  }

  #decode(start: number, end: number, escapes: boolean): string {
    const body = this.#text.slice(start, end);
    this.#checkCharacters(start, end);
    if (!escapes || !body.includes("\\")) return body.replaceAll("\r\n", "\n").toWellFormed();
    return body
      .replace(ESCAPE_OR_LINE_END, (whole, offset: number) => {
        if (whole === "\r\n") return "\n";
        const kind = whole.charAt(1);
        const plain = PLAIN_ESCAPES.get(kind);
        if (plain !== undefined) return plain;
        const at = start + offset;
        const span = { start: at, end: Math.min(at + Math.max(whole.length, 2), this.#text.length) };
        if (kind === "") this.problems.push({ reason: "invalid escape sequence", span });
        return kind === "x" || kind === "u" || kind === "U" ? this.#codePoint(whole.slice(2), span) : "";
      })
      .toWellFormed();
  }

  #codePoint(digits: string, span: Span): string {
    const scalar = scalarOf(digits);
    if (scalar !== undefined) return scalar;
    this.problems.push({ reason: "not a Unicode scalar value", span });
    return "";
  }

  #checkCharacters(start: number, end: number): void {
    if (!this.#mayBeForbidden) return;
    const found = this.#text.slice(start, end).search(FORBIDDEN);
    if (found === -1) return;
    const at = start + found;
    this.problems.push({ reason: "control characters are not allowed", span: { start: at, end: at + 1 } });
  }

  #match(pattern: RegExp): Span | undefined {
    const start = this.at;
    pattern.lastIndex = start;
    if (!pattern.test(this.#text)) return undefined;
    this.at = pattern.lastIndex;
    return { start, end: this.at };
  }
}
