/**
 * Tells code from comments, strings, templates and regular expressions in TypeScript text, so that the repository's
 * checks can search code with patterns and not be fooled by words in a string.
 *
 * Not a parser: it knows just enough of the grammar to find where such pieces start and end. A slash starts a regular
 * expression when the code before it cannot end an operand.
 */

/** The same text twice, each of the original's length so that offsets agree. */
export interface SourceText {
  /** Comments and the insides of strings, templates and regular expressions are blanks. */
  readonly code: string;
  /** Only comments are blanks. */
  readonly uncommented: string;
}

const WORDS_BEFORE_REGEX =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|await|yield|else|do)$/;

/** Splits `text` as described at `SourceText`. Unfinished pieces reach to the end of the text. */
export function maskSource(text: string): SourceText {
  const code = text.split("");
  const uncommented = text.split("");
  /** Depth of braces at each `${` of the templates we are inside of. */
  const templateDepths: number[] = [];
  let depth = 0;
  let lastCode = "";
  let index = 0;
  const blank = (target: string[], range: readonly [number, number]) => {
    for (let at = range[0]; at < Math.min(range[1], text.length); at += 1)
      if (text[at] !== "\n") target[at] = " ";
  };
  const skipQuoted = (end: number) => {
    blank(code, [index + 1, end - 1]);
    index = end;
    lastCode = '"';
  };
  while (index < text.length) {
    const piece = pieceAt(text, { index, lastCode });
    if (piece.kind === "comment") {
      blank(code, [index, piece.end]);
      blank(uncommented, [index, piece.end]);
      index = piece.end;
    } else if (piece.kind === "quoted") {
      skipQuoted(piece.end);
    } else if (text[index] === "`" || (text[index] === "}" && templateDepths.at(-1) === depth)) {
      if (text[index] === "}") templateDepths.pop();
      const { end, opensExpression } = templateEnd(text, index + 1);
      blank(code, [index + 1, opensExpression ? end - 2 : end - 1]);
      if (opensExpression) templateDepths.push(depth);
      index = end;
      lastCode = opensExpression ? "{" : '"';
    } else {
      const char = text[index] ?? "";
      if (char === "{") depth += 1;
      if (char === "}") depth -= 1;
      if (char.trim() !== "") lastCode = (lastCode + char).slice(-12);
      else if (/[\w$]$/.test(lastCode)) lastCode += " ";
      index += 1;
    }
  }
  return { code: code.join(""), uncommented: uncommented.join("") };
}

/** Line of an offset, from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

type Piece = { readonly kind: "comment" | "quoted"; readonly end: number } | { readonly kind: "code" };

function pieceAt(text: string, state: { readonly index: number; readonly lastCode: string }): Piece {
  const { index } = state;
  const char = text[index];
  if (char === "/" && text[index + 1] === "/")
    return { kind: "comment", end: endOr(text, text.indexOf("\n", index)) };
  if (char === "/" && text[index + 1] === "*") {
    const close = text.indexOf("*/", index + 2);
    return { kind: "comment", end: close === -1 ? text.length : close + 2 };
  }
  if (char === "#" && index === 0 && text[1] === "!") {
    return { kind: "comment", end: endOr(text, text.indexOf("\n")) };
  }
  if (char === '"' || char === "'") return { kind: "quoted", end: quotedEnd(text, index) };
  if (char === "/" && startsRegex(state.lastCode)) return { kind: "quoted", end: regexEnd(text, index) };
  return { kind: "code" };
}

function startsRegex(lastCode: string): boolean {
  const before = lastCode.trimEnd();
  return before === "" || /[(,=:[!&|?{};+\-*%~^<>]$/.test(before) || WORDS_BEFORE_REGEX.test(before);
}

function quotedEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote || text[at] === "\n") return at + 1;
  }
  return text.length;
}

function regexEnd(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "\n") return at;
    else if (text[at] === "[") isInClass = true;
    else if (text[at] === "]") isInClass = false;
    else if (text[at] === "/" && !isInClass) return at + 1;
  }
  return text.length;
}

function templateEnd(
  text: string,
  start: number,
): { readonly end: number; readonly opensExpression: boolean } {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "`") return { end: at + 1, opensExpression: false };
    else if (text[at] === "$" && text[at + 1] === "{") return { end: at + 2, opensExpression: true };
  }
  return { end: text.length, opensExpression: false };
}

function endOr(text: string, found: number): number {
  return found === -1 ? text.length : found;
}
