import type { Span } from "./span";

type Step = string | number;

/** Strings, numbers and words, and the signs between them (RFC 8259); a byte order mark and comments are passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"\ufeff]+/g;

interface Level {
  readonly isList: boolean;
  index: number;
  key: { readonly name: string; readonly span: Span } | undefined;
  /** How many steps of the path lead here; -1 where it leads elsewhere. */
  readonly depth: number;
}

/**
 * Where the key or the value at a path stands in a JSON text; undefined where there is none. Of a key that stands twice
 * in a table the last one is meant, as for those who read values.
 */
export function jsonPlace(text: string, path: readonly Step[], target: "key" | "value"): Span | undefined {
  const scan = new Scan(path, target);
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const span = { start: match.index, end: match.index + token.length };
    if (token === "}" || token === "]") scan.close(span);
    else if (token === ",") scan.next();
    else if (token === ":") scan.expectsKey = false;
    else if (scan.expectsKey) scan.key(unquoted(token), span);
    else scan.value(token, span);
  }
  return scan.found;
}

class Scan {
  found: Span | undefined;
  expectsKey = false;
  readonly #path: readonly Step[];
  readonly #target: "key" | "value";
  readonly #open: Level[] = [];
  /** A table or list that is meant and has not ended. */
  #started: { readonly start: number; readonly level: number } | undefined;

  constructor(path: readonly Step[], target: "key" | "value") {
    this.#path = path;
    this.#target = target;
  }

  key(name: string, span: Span): void {
    const level = this.#open.at(-1);
    if (level !== undefined) level.key = { name, span };
  }

  next(): void {
    const level = this.#open.at(-1);
    if (level?.isList === true) level.index += 1;
    this.expectsKey = level?.isList === false;
  }

  value(token: string, span: Span): void {
    const level = this.#open.at(-1);
    const depth = this.#depthBelow(level);
    const isWanted = depth === this.#path.length;
    const isContainer = token === "{" || token === "[";
    if (isWanted && this.#target === "key" && level?.isList === false) this.found = level.key?.span;
    else if (isWanted && isContainer) this.#started = { start: span.start, level: this.#open.length };
    else if (isWanted) this.found = span;
    if (!isContainer) return;
    this.#open.push({ isList: token === "[", index: 0, key: undefined, depth: isWanted ? -1 : depth });
    this.expectsKey = token === "{";
  }

  /** How many steps of the path lead to the value that comes now. */
  #depthBelow(level: Level | undefined): number {
    if (level === undefined) return 0;
    const step = level.isList ? level.index : level.key?.name;
    return level.depth >= 0 && step === this.#path[level.depth] ? level.depth + 1 : -1;
  }

  close({ end }: Span): void {
    this.#open.pop();
    this.expectsKey = false;
    if (this.#started?.level !== this.#open.length) return;
    this.found = { start: this.#started.start, end };
    this.#started = undefined;
  }
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
