import { parseDuration } from "#base/duration";
import type { Span } from "#base/span";
import type { ExprProblem } from "./problem";

export type Token =
  | { readonly kind: "name"; readonly text: string; readonly span: Span }
  | { readonly kind: "operator"; readonly text: string; readonly span: Span }
  | { readonly kind: "string"; readonly text: string; readonly value: string; readonly span: Span }
  | { readonly kind: "number"; readonly text: string; readonly value: number; readonly span: Span }
  /** The value is in milliseconds. */
  | { readonly kind: "duration"; readonly text: string; readonly value: number; readonly span: Span }
  | { readonly kind: "end"; readonly text: ""; readonly span: Span };

export interface Lexed {
  /** Always ends in an `end` token. */
  readonly tokens: readonly Token[];
  readonly problems: readonly ExprProblem[];
}

const SPACE = /[ \t\r\n]+/y;
// A dash inside a name is part of it (`args.dry-run`): the language has no subtraction.
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /-?[A-Za-z0-9_]+(?:\.\d+[A-Za-z0-9_]*)*/y;
const OPERATOR = /\|\||&&|==|!=|<=|>=|=~|!~|[!<>+?:.,()[\]]/y;
const MEANT: Readonly<Record<string, string>> = { "=": "==", "&": "&&", "|": "||" };
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** Splits an expression into tokens. Goes on after a problem, so that an editor can still colour the rest. */
export function tokenize(text: string): Lexed {
  const tokens: Token[] = [];
  const problems: ExprProblem[] = [];
  let at = 0;
  while (at < text.length) {
    at += matchAt(SPACE, text, at).length;
    if (at >= text.length) break;
    const read = readToken(text, at);
    if (read.token !== undefined) tokens.push(read.token);
    problems.push(...read.problems);
    at = read.end;
  }
  tokens.push({ kind: "end", text: "", span: { start: text.length, end: text.length } });
  return { tokens, problems };
}

interface Read {
  readonly token?: Token;
  readonly problems: readonly ExprProblem[];
  readonly end: number;
}

function readToken(text: string, at: number): Read {
  const first = text.charAt(at);
  if (first === "'" || first === '"') return readString(text, at);
  const name = matchAt(NAME, text, at);
  if (name !== "") return plain("name", name, at);
  if (matchAt(NUMBER, text, at) !== "") return readNumber(text, at);
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== "") return plain("operator", operator, at);
  const meant = MEANT[first];
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  const span = { start: at, end };
  if (meant === undefined) return { problems: [{ code: "E202", data: { character }, span }], end };
  const problem = { code: "E209", data: { found: first, meant }, span, suggestions: [meant] };
  return { token: { kind: "operator", text: meant, span }, problems: [problem], end };
}

function plain(kind: "name" | "operator", text: string, at: number): Read {
  const end = at + text.length;
  return { token: { kind, text, span: { start: at, end } }, problems: [], end };
}

function readNumber(text: string, at: number): Read {
  const digits = matchAt(NUMBER, text, at);
  // `1h30m` and `1e5x` go on with letters: the whole word is a duration or nothing.
  const word = matchAt(WORD, text, at);
  const whole = word.length > digits.length ? word : digits;
  const end = at + whole.length;
  const span = { start: at, end };
  if (whole === digits) {
    const value = Number(digits);
    if (Number.isFinite(value)) {
      return { token: { kind: "number", text: whole, value, span }, problems: [], end };
    }
  }
  const value = parseDuration(whole);
  if (value !== undefined && Number.isFinite(value)) {
    return { token: { kind: "duration", text: whole, value, span }, problems: [], end };
  }
  const problem = { code: "E205", data: { text: whole }, span };
  return { token: { kind: "number", text: whole, value: 0, span }, problems: [problem], end };
}

function readString(text: string, start: number): Read {
  const quote = text.charAt(start);
  const problems: ExprProblem[] = [];
  let value = "";
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === quote) {
      const end = at + 1;
      const span = { start, end };
      return { token: { kind: "string", text: text.slice(start, end), value, span }, problems, end };
    }
    if (character !== "\\") {
      value += character;
      at += 1;
      continue;
    }
    const escape = readEscape(text, at);
    value += escape.value;
    if (escape.bad) {
      const data = { escape: text.slice(at, escape.end) };
      problems.push({ code: "E204", data, span: { start: at, end: escape.end } });
    }
    at = escape.end;
  }
  const span = { start, end: text.length };
  problems.push({ code: "E203", data: { quote }, span });
  return { token: { kind: "string", text: text.slice(start), value, span }, problems, end: text.length };
}

/**
 * One escape. A backslash before a character without a meaning stays, so that patterns read as they are known
 * elsewhere: `'^v\d+\.'`.
 */
function readEscape(text: string, at: number): { value: string; end: number; bad: boolean } {
  const next = text.charAt(at + 1);
  const known = ESCAPES[next];
  if (known !== undefined) return { value: known, end: at + 2, bad: false };
  if (next !== "u") return { value: `\\${next}`, end: Math.min(at + 2, text.length), bad: false };
  const match = /^\\u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})/.exec(text.slice(at, at + 10));
  const code = Number.parseInt(match?.[1] ?? match?.[2] ?? "", 16);
  if (match === null || code > 0x10_ff_ff) return { value: "", end: at + 2, bad: true };
  return { value: String.fromCodePoint(code), end: at + match[0].length, bad: false };
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
