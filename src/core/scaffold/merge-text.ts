import type { KeyPath } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { keyToToml, lineEndOf, setValue } from "#core/config/toml/edit";
import { printToml } from "#core/config/toml/print-value";
import { readValues } from "#core/config/toml/read-values";
import { isTomlTable } from "#core/config/toml/values";
import type { TomlTable, TomlValue } from "#core/config/toml/values";

/** What is done where both texts say something of the same thing: refuse, keep what is there, or take what is new. */
export type OnConflict = "refuse" | "keep" | "take";

/** Names of files that are lists of lines, in which the order of what is added does not matter. */
const LINES = /(?:^|\/)\.[a-z]*ignore$|(?:^|\/)\.env(?:\.\w+)*$/;

/**
 * Puts what a text lacks into it, and leaves all else as it is: entries of TOML and JSON, lines of lists such as
 * `.gitignore`. The error says why that can't be done.
 */
export function mergeText(
  path: string,
  {
    present,
    added,
    onConflict,
  }: { readonly present: string; readonly added: string; readonly onConflict: OnConflict },
): Result<string, string> {
  if (path.endsWith(".toml")) return mergeToml(present, added, onConflict);
  if (path.endsWith(".json")) return mergeJson(present, added, onConflict);
  return LINES.test(path)
    ? ok(mergeLines(present, added))
    : err("zr puts together only TOML, JSON and lists of lines");
}

function mergeLines(present: string, added: string): string {
  const eol = present.includes("\r\n") ? "\r\n" : "\n";
  const known = new Set(present.split(/\r?\n/).map((line) => line.trim()));
  const missing = added.split(/\r?\n/).filter((line) => line.trim() !== "" && !known.has(line.trim()));
  const start = present === "" || present.endsWith("\n") ? present : present + eol;
  return start + missing.map((line) => line + eol).join("");
}

function mergeToml(present: string, added: string, onConflict: OnConflict): Result<string, string> {
  const [before, more] = [readValues(present), readValues(added)];
  if (!before.ok) return err("what is there is no valid TOML");
  if (!more.ok) return err("what is to be added is no valid TOML");
  const leaves = leavesOf(more.value, []);
  const isPresent = (path: KeyPath): boolean => valueAt(before.value, path) !== undefined;
  // What shares nothing with the text keeps its own comments and layout.
  const eol = lineEndOf(present);
  const joined = `${present.trimEnd()}${eol}${eol}${added.trim().replaceAll(/\r?\n/g, eol)}${eol}`;
  const isApart = !leaves.some(({ path }) => isPresent(path)) && Object.values(more.value).every(isTomlTable);
  if (isApart && readValues(joined).ok) return ok(present.trim() === "" ? `${added.trim()}\n` : joined);
  let text = present;
  for (const { path, value } of leaves) {
    const old = valueAt(before.value, path);
    if (old !== undefined && printed(old) === printed(value)) continue;
    if (old !== undefined && onConflict === "keep") continue;
    if (old !== undefined && onConflict === "refuse") return err(`it says another ${path.join(".")}`);
    const set = setValue(text, path, printed(value));
    if (!set.ok) return err(`${path.join(".")} can't be set in it`);
    text = set.value;
  }
  return ok(text);
}

/** Everything in a table that is no table itself, and empty tables. */
function leavesOf(table: TomlTable, path: KeyPath): { readonly path: KeyPath; readonly value: TomlValue }[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const at = [...path, key];
    if (value === undefined) return [];
    return isTomlTable(value) && Object.keys(value).length > 0 ? leavesOf(value, at) : [{ path: at, value }];
  });
}

function valueAt(table: TomlTable, path: KeyPath): TomlValue | undefined {
  let at: TomlValue | undefined = table;
  for (const key of path) at = isTomlTable(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

/** A value as TOML text, of the same type when it is read again. */
function printed(value: TomlValue): string {
  if (Array.isArray(value)) return `[${(value as readonly TomlValue[]).map(printed).join(", ")}]`;
  if (isTomlTable(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${keyToToml(key)} = ${printed(item)}`);
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  if (typeof value === "string") return printToml(value);
  // `Infinity` and `NaN` have names of their own; dates print themselves as TOML writes them.
  return typeof value === "number" && !Number.isFinite(value)
    ? String(value).toLowerCase().replace("infinity", "inf")
    : String(value);
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function mergeJson(present: string, added: string, onConflict: OnConflict): Result<string, string> {
  const [before, more] = [readJson(present), readJson(added)];
  if (before === undefined) return err("what is there is no valid JSON");
  if (more === undefined) return err("what is to be added is no valid JSON");
  const conflicts: string[] = [];
  const merged = mergeValues(before, more, { path: [], onConflict, conflicts });
  const [conflict] = conflicts;
  if (conflict !== undefined) return err(`it says another ${conflict}`);
  const indent = /^[{[]\r?\n([ \t]+)/.exec(present.trimStart())?.[1] ?? "  ";
  return ok(`${JSON.stringify(merged, undefined, indent)}\n`);
}

function readJson(text: string): Json | undefined {
  try {
    // Whatever JSON holds is of this type.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface JsonMerge {
  readonly path: readonly string[];
  readonly onConflict: OnConflict;
  readonly conflicts: string[];
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !isList(value);

function mergeValues(before: Json, more: Json, merge: JsonMerge): Json {
  if (isRecord(before) && isRecord(more)) {
    const entries = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(more)) {
      const old = entries.get(key);
      entries.set(
        key,
        old === undefined ? value : mergeValues(old, value, { ...merge, path: [...merge.path, key] }),
      );
    }
    return Object.fromEntries(entries);
  }
  if (isList(before) && isList(more)) {
    const known = new Set(before.map((item) => JSON.stringify(item)));
    return [...before, ...more.filter((item) => !known.has(JSON.stringify(item)))];
  }
  if (JSON.stringify(before) === JSON.stringify(more) || merge.onConflict === "keep") return before;
  if (merge.onConflict === "take") return more;
  merge.conflicts.push(merge.path.join("."));
  return before;
}
