/* oxlint-disable no-control-regex -- TOML forbids control characters by number */
import { ESCAPE, PLAIN_ESCAPES, scalarOf } from "./escapes";
import { readWord } from "./scalars";
import { TomlStop } from "./toml-stop";
import type { TomlValue } from "./values";

const bareKey = /[\w-]+/y;
const word = /\d{4}-\d{2}-\d{2} \d{2}:[\w+.:-]*|[\w+.:-]+/y;
const comment = /#[^\u0000-\u0008\u000a-\u001f\u007f]*/y;
const forbiddenInLine = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;

/** Walks over a TOML text token by token; throws `TomlStop` where the text is broken. */
export class Scanner {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith("\ufeff") ? 1 : 0;
  }

  /** How far the text has been read; where a broken text stops making sense. */
  get offset(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  take(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  expect(mark: string): void {
    if (!this.take(mark)) throw this.#stop(`'${mark}' expected`);
  }

  skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  /** Blanks, line ends and comments. */
  skipLines(): void {
    do {
      this.skipBlanks();
      if (this.#text.charCodeAt(this.#at) === 35) this.#match(comment);
    } while (this.take("\n") || this.take("\r\n"));
  }

  /** Blanks, a comment and the line end that must follow. */
  skipLineRest(): void {
    this.skipBlanks();
    if (this.#text.charCodeAt(this.#at) === 35) this.#match(comment);
    if (!this.take("\n") && !this.take("\r\n") && !this.atEnd) throw this.#stop("line end expected");
  }

  /** The parts of a key, with the blanks around and behind it. */
  readKey(): readonly string[] {
    const parts = [this.#readKeyPart()];
    this.skipBlanks();
    while (this.take(".")) {
      this.skipBlanks();
      parts.push(this.#readKeyPart());
      this.skipBlanks();
    }
    return parts;
  }

  readScalar(): TomlValue {
    const start = this.#text.charCodeAt(this.#at);
    if (start === 34) return this.#text.startsWith('"""', this.#at) ? this.#multiLine('"""') : this.#basic();
    if (start === 39)
      return this.#text.startsWith("'''", this.#at) ? this.#multiLine("'''") : this.#literal();
    const found = this.#match(word);
    if (found === undefined) throw this.#stop("value expected");
    return readWord(found[0]);
  }

  #readKeyPart(): string {
    const start = this.#text.charCodeAt(this.#at);
    if (start === 34) return this.#basic();
    if (start === 39) return this.#literal();
    const found = this.#match(bareKey);
    if (found === undefined) throw this.#stop("key expected");
    return found[0];
  }

  #basic(): string {
    const body = this.#line('"');
    return body.includes("\\") ? this.#unescape(body) : body.toWellFormed();
  }

  #literal(): string {
    return this.#line("'").toWellFormed();
  }

  #line(quote: '"' | "'"): string {
    this.#at += 1;
    const end = this.#closing(quote);
    const body = this.#text.slice(this.#at, end);
    if (forbiddenInLine.test(body)) throw this.#stop("line end or control character in a string");
    this.#at = end + 1;
    return body;
  }

  #multiLine(quotes: '"""' | "'''"): string {
    this.#at += 3;
    if (!this.take("\n")) this.take("\r\n");
    let end = this.#closing(quotes);
    // Up to two quotes right before the closing ones belong to the string.
    for (let extra = 0; extra < 2 && this.#text.charAt(end + 3) === quotes.charAt(0); extra += 1) end += 1;
    const written = this.#text.slice(this.#at, end);
    if (forbidden.test(written)) throw this.#stop("control character in a string");
    this.#at = end + 3;
    const body = written.replaceAll("\r\n", "\n");
    return quotes === '"""' ? this.#unescape(body) : body.toWellFormed();
  }

  /** Offset of the first closing quotes from here that no backslash escapes. */
  #closing(quotes: string): number {
    let from = this.#at;
    let end = this.#text.indexOf(quotes, from);
    while (end !== -1) {
      const slash = quotes.startsWith('"') ? this.#text.slice(from, end).indexOf("\\") : -1;
      if (slash === -1) return end;
      from += slash + 2;
      if (end < from) end = this.#text.indexOf(quotes, from);
    }
    throw this.#stop("unterminated string");
  }

  #unescape(body: string): string {
    return body
      .replace(ESCAPE, (whole) => {
        const kind = whole.charAt(1);
        const plain = PLAIN_ESCAPES.get(kind);
        if (plain !== undefined) return plain;
        if (kind === "") throw this.#stop("invalid escape sequence");
        return kind === "x" || kind === "u" || kind === "U" ? this.#codePoint(whole.slice(2)) : "";
      })
      .toWellFormed();
  }

  #codePoint(digits: string): string {
    const scalar = scalarOf(digits);
    if (scalar === undefined) throw this.#stop("not a Unicode scalar value");
    return scalar;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #stop(reason: string): TomlStop {
    return new TomlStop(reason);
  }
}

const isBlank = (code: number): boolean => code === 32 || code === 9;
