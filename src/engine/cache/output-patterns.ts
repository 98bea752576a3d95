import { globMatcher } from "#base/glob";
import { isInside, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { OutputPlace } from "./cache-store";

/** One pattern of `outputs`, as far as it can be worked out without looking at files. */
export interface OutputPattern {
  /** As written. */
  readonly text: string;
  /** Where the search starts: the part before the first special character, absolute. */
  readonly base: string;
  /** Folder that `base` was resolved from, absolute: the way from there to `base` may lead through no link. */
  readonly start: string;
  /** Whether an absolute path matches; undefined where everything at and below `base` does. */
  readonly matches: ((path: string) => boolean) | undefined;
}

export interface OutputPatterns {
  readonly wanted: readonly OutputPattern[];
  /** Whether an absolute path is left out. */
  readonly isLeftOut: (path: string) => boolean;
}

const SPECIAL = /[*?[\]{}()!+@\\]/;

/** Works patterns out. The error is a sentence's end for people. */
export function outputPatterns(place: OutputPlace): Result<OutputPatterns, string> {
  const wanted: OutputPattern[] = [];
  const leftOut: ((path: string) => boolean)[] = [];
  for (const text of place.outputs) {
    const isNegative = text.startsWith("!");
    const pattern = compile(isNegative ? text.slice(1) : text, place);
    if (pattern === undefined) return err(`the output '${text}' lies outside of the workspace`);
    const { base, matches } = pattern;
    if (isNegative) leftOut.push(matches ?? ((path) => isInside(base, path)));
    else wanted.push(pattern);
  }
  return ok({ wanted, isLeftOut: (path) => leftOut.some((isOut) => isOut(path)) });
}

function compile(text: string, { packageDir, root }: OutputPlace): OutputPattern | undefined {
  const isOfWorkspace = text.startsWith("//");
  const start = isOfWorkspace ? root : packageDir;
  const parts = (isOfWorkspace ? text.slice(2) : text)
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const first = parts.findIndex((part) => SPECIAL.test(part));
  const fixed = first < 0 ? parts : parts.slice(0, first);
  const rest = first < 0 ? [] : parts.slice(first);
  if (parts.length === 0 || parts.includes("..") || text.includes("\0") || /^\/(?!\/)/.test(text))
    return undefined;
  const base = fixed.length === 0 ? start : resolveFrom(start, fixed.join("/"));
  const tail = rest.join("/");
  if (tail === "" || (fixed.length > 0 && (tail === "**" || tail === "**/*")))
    return { text, base, start, matches: undefined };
  const isMatch = globMatcher(tail);
  const prefix = base === "/" ? 1 : base.length + 1;
  return {
    text,
    base,
    start,
    matches: (path) => isInside(base, path) && path !== base && isMatch(path.slice(prefix)),
  };
}
