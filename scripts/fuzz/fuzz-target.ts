import type { Random } from "./random";

/** One thing to try: files by path, and words, which mean what the target says. */
export interface FuzzCase {
  readonly files: Readonly<Record<string, string>>;
  /** Where the words are given, for a target that reads them as a command line. */
  readonly cwd: string;
  readonly words: readonly string[];
}

/** A part of zr that is given what it was not made for. */
export interface FuzzTarget {
  readonly name: string;
  /** Cases to start from beside those of `tests/fuzz-corpus/NAME`. */
  readonly seeds: (root: string) => readonly FuzzCase[];
  /** A case that the numbers decide; `corpus` is never empty. */
  readonly make: (random: Random, corpus: readonly FuzzCase[]) => FuzzCase;
  /** Tries a case. Throws where a promise is broken; else says how far it came, in a word. */
  readonly exercise: (made: FuzzCase) => string | Promise<string>;
}

/** A case of one text. */
export const textCase = (text: string, words: readonly string[] = []): FuzzCase => ({
  files: { text },
  cwd: "/w",
  words,
});

/** The text of a case of one. */
export const textOf = ({ files }: FuzzCase): string => files["text"] ?? "";

/** Bytes as a text that has one character for each; cases are written to files of text. */
export const textOfBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
export const bytesOfText = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, "latin1"));

/** Throws unless something holds. */
export function hold(isTrue: boolean, promise: string): asserts isTrue {
  if (!isTrue) throw new Error(promise);
}

/** Throws where a range is not inside of a text. */
export function holdInside(
  text: string,
  span: { readonly start: number; readonly end: number },
  what: string,
): void {
  hold(
    span.start >= 0 && span.start <= span.end && span.end <= text.length,
    `${what} is placed at ${span.start} to ${span.end} of ${text.length} characters`,
  );
}
