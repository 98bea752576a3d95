import { braceExpand } from "minimatch";

/** A glob with the literal folder that it starts from. */
export interface GlobPlace {
  /** Absolute. */
  readonly base: string;
  /** From the first wildcard on; empty: the base and all below it. */
  readonly rest: string;
}

/**
 * Whether some path can be meant by both. Character classes and extended globs count as any text, so the answer may be
 * yes where it is no, never the other way round.
 */
export function globsOverlap(a: GlobPlace, b: GlobPlace): boolean {
  return formsOf(a).some((left) => formsOf(b).some((right) => rowsOverlap(left, right, PATHS)));
}

interface Segment {
  readonly text: string;
  readonly isLiteral: boolean;
}

const ANY_DEPTH: Segment = { text: "**", isLiteral: false };

/** Braces expanded, split into segments. */
function formsOf({ base, rest }: GlobPlace): readonly (readonly Segment[])[] {
  const fixed = base.split("/").map((text) => ({ text, isLiteral: true }));
  if (rest === "") return [[...fixed, ANY_DEPTH]];
  return braceExpand(rest).map((glob) => [
    ...fixed,
    ...glob.split("/").map((text) => ({ text, isLiteral: false })),
  ]);
}

const isAnyDepth = (segment: Segment | undefined): boolean =>
  segment?.isLiteral === false && segment.text === "**";

/** What two patterns, each a row of items, agree on. */
interface Meaning<T> {
  /** Whether an item stands for any number of others. */
  readonly isAny: (item: T | undefined) => boolean;
  /** Whether two items can stand for the same. */
  readonly agree: (a: T, b: T) => boolean;
}

/** Whether some text fits both patterns; every pair of places is looked at once at most. */
function rowsOverlap<T>(a: readonly T[], b: readonly T[], { isAny, agree }: Meaning<T>): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const id = i * (b.length + 1) + j;
    let found = known.get(id);
    if (found === undefined) known.set(id, (found = judge(i, j)));
    return found;
  };
  const judge = (i: number, j: number): boolean => {
    const left = a[i];
    const right = b[j];
    if (left === undefined && right === undefined) return true;
    if (isAny(left)) return from(i + 1, j) || (right !== undefined && from(i, j + 1));
    if (isAny(right)) return from(i, j + 1) || (left !== undefined && from(i + 1, j));
    if (left === undefined || right === undefined) return false;
    return agree(left, right) && from(i + 1, j + 1);
  };
  return from(0, 0);
}

const PATHS: Meaning<Segment> = {
  isAny: isAnyDepth,
  agree: (a, b) => rowsOverlap(tokensOf(a), tokensOf(b), NAMES),
};

/** `*` is any text, `?` any character, everything else itself. */
type Token = { readonly kind: "text" | "character" } | { readonly kind: "literal"; readonly text: string };

const TEXT: Token = { kind: "text" };
const CHARACTER: Token = { kind: "character" };

function tokensOf({ text, isLiteral }: Segment): readonly Token[] {
  if (isLiteral) return Array.from(text, (letter) => ({ kind: "literal", text: letter }));
  if (/[?*+@!]\(/.test(text)) return [TEXT];
  const tokens: Token[] = [];
  for (const [piece, escaped] of text.matchAll(/\\(.)|\[[^\]]+\]|[\s\S]/gu)) {
    if (escaped !== undefined) tokens.push({ kind: "literal", text: escaped });
    else if (piece === "*") tokens.push(TEXT);
    else if (piece === "?" || piece.length > 2) tokens.push(CHARACTER);
    else tokens.push({ kind: "literal", text: piece });
  }
  return tokens;
}

const NAMES: Meaning<Token> = {
  isAny: (token) => token?.kind === "text",
  agree: (a, b) => a.kind !== "literal" || b.kind !== "literal" || a.text === b.text,
};
