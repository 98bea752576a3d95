import { topLevelIndex } from "./references";

/** What an assignment says. */
export interface Assignment {
  readonly name: string;
  readonly operator: "=" | ":=" | "?=" | "+=" | "!=";
  readonly value: string;
  readonly modifiers: ReadonlySet<string>;
}

const MODIFIER = /^\s*(export|override|private|unexport)\s+(?=\S)/;

/** An assignment, where the line is one (GNU make manual, "Setting Variables"). */
export function readAssignment(code: string): Assignment | undefined {
  const modifiers = new Set<string>();
  let rest = code;
  for (let match = MODIFIER.exec(rest); match !== null; match = MODIFIER.exec(rest)) {
    if (/^\s*(?::{0,3}|[?+!])=/.test(rest.slice(match[0].length))) break;
    modifiers.add(match[1] ?? "");
    rest = rest.slice(match[0].length);
  }
  const equals = topLevelIndex(rest, "=");
  if (equals === -1) return undefined;
  const colon = topLevelIndex(rest, ":");
  const match = /(:{1,3}|[?+!])?$/.exec(rest.slice(0, equals));
  const sign = match?.[1] ?? "";
  if (colon !== -1 && colon < equals - (sign.startsWith(":") ? sign.length : 0)) return undefined;
  const name = rest.slice(0, equals - sign.length).trim();
  if (name === "" || /\s/.test(name.replaceAll(/\$[({][^)}]*[)}]/g, ""))) return undefined;
  const operator = sign.startsWith(":") ? ":=" : sign === "" ? "=" : (`${sign}=` as Assignment["operator"]);
  return { name, operator, value: rest.slice(equals + 1).replace(/^[ \t]+/, ""), modifiers };
}

/** A rule's line, taken apart but not expanded. */
export interface RuleLine {
  readonly targets: string;
  readonly isDouble: boolean;
  readonly isGrouped: boolean;
  /** What stands behind the colon, up to a semicolon. */
  readonly rest: string;
  /** The recipe behind a semicolon. */
  readonly inline: string | undefined;
}

export function readRule(code: string): RuleLine | undefined {
  const colon = topLevelIndex(code, ":");
  if (colon === -1) return undefined;
  const isDouble = code[colon + 1] === ":";
  const before = code.slice(0, colon);
  const isGrouped = before.endsWith("&");
  const after = code.slice(colon + (isDouble ? 2 : 1));
  const semicolon = topLevelIndex(after, ";");
  return {
    targets: (isGrouped ? before.slice(0, -1) : before).trim(),
    isDouble,
    isGrouped,
    rest: (semicolon === -1 ? after : after.slice(0, semicolon)).trim(),
    inline: semicolon === -1 ? undefined : after.slice(semicolon + 1).trimStart(),
  };
}

/** The two sides of `ifeq (a,b)` or `ifeq "a" "b"`. */
export function readComparison(text: string): readonly [string, string] | undefined {
  const source = text.trim();
  if (source.startsWith("(")) {
    const inner = source.slice(1, source.lastIndexOf(")"));
    const comma = topLevelIndex(inner, ",");
    return comma === -1 ? undefined : [inner.slice(0, comma).trim(), inner.slice(comma + 1).trim()];
  }
  const match = /^(?:"([^"]*)"|'([^']*)')\s*(?:"([^"]*)"|'([^']*)')/.exec(source);
  return match === null ? undefined : [match[1] ?? match[2] ?? "", match[3] ?? match[4] ?? ""];
}
