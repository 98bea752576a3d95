import type { Concept, Stem } from "./lexicon";
import type { Patterns } from "./patterns";

/** A range of a clause, in UTF-16 code units, the end not included. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A part of a clause that says something, by what it can mean. */
export interface Piece<T extends string> extends Extent {
  readonly text: string;
  readonly means: ReadonlySet<T>;
  /** What a concept that carries a value carries. */
  readonly values: ReadonlyMap<T, string>;
}

export interface Word extends Extent {
  /** As written. */
  readonly text: string;
}

/** One deed of a sentence, taken to pieces. */
export interface Clause {
  readonly text: string;
  readonly concepts: readonly Piece<Concept>[];
  readonly stems: readonly Piece<Stem>[];
  /** Words in Latin letters, with what names of tasks hold. */
  readonly words: readonly Word[];
}

export function readClause(text: string, patterns: Patterns): Clause {
  const lower = smallLetters(text);
  return {
    text,
    concepts: findPieces(lower, patterns.concepts),
    stems: findPieces(lower, patterns.stems),
    words: [...text.matchAll(/[\p{L}\p{N}_][\p{L}\p{N}_.:/@-]*/gu)].map((match) => {
      const word = match[0].replace(/[.:/-]+$/, "");
      return { text: word, start: match.index, end: match.index + word.length };
    }),
  };
}

/** Small letters of the same length, so that places mean the same in both. */
const smallLetters = (text: string): string =>
  [...text].map((one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");

/** The longest matches that do not overlap; what matches the same range shares it. */
function findPieces<T extends string>(text: string, patterns: readonly (readonly [T, RegExp])[]): Piece<T>[] {
  const found = patterns.flatMap(([name, pattern]) =>
    [...text.matchAll(pattern)]
      .filter((match) => match[0].trim() !== "")
      .map((match) => {
        const skipped = match[0].length - match[0].trimStart().length;
        const start = match.index + skipped;
        return {
          name,
          start,
          end: start + match[0].trim().length,
          value: match.slice(1).find((one) => one !== undefined),
        };
      }),
  );
  found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: { start: number; end: number; means: Set<T>; values: Map<T, string> }[] = [];
  for (const { name, start, end, value } of found) {
    const same = kept.find((piece) => piece.start === start && piece.end === end);
    if (same === undefined && kept.some((piece) => start < piece.end && piece.start < end)) continue;
    const piece = same ?? { start, end, means: new Set<T>(), values: new Map<T, string>() };
    piece.means.add(name);
    if (value !== undefined && !piece.values.has(name)) piece.values.set(name, value);
    if (same === undefined) kept.push(piece);
  }
  return kept
    .sort((a, b) => a.start - b.start)
    .map((piece) => ({ ...piece, text: text.slice(piece.start, piece.end) }));
}
