import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/** Whether a code point is in the set. */
export type CharSet = (code: number) => boolean;

export interface SetParts {
  /** Inclusive. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly sets?: readonly CharSet[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
}

const CONTROL: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, "0": 0 };
const HEX = /^\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\})/;
const PROPERTY = /^\\([pP])\{([A-Za-z_=]{1,60})\}/;
const PUNCTUATION = /[\^$\\.*+?()[\]{}|/-]/;

/** The set of some ranges and other sets together. */
export function setOf(parts: SetParts): CharSet {
  const { ranges, negated, ignoreCase } = parts;
  const sets = parts.sets ?? [];
  const has = (code: number): boolean =>
    ranges.some(([low, high]) => code >= low && code <= high) || sets.some((set) => set(code));
  if (!ignoreCase) return negated ? (code) => !has(code) : has;
  return (code) => {
    const character = String.fromCodePoint(code);
    const found =
      has(code) || has(onlyCode(character.toLowerCase())) || has(onlyCode(character.toUpperCase()));
    return found !== negated;
  };
}

/** The code point of a text of one character; -1, which is in no set, for `ß` in upper case and the like. */
function onlyCode(text: string): number {
  const code = text.codePointAt(0) ?? -1;
  return text.length === (code > 0xff_ff ? 2 : 1) ? code : -1;
}

/** The escape at `at` (a backslash): one character or a set, and where it ends. Errors for what has no meaning. */
export function escapedSet(
  pattern: string,
  at: number,
): Result<{ code: number; set?: CharSet; end: number }, string> {
  const next = pattern[at + 1];
  if (next === undefined) return err("a backslash at the end");
  const shorthand = shorthandSet(next);
  if (shorthand !== undefined) return ok({ code: 0, set: shorthand, end: at + 2 });
  const rest = pattern.slice(at, at + 70);
  const property = PROPERTY.exec(rest);
  if (property !== null) return propertySet(property, at);
  const hex = HEX.exec(rest);
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
    if (code <= 0x10_ff_ff) return ok({ code, end: at + hex[0].length });
  }
  const control = CONTROL[next];
  if (control !== undefined && !(next === "0" && /\d/.test(pattern[at + 2] ?? ""))) {
    return ok({ code: control, end: at + 2 });
  }
  if (PUNCTUATION.test(next)) return ok({ code: next.charCodeAt(0), end: at + 2 });
  if (/[1-9k]/.test(next)) return err("back-references are not supported");
  return err(`\`\\${String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0)}\` means nothing`);
}

function shorthandSet(letter: string): CharSet | undefined {
  switch (letter) {
    case "d":
      return isDigit;
    case "D":
      return (code) => !isDigit(code);
    case "w":
      return isWord;
    case "W":
      return (code) => !isWord(code);
    case "s":
      return isSpace;
    case "S":
      return (code) => !isSpace(code);
    default:
      return undefined;
  }
}

function propertySet(
  match: RegExpExecArray,
  at: number,
): Result<{ code: number; set: CharSet; end: number }, string> {
  const [text, sign = "", name = ""] = match;
  let one: RegExp;
  try {
    // One character class with a name of letters only: nothing in it can backtrack.
    one = new RegExp(`^\\${sign}{${name}}$`, "u");
  } catch {
    return err(`\`${text}\` is no known property`);
  }
  return ok({ code: 0, set: (code) => one.test(String.fromCodePoint(code)), end: at + text.length });
}

const isDigit: CharSet = (code) => code >= 48 && code <= 57;

/** Letters, digits and `_` of ASCII. */
export const isWord: CharSet = (code) =>
  isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

const isSpace: CharSet = (code) =>
  code < 128 ? code === 32 || (code >= 9 && code <= 13) : /^\s$/.test(String.fromCodePoint(code));
