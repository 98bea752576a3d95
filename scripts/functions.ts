import { lineOf } from "./source-text";

/** A function with a body in braces: where it starts, and how many lines its body spans. */
export interface FoundFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** A word that cannot stand in a return type: the brace belongs to it, not to the function further up. */
const WORDS_OUTSIDE_TYPES = /\b(?:class|interface|try|else|do|finally|static|enum|return|const|let)\b/;
const CONTROL_WORDS = new Set(["if", "for", "while", "switch", "catch", "with", "await"]);

/**
 * Finds functions, methods and arrow functions in masked code (see source-text), inner ones too. An opening brace
 * starts a body when an arrow stands before it, or a parameter list, or a parameter list with its return type.
 */
export function functionsOf(code: string): readonly FoundFunction[] {
  const found: FoundFunction[] = [];
  const open: { readonly name: string | undefined; readonly start: number }[] = [];
  for (let at = 0; at < code.length; at += 1) {
    if (code[at] === "{") open.push({ name: bodyOwner(code, at), start: at });
    if (code[at] !== "}") continue;
    const body = open.pop();
    if (body?.name === undefined) continue;
    const line = lineOf(code, body.start);
    found.push({ name: body.name, line, lines: lineOf(code, at) - line + 1 });
  }
  return found;
}

/** The name of the function whose body the brace opens; undefined for any other brace. */
function bodyOwner(code: string, brace: number): string | undefined {
  const before = lastInk(code, brace - 1);
  if (code[before] === ">" && code[before - 1] === "=") return arrowName(code, before - 1);
  // After such a character a type or a value begins, not a body.
  if ("<|&,:(=?[".includes(code[before] ?? "")) return undefined;
  const close = code[before] === ")" ? before : closeBeforeReturnType(code, before);
  if (close === undefined) return undefined;
  const open = matchingOpen(code, close);
  const head = /([\w$]+)\s*(?:<[^()]*>)?\s*$/.exec(code.slice(Math.max(0, open - 200), open))?.[1];
  if (head === undefined || CONTROL_WORDS.has(head)) return undefined;
  return head === "function" ? "anonymous function" : head;
}

function arrowName(code: string, arrow: number): string {
  const statement = code.slice(Math.max(0, arrow - 400), arrow);
  const start = Math.max(
    statement.lastIndexOf(";"),
    statement.lastIndexOf("{\n"),
    statement.lastIndexOf("}\n"),
  );
  return /\bconst\s+([\w$]+)\s*(?::[^=]*)?=/.exec(statement.slice(start + 1))?.[1] ?? "arrow function";
}

/** Walks back over what may be a return type; the place of the parameter list's `)`, if one is found. */
function closeBeforeReturnType(code: string, from: number): number | undefined {
  let at = from;
  while (at > 0) {
    const char = code[at] ?? "";
    if (char === ":") {
      const close = lastInk(code, at - 1);
      const isType = at < from && !WORDS_OUTSIDE_TYPES.test(code.slice(at, from + 1));
      return code[close] === ")" && isType ? close : undefined;
    }
    if (")]}".includes(char)) at = matchingOpen(code, at) - 1;
    else if (/[\w$\s.|&<>,"'`?*-]/.test(char)) at -= 1;
    else return undefined;
  }
  return undefined;
}

function matchingOpen(code: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (")]}".includes(code[at] ?? "")) depth += 1;
    if ("([{".includes(code[at] ?? "")) depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}

function lastInk(code: string, from: number): number {
  let at = from;
  while (at > 0 && (code[at] ?? "").trim() === "") at -= 1;
  return at;
}
