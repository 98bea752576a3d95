import { mergeJson } from "./merge-json";
import type { OnConflict } from "./on-conflict";
import type { KeyPath } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { keyToToml, lineEndOf, setValue } from "#core/config/toml/edit";
import { openDocument } from "#core/config/toml/locate";
import type { PositionedDocument } from "#core/config/toml/locate";
import { printToml } from "#core/config/toml/print-value";
import { readValues } from "#core/config/toml/read-values";
import { isTomlTable } from "#core/config/toml/values";
import type { TomlTable, TomlValue } from "#core/config/toml/values";

/** Names of files that are lists of lines, in which the order of what is added does not matter. */
const LINES = /(?:^|\/)\.[a-z]*ignore$/;

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
  return putLeaves(leaves, { present, before: before.value, more: more.value, added, onConflict });
}

interface TomlMerge {
  readonly present: string;
  readonly before: TomlTable;
  readonly added: string;
  readonly more: TomlTable;
  readonly onConflict: OnConflict;
}

/** Sets what is lacking, or what is to be taken, one by one. */
function putLeaves(
  leaves: readonly Leaf[],
  { present, before, more, added, onConflict }: TomlMerge,
): Result<string, string> {
  const document = openDocument(added);
  let text = present;
  for (const { path, value } of leaves) {
    const place = takenPlace(before, path);
    const old = valueAt(before, place);
    if (old !== undefined && place.length === path.length && printed(old) === printed(value)) continue;
    if (old !== undefined && onConflict === "keep") continue;
    if (old !== undefined && onConflict === "refuse") return err(`it says another ${place.join(".")}`);
    // What is no table gives its place to the whole of one.
    if (place.length < path.length) {
      const whole = valueAt(more, place);
      const put = whole === undefined ? undefined : setValue(text, place, printed(whole));
      if (put?.ok !== true) return err(`${place.join(".")} can't be set in it`);
      text = put.value;
      continue;
    }
    const set = setValue(text, path, sourceOf(document, { added, path, value, eol: lineEndOf(present) }));
    if (!set.ok) return err(`${path.join(".")} can't be set in it`);
    text = set.value;
  }
  return ok(text);
}

/** The place of a leaf, or that of a value on the way to it that is no table. */
function takenPlace(table: TomlTable, path: KeyPath): KeyPath {
  for (let length = 1; length < path.length; length += 1) {
    const at = path.slice(0, length);
    const value = valueAt(table, at);
    if (value === undefined) return path;
    if (!isTomlTable(value)) return at;
  }
  return path;
}

/** A value as the text to be added has it: `1.0` is no `1` for every reader. Printed where it has no text of its own. */
function sourceOf(
  document: Result<PositionedDocument, unknown>,
  { added, path, value, eol }: Leaf & { readonly added: string; readonly eol: string },
): string {
  const span = document.ok ? document.value.spanOf(path, "value") : undefined;
  const source = span === undefined ? "" : added.slice(span.start, span.end);
  const read = readValues(`value = ${source}`);
  const isSame =
    read.ok && read.value["value"] !== undefined && printed(read.value["value"]) === printed(value);
  return isSame ? source.replaceAll(/\r?\n/g, eol) : printed(value);
}

interface Leaf {
  readonly path: KeyPath;
  readonly value: TomlValue;
}

/** Everything in a table that is no table itself, and empty tables. */
function leavesOf(table: TomlTable, path: KeyPath): Leaf[] {
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
