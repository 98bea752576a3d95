import type { Span } from "#base/span";

/**
 * The small expansion language of environment values: `$NAME`, `${NAME}`, `${NAME:-default}` (default when unset or
 * empty), `${NAME-default}` (default when unset), `$(command)`, and `$$` for a dollar. Anything else that starts with
 * a dollar is text, as `$5` or `$.` in a password. Parsing is linear in the length of the text.
 */
export type ExpansionPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "variable";
      readonly name: string;
      /** What stands in for the variable; absent: nothing does. */
      readonly fallback?: readonly ExpansionPart[];
      /** True for `:-`: an empty value counts as unset. */
      readonly emptyIsUnset: boolean;
    }
  | { readonly kind: "command"; readonly command: string };

/** Text that looks like an expansion and is none; it stays as it is written. */
export interface ExpansionProblem {
  readonly reason: "unclosed" | "unsupported" | "too-deep";
  /** Where, in the text given. */
  readonly span: Span;
}

export interface Expansion {
  readonly parts: readonly ExpansionPart[];
  readonly problems: readonly ExpansionProblem[];
}

export interface ExpansionOptions {
  /** False leaves `$(…)` as text, which is the rule for `.env` files. Default true. */
  readonly commands?: boolean;
}

/** Defaults inside defaults; deeper ones are reported and stay text. */
const maxNesting = 64;

/** Splits `text` into parts. Never fails: what can't be read stays text and is listed in `problems`. */
export function parseExpansion(text: string, options: ExpansionOptions = {}): Expansion {
  const parser = new ExpansionParser(text, options.commands ?? true);
  const parts = parser.parts(0, false) ?? [];
  return { parts, problems: parser.problems };
}

/** True when a value can't be known without running a command, at least when its defaults are needed. */
export function needsCommand(parts: readonly ExpansionPart[]): boolean {
  return parts.some(
    (part) => part.kind === "command" || (part.kind === "variable" && needsCommand(part.fallback ?? [])),
  );
}

/** Reads a variable; undefined is unset. */
export type VariableLookup = (name: string) => string | undefined;

/**
 * The value of `parts`. An unset variable is empty. `command` gives a command's raw output, from which line ends at
 * the end are cut as a shell does; without it a command is empty.
 */
export function renderExpansion(
  parts: readonly ExpansionPart[],
  lookup: VariableLookup,
  command?: (command: string) => string,
): string {
  let result = "";
  for (const part of parts) {
    if (part.kind === "text") result += part.text;
    else if (part.kind === "command") result += trimLineEnds(command?.(part.command) ?? "");
    else {
      const value = withoutFallback(part, lookup(part.name));
      result += value ?? renderExpansion(part.fallback ?? [], lookup, command);
    }
  }
  return result;
}

/** As `renderExpansion`, with commands run one after another, and only those whose value is needed. */
export async function renderExpansionAsync(
  parts: readonly ExpansionPart[],
  lookup: VariableLookup,
  runCommand: (command: string) => Promise<string>,
): Promise<string> {
  let result = "";
  for (const part of parts) {
    if (part.kind === "text") result += part.text;
    else if (part.kind === "command") result += trimLineEnds(await runCommand(part.command));
    else {
      const value = withoutFallback(part, lookup(part.name));
      result += value ?? (await renderExpansionAsync(part.fallback ?? [], lookup, runCommand));
    }
  }
  return result;
}

/** The value of a variable part, or undefined when its fallback takes over. */
function withoutFallback(
  part: ExpansionPart & { kind: "variable" },
  value: string | undefined,
): string | undefined {
  if (part.fallback === undefined) return value ?? "";
  return value === undefined || (part.emptyIsUnset && value === "") ? undefined : value;
}

/** Cuts all line ends from the end of a command's output. */
export function trimLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && isLineEnd(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const isLineEnd = (code: number): boolean => code === newline || code === carriageReturn;
const dollar = 0x24;
const openParen = 0x28;
const closeParen = 0x29;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const backslash = 0x5c;
const singleQuote = 0x27;
const doubleQuote = 0x22;

function isNameStart(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x39);
}

function nameEnd(text: string, start: number): number {
  if (!isNameStart(text.charCodeAt(start))) return start;
  let end = start + 1;
  while (isNamePart(text.charCodeAt(end))) end += 1;
  return end;
}

/**
 * A recursive-descent reader with one position. A construct that is never closed makes the text from its outermost
 * start to the end literal, so nothing is read twice.
 */
class ExpansionParser {
  readonly problems: ExpansionProblem[] = [];
  #position = 0;
  readonly #text: string;
  readonly #commands: boolean;

  constructor(text: string, commands: boolean) {
    this.#text = text;
    this.#commands = commands;
  }

  /** Parts up to the end, or (`inDefault`) up to a closing brace; undefined when that brace never comes. */
  parts(depth: number, inDefault: boolean): ExpansionPart[] | undefined {
    const text = this.#text;
    const found: ExpansionPart[] = [];
    let literalStart = this.#position;
    const addLiteral = (end: number): void => {
      if (end > literalStart) appendText(found, text.slice(literalStart, end));
    };
    while (this.#position < text.length) {
      const start = this.#position;
      const code = text.charCodeAt(start);
      if (inDefault && code === closeBrace) {
        addLiteral(start);
        return found;
      }
      if (code !== dollar) {
        this.#position += 1;
        continue;
      }
      const part = this.#dollarPart(depth);
      if (part === "text") continue;
      if (part === "unclosed") {
        if (inDefault) return undefined;
        this.problems.push({ reason: "unclosed", span: { start, end: text.length } });
        break;
      }
      addLiteral(start);
      if (part.kind === "text") appendText(found, part.text);
      else found.push(part);
      literalStart = this.#position;
    }
    if (inDefault) return undefined;
    addLiteral(text.length);
    return found;
  }

  /** Reads what a dollar starts and moves behind it; "text": the dollar is one, and the position is behind it. */
  #dollarPart(depth: number): ExpansionPart | "text" | "unclosed" {
    const text = this.#text;
    const start = this.#position;
    const next = text.charCodeAt(start + 1);
    if (next === dollar) {
      this.#position = start + 2;
      return { kind: "text", text: "$" };
    }
    if (next === openBrace) return this.#braced(depth);
    if (next === openParen && this.#commands) return this.#command();
    const end = nameEnd(text, start + 1);
    this.#position = Math.max(end, start + 1);
    if (end === start + 1) return "text";
    return { kind: "variable", name: text.slice(start + 1, end), emptyIsUnset: false };
  }

  #braced(depth: number): ExpansionPart | "text" | "unclosed" {
    const text = this.#text;
    const start = this.#position;
    const end = nameEnd(text, start + 2);
    const name = text.slice(start + 2, end);
    if (name !== "" && text.charCodeAt(end) === closeBrace) {
      this.#position = end + 1;
      return { kind: "variable", name, emptyIsUnset: false };
    }
    const operator = text.startsWith(":-", end) ? ":-" : text.startsWith("-", end) ? "-" : "";
    if (end >= text.length) return "unclosed";
    if (name === "" || operator === "" || depth >= maxNesting) {
      const reason = name !== "" && operator !== "" ? "too-deep" : "unsupported";
      this.problems.push({ reason, span: { start, end: Math.min(end + 1, text.length) } });
      this.#position = start + 2;
      return "text";
    }
    this.#position = end + operator.length;
    const fallback = this.parts(depth + 1, true);
    if (fallback === undefined) return "unclosed";
    this.#position += 1;
    return { kind: "variable", name, fallback, emptyIsUnset: operator === ":-" };
  }

  #command(): ExpansionPart | "unclosed" {
    const start = this.#position + 2;
    const end = commandEnd(this.#text, start);
    if (end === -1) return "unclosed";
    this.#position = end + 1;
    return { kind: "command", command: this.#text.slice(start, end).trim() };
  }
}

/** Neighbouring texts become one part. */
function appendText(parts: ExpansionPart[], text: string): void {
  const last = parts.at(-1);
  if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + text };
  else parts.push({ kind: "text", text });
}

/** Offset of the parenthesis that closes a command begun at `start`, or -1. Quotes and backslashes hide parentheses. */
function commandEnd(text: string, start: number): number {
  let depth = 1;
  let quote = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash && quote !== singleQuote) at += 1;
    else if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === singleQuote || code === doubleQuote) quote = code;
    else if (code === openParen) depth += 1;
    else if (code === closeParen) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}
