import type { Diagnostic } from "#base/diagnostic";
import { checkValue } from "./check";
import type { Kind } from "./schema/kinds";
import { isTomlTable } from "./toml/values";

const isFault = ({ code }: Diagnostic): boolean => code !== "E117";

/**
 * The value without the entries that were found faulty, so that the rest can be looked at too. A list ends before its
 * first faulty item, so that the places of those before it stay right. Entries with wrong names stay: others name them.
 * What lacks a required entry once that is gone goes too.
 */
export function withoutFaults(kind: Kind, value: unknown, problems: readonly Diagnostic[]): unknown {
  let rest = value;
  for (let found = problems; found.some(isFault); found = checkValue(kind, rest, ""))
    rest = without(rest, found.filter(isFault));
  return rest;
}

function without(value: unknown, problems: readonly Diagnostic[]): unknown {
  const copy = copyOf(value);
  for (const { place } of problems) {
    const path = place?.path ?? [];
    let parent: unknown = copy;
    for (const key of path.slice(0, -1))
      parent = isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
    const last = path.at(-1);
    if (last === undefined) return {};
    if (Array.isArray(parent)) parent.length = Math.min(parent.length, Number(last));
    else if (isObject(parent)) delete parent[last];
  }
  return copy;
}

/** Tables and lists anew; dates stay as they are, since nothing is taken out of them. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isTomlTable(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key]);
  return copy;
}

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === "object" && value !== null;
