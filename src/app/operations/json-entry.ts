import { isTable, type Table } from "#base/value-at";
import { plainJson } from "#base/json-comments";
import { jsonPlace } from "#base/json-places";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/**
 * A JSON text with an entry in one of its tables set, everything else as it was: order, white space, comments and commas
 * behind the last entry, which editors allow in their files. The error says why that can't be done.
 *
 * @param text undefined where there is no file yet.
 * @param path name of the table and of the entry.
 */
export function withJsonEntry(
  text: string | undefined,
  [table, name]: readonly [string, string],
  value: object,
): Result<string, string> {
  if (text === undefined || text.trim() === "")
    return ok(`${JSON.stringify({ [table]: { [name]: value } }, undefined, 2)}\n`);
  const plain = plainJson(text);
  const read = parsed(plain);
  if (!read.ok) return read;
  const inside = read.value[table];
  if (inside !== undefined && !isTable(inside)) return err(`its "${table}" is no table`);
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  if (inside === undefined)
    return ok(inserted({ text, plain }, [], { name: table, value: { [name]: value }, unit }));
  const place = jsonPlace(plain, [table, name], "value");
  if (place === undefined) return ok(inserted({ text, plain }, [table], { name, value, unit }));
  if (JSON.stringify(inside[name]) === JSON.stringify(value)) return ok(text);
  return ok(text.slice(0, place.start) + indented(value, unit, 2) + text.slice(place.end));
}

function parsed(plain: string): Result<Table, string> {
  try {
    const value: unknown = JSON.parse(plain);
    return isTable(value) ? ok(value) : err("it holds no table");
  } catch {
    return err("it is no JSON");
  }
}

interface NewEntry {
  readonly name: string;
  readonly value: object;
  /** One step of indentation. */
  readonly unit: string;
}

/** The text with an entry as the first of a table. */
function inserted(
  { text, plain }: { readonly text: string; readonly plain: string },
  path: readonly string[],
  { name, value, unit }: NewEntry,
): string {
  const start = path.length === 0 ? plain.indexOf("{") : (jsonPlace(plain, path, "value")?.start ?? 0);
  const depth = path.length + 1;
  const rest = text.slice(start + 1);
  const isEmpty = /^\s*\}/.test(plain.slice(start + 1));
  const entry = `\n${unit.repeat(depth)}${JSON.stringify(name)}: ${indented(value, unit, depth)}`;
  if (!isEmpty) return `${text.slice(0, start + 1)}${entry},${rest}`;
  // What an empty table holds is white space or comments.
  const isBlank = /^\s*\}/.test(rest);
  return isBlank
    ? `${text.slice(0, start + 1)}${entry}\n${unit.repeat(depth - 1)}${rest.trimStart()}`
    : `${text.slice(0, start + 1)}${entry}${rest}`;
}

const indented = (value: object, unit: string, depth: number): string =>
  JSON.stringify(value, undefined, unit).replaceAll("\n", `\n${unit.repeat(depth)}`);
