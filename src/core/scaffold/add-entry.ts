import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { appendTable, keyToToml, lineEndOf, setValue } from "#core/config/toml/edit";
import type { EditFailure } from "#core/config/toml/edit";
import { formatToml } from "#core/config/toml/format";
import { printToml } from "#core/config/toml/print-value";
import type { Printable } from "#core/config/toml/print-value";
import { readValues } from "#core/config/toml/read-values";
import { isTomlTable } from "#core/config/toml/values";
import type { TomlTable } from "#core/config/toml/values";

/** One thing of a configuration that has a name, such as a task. */
export interface ConfigEntry {
  readonly section: "tasks" | "workflows" | "profiles";
  readonly name: string;
  /** Its keys, in the order in which they are written; undefined ones are left out. */
  readonly table: Readonly<Record<string, Printable | undefined>>;
}

export type AddFailure = { readonly kind: "exists" } | EditFailure;

/**
 * Adds an entry to the text of a configuration, at its end, comments and all else kept. One that is there already is a
 * failure, unless forced: its keys that the entry has are set then.
 */
export function addEntry(text: string, entry: ConfigEntry, force: boolean): Result<string, AddFailure> {
  const { section, name } = entry;
  const read = readValues(text);
  if (!read.ok) return err({ kind: "unreadable", failure: read.error });
  const entries = read.value[section];
  const present = isTomlTable(entries) && Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (present !== undefined) {
    if (!force) return err({ kind: "exists" });
    return isTomlTable(present) ? setKeys(text, entry, present) : setWhole(text, entry);
  }
  const [header = "", ...body] = entryText(entry).split("\n");
  const appended = appendTable(text, header.slice(1, -1), body.join(lineEndOf(text)));
  // A section that is one inline table has no room for another header.
  return appended.ok ? appended : setWhole(text, entry);
}

/** The entry as a table of its own: header and lines. */
export function entryText({ section, name, table }: ConfigEntry): string {
  const lines = pairsOf(table).map(([key, value]) => `${keyToToml(key)} = ${linesOf(value)}`);
  const text = `[${section}.${keyToToml(name)}]\n${lines.map((line) => `${line}\n`).join("")}`;
  const formatted = formatToml(text);
  return formatted.ok ? formatted.value : text;
}

/** A list of tables has one a line. */
function linesOf(value: Printable): string {
  const isList = (one: Printable): one is readonly Printable[] => Array.isArray(one);
  const isRows =
    isList(value) && value.length > 0 && value.every((item) => typeof item === "object" && !isList(item));
  return isRows ? `[\n${value.map((item) => `  ${printToml(item)},\n`).join("")}]` : printToml(value);
}

const pairsOf = (table: ConfigEntry["table"]): readonly (readonly [string, Printable])[] =>
  Object.entries(table).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));

const isTable = (value: Printable): value is ConfigEntry["table"] => isTomlTable(value);

/** Of a table that is there, such as `env`, only what the entry has of it is set. */
function setKeys(
  text: string,
  { section, name, table }: ConfigEntry,
  present: TomlTable,
): Result<string, AddFailure> {
  let edited = text;
  for (const [key, value] of pairsOf(table)) {
    const inner = isTomlTable(present[key]) && isTable(value) ? pairsOf(value) : undefined;
    const pairs = inner?.map(([own, item]) => [[key, own], item] as const) ?? [[[key], value] as const];
    for (const [path, item] of pairs) {
      const set = setValue(edited, [section, name, ...path], printedFor(text, item));
      if (!set.ok) return set;
      edited = set.value;
    }
  }
  return ok(edited);
}

const setWhole = (text: string, { section, name, table }: ConfigEntry): Result<string, AddFailure> =>
  setValue(text, [section, name], printedFor(text, Object.fromEntries(pairsOf(table))));

/** With the line ends of the text; whichever they are, TOML reads those within a string as line feeds. */
const printedFor = (text: string, value: Printable): string =>
  printToml(value).replaceAll("\n", lineEndOf(text));
