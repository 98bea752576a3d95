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
  return formsOf(a).some((left) => formsOf(b).some((right) => pathsOverlap(left, right)));
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

function pathsOverlap(a: readonly Segment[], b: readonly Segment[]): boolean {
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
    if (isAnyDepth(left)) return from(i + 1, j) || (right !== undefined && from(i, j + 1));
    if (isAnyDepth(right)) return from(i, j + 1) || (left !== undefined && from(i + 1, j));
    if (left === undefined || right === undefined) return false;
    return namesOverlap(tokensOf(left), tokensOf(right)) && from(i + 1, j + 1);
  };
  return from(0, 0);
}

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

function namesOverlap(a: readonly Token[], b: readonly Token[]): boolean {
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
    if (left?.kind === "text") return from(i + 1, j) || (right !== undefined && from(i, j + 1));
    if (right?.kind === "text") return from(i, j + 1) || (left !== undefined && from(i + 1, j));
    if (left === undefined || right === undefined) return false;
    const isSame = left.kind !== "literal" || right.kind !== "literal" || left.text === right.text;
    return isSame && from(i + 1, j + 1);
  };
  return from(0, 0);
}
