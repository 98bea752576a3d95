import { plainJson, withoutJsonComments } from "#base/json-comments";
import { jsonPlace } from "#base/json-places";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { OnConflict } from "./on-conflict";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** One thing that becomes of the text: an entry of a table, an item of a list, or another value. */
interface JsonEdit {
  readonly kind: "add" | "set";
  /** Of the table, the list or the value, in the text that is there. */
  readonly path: Path;
  /** Of a new entry. */
  readonly name?: string;
  /** Of the value in the text that is added. */
  readonly from: Path;
  readonly value: Json;
}

interface JsonMerge {
  readonly onConflict: OnConflict;
  readonly conflicts: string[];
  readonly edits: JsonEdit[];
}

/**
 * Puts what a JSON text lacks into it: entries of tables and items of lists, each behind the last one. Comments, commas
 * behind a last entry, numbers and layout of what is there stay as they are.
 */
export function mergeJson(present: string, added: string, onConflict: OnConflict): Result<string, string> {
  const [before, more] = [readJson(present), readJson(added)];
  if (before === undefined) return err("what is there is no valid JSON");
  if (more === undefined) return err("what is to be added is no valid JSON");
  const merge: JsonMerge = { onConflict, conflicts: [], edits: [] };
  collect([before, more], { path: [], from: [] }, merge);
  const [conflict] = merge.conflicts;
  if (conflict !== undefined) return err(`it says another ${conflict}`);
  const layout = {
    unit: /\n([ \t]+)\S/.exec(present)?.[1] ?? "  ",
    eol: present.includes("\r\n") ? "\r\n" : "\n",
  };
  return ok(merge.edits.reduce((text, edit) => edited(text, edit, { ...layout, added }), present));
}

function readJson(text: string): Json | undefined {
  try {
    // Whatever JSON holds is of this type.
    return JSON.parse(plainJson(text)) as Json;
  } catch {
    return undefined;
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !isList(value);

function collect(
  [before, more]: readonly [Json, Json],
  { path, from }: { readonly path: Path; readonly from: Path },
  merge: JsonMerge,
): void {
  const { onConflict, conflicts, edits } = merge;
  if (isRecord(before) && isRecord(more)) {
    for (const [name, value] of Object.entries(more)) {
      const inner = { path: [...path, name], from: [...from, name] };
      const old = Object.hasOwn(before, name) ? before[name] : undefined;
      if (old === undefined) edits.push({ kind: "add", path, name, from: inner.from, value });
      else collect([old, value], inner, merge);
    }
    return;
  }
  if (isList(before) && isList(more)) {
    const known = new Set(before.map((item) => JSON.stringify(item)));
    for (const [index, value] of more.entries())
      if (!known.has(JSON.stringify(value))) edits.push({ kind: "add", path, from: [...from, index], value });
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(more) || onConflict === "keep") return;
  if (onConflict === "take") edits.push({ kind: "set", path, from, value: more });
  else conflicts.push(path.join("."));
}

interface Layout {
  /** One step of indentation. */
  readonly unit: string;
  readonly eol: string;
  readonly added: string;
}

function edited(text: string, { kind, path, name, from, value }: JsonEdit, layout: Layout): string {
  const plain = plainJson(text);
  const place = jsonPlace(plain, path, "value");
  if (place === undefined) return text;
  const { start, end } = place;
  if (kind === "set")
    return (
      text.slice(0, start) +
      valueText(value, { from, margin: marginAt(text, start), layout }) +
      text.slice(end)
    );
  const entryAt = (margin: string): string =>
    `${name === undefined ? "" : `${JSON.stringify(name)}: `}${valueText(value, { from, margin, layout })}`;
  const isEmpty = plain.slice(start + 1, end - 1).trim() === "";
  return (isEmpty ? withFirst : withLast)({ text, plain, start, close: end - 1 }, entryAt, layout);
}

/** A table or list in a text. */
interface Container {
  readonly text: string;
  readonly plain: string;
  readonly start: number;
  /** Where its closing sign stands. */
  readonly close: number;
}

/** With its first entry; what it holds is white space or comments. */
function withFirst(
  { text, start, close }: Container,
  entryAt: (margin: string) => string,
  { unit, eol }: Layout,
): string {
  const margin = marginAt(text, start);
  const line = `${eol}${margin}${unit}${entryAt(margin + unit)}${eol}${margin}`;
  return text.slice(0, close).trimEnd() + line + text.slice(close);
}

/** With an entry behind its last one, on a line of its own where the others are. */
function withLast(
  { text, plain, start, close }: Container,
  entryAt: (margin: string) => string,
  { eol }: Layout,
): string {
  const inside = plain.slice(start + 1, close);
  const first = start + 1 + (inside.length - inside.trimStart().length);
  const last = start + 1 + inside.trimEnd().length;
  const margin = marginAt(text, first);
  if (!/[\n\r]/.test(plain.slice(start, first)))
    return `${text.slice(0, last)}, ${entryAt(margin)}${text.slice(last)}`;
  // A comment on that line belongs to the entry before.
  const rest = /^[^\n\r]*/.exec(text.slice(last, close))?.[0].trimEnd() ?? "";
  const behind = last + (/\/\*(?:(?!\*\/).)*$/.test(rest) ? 0 : rest.length);
  // A comma on that line serves the new entry; one further on stands behind it then.
  const comma = withoutJsonComments(text).slice(last, behind).includes(",") ? "" : ",";
  return `${text.slice(0, last)}${comma}${text.slice(last, behind)}${eol}${margin}${entryAt(margin)}${text.slice(behind)}`;
}

/** The white space that the line of an offset begins with. */
function marginAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? "";
}

/** A value as the added text has it, where that is on one line; else laid out as what is there. */
function valueText(
  value: Json,
  { from, margin, layout }: { readonly from: Path; readonly margin: string; readonly layout: Layout },
): string {
  const { added, unit, eol } = layout;
  const span = jsonPlace(plainJson(added), from, "value");
  const source = span === undefined ? "" : plainJson(added).slice(span.start, span.end);
  if (source !== "" && !/[\n\r]/.test(source)) return source;
  return JSON.stringify(value, undefined, unit).replaceAll("\n", `${eol}${margin}`);
}
