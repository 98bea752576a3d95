import { braceExpand } from "minimatch";

/** A glob with the literal folder that it starts from. */
export interface GlobPlace {
  /** Absolute. */
  readonly base: string;
  /** From the first wildcard on; empty: the base and all below it. */
  readonly rest: string;
}

/** Pairs of letters that are compared at most: a tenth of a second. Globs that people write need some thousands. */
const MOST_PAIRS = 100_000_000;

/**
 * Whether some path can be meant by both. Character classes and extended globs count as any text, and globs of very many
 * letters as all paths, so the answer may be yes where it is no, never the other way round.
 */
export function globsOverlap(a: GlobPlace, b: GlobPlace): boolean {
  const [forms, others] = [formsOf(a), formsOf(b)];
  if (lettersOf(forms) * lettersOf(others) > MOST_PAIRS) return true;
  return forms.some((left) => others.some((right) => rowsOverlap(left, right, PATHS)));
}

const lettersOf = (forms: readonly (readonly Segment[])[]): number =>
  forms.flat().reduce((sum, { text }) => sum + text.length + 1, 0);

interface Segment {
  readonly text: string;
  readonly isLiteral: boolean;
}

const ANY_DEPTH: Segment = { text: "**", isLiteral: false };

/** A configuration is refused before its globs have more; other tools' files may. */
const MOST_FORMS = 256;

/** Braces expanded, split into segments. */
function formsOf({ base, rest }: GlobPlace): readonly (readonly Segment[])[] {
  const fixed = base.split("/").map((text) => ({ text, isLiteral: true }));
  if (rest === "") return [[...fixed, ANY_DEPTH]];
  return braceExpand(rest, { braceExpandMax: MOST_FORMS }).map((glob) => {
    // `a//b` means `a/b`.
    const parts = glob.split("/").filter((text) => text !== "" && text !== ".");
    // What lies above a wildcard may be anything.
    if (parts.includes("..")) return [ANY_DEPTH];
    return [...fixed, ...parts.map((text) => ({ text, isLiteral: false }))];
  });
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

/** Whether some text fits both patterns: which pairs of places can be reached, every pair looked at once at most. */
function rowsOverlap<T>(a: readonly T[], b: readonly T[], { isAny, agree }: Meaning<T>): boolean {
  // By the place in `b`: whether it can be reached with one place in `a`, and with the next.
  let reached = new Uint8Array(b.length + 2);
  let next = new Uint8Array(b.length + 2);
  reached[0] = 1;
  for (let i = 0; i <= a.length; i += 1) {
    const left = a[i];
    for (let j = reached.indexOf(1); j !== -1 && j <= b.length; j = reached.indexOf(1, j + 1)) {
      const right = b[j];
      if (left === undefined && right === undefined) return true;
      if (isAny(left) || isAny(right)) {
        if (left !== undefined) next[j] = 1;
        if (right !== undefined) reached[j + 1] = 1;
      } else if (left !== undefined && right !== undefined && agree(left, right)) next[j + 1] = 1;
    }
    [reached, next] = [next, reached];
    next.fill(0);
  }
  return false;
}

const isPlain = ({ text, isLiteral }: Segment): boolean => isLiteral || !/[\\*?[\]()+@!]/.test(text);

const PATHS: Meaning<Segment> = {
  isAny: isAnyDepth,
  agree: (a, b) =>
    isPlain(a) && isPlain(b) ? a.text === b.text : rowsOverlap(tokensOf(a), tokensOf(b), NAMES),
};

/** `*` is any text, `?` any character, everything else itself. */
type Token = { readonly kind: "text" | "character" } | { readonly kind: "literal"; readonly text: string };

const TEXT: Token = { kind: "text" };
const CHARACTER: Token = { kind: "character" };

function tokensOf({ text, isLiteral }: Segment): readonly Token[] {
  if (isLiteral) return Array.from(text, (letter) => ({ kind: "literal", text: letter }));
  if (/[?*+@!]\(/.test(text)) return [TEXT];
  const tokens: Token[] = [];
  for (const [piece, escaped] of text.matchAll(/\\(.)|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|[\s\S]/gu)) {
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
