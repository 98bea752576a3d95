import type { KeyPath } from "#base/diagnostic";
import { err, ok, type Result } from "#base/result";
import type { AST } from "toml-eslint-parser";
import type { ReadFailure } from "./read-failure";
import { readValues } from "./read-values";
import { headerRange, syntaxTree } from "./syntax-tree";
import { isTomlTable, type TomlTable, type TomlValue } from "./values";

/** Why an edit was not made; the text is unchanged then. */
export type EditFailure =
  | { readonly kind: "unreadable"; readonly failure: ReadFailure }
  /** The new value, header or body is not TOML, or the path leads through something that is no table. */
  | { readonly kind: "not-possible"; readonly reason: string };

/**
 * Sets the value at a path of table keys and array indices, keeping comments, order and layout. An existing value is
 * replaced in place, a new key is added at the end of its table, a missing table is added at the end of the file.
 *
 * @param value the new value as TOML text, e.g. `"make"` with its quotes or `["a", "b"]`.
 */
export function setValue(text: string, path: KeyPath, value: string): Result<string, EditFailure> {
  const wanted = readValues(`value = ${value}`);
  const isOneValue = wanted.ok && Object.keys(wanted.value).join() === "value";
  if (!isOneValue || path.length === 0) return notPossible("the new value is not a TOML value");
  const tree = syntaxTree(text);
  const before = readValues(text);
  if (!before.ok) return err({ kind: "unreadable", failure: before.error });
  if (!tree.ok) return err({ kind: "unreadable", failure: { kind: "syntax", ...tree.error } });
  const edited = edit({ text, tree: tree.value }, path, value.trim());
  if (edited === undefined) return notPossible("the path can't be set in this file");
  const after = readValues(edited);
  const isSet = after.ok && sameValues(without(after.value, path), without(before.value, path));
  if (!isSet || !sameValues(valueAt(after.value, path), wanted.value["value"])) {
    return notPossible("the path leads through something that is no table");
  }
  return ok(edited);
}

/**
 * Adds a table at the end of the file, after an empty line.
 *
 * @param header what stands between the brackets; of an array of tables with one more pair of brackets.
 * @param body the lines of the table, may be empty.
 */
export function appendTable(text: string, header: string, body: string): Result<string, EditFailure> {
  const before = readValues(text);
  if (!before.ok) return err({ kind: "unreadable", failure: before.error });
  const eol = lineEndOf(text);
  const lines = body.trimEnd() === "" ? "" : body.trimEnd() + eol;
  const kept = text.trimEnd();
  const start = kept === "" || kept === "\ufeff" ? kept : kept + eol + eol;
  const edited = `${start}[${header}]${eol}${lines}`;
  const after = readValues(edited);
  return after.ok
    ? ok(edited)
    : notPossible(after.error.kind === "syntax" ? after.error.reason : after.error.kind);
}

/** A key as TOML text: bare if it can be, else quoted. */
export function keyToToml(key: string): string {
  if (/^[\w-]+$/.test(key)) return key;
  return JSON.stringify(key.toWellFormed()).replaceAll("\u007f", "\\u007f");
}

const notPossible = (reason: string): Result<never, EditFailure> => err({ kind: "not-possible", reason });
/** The line end of a text: that of its first line. */
export const lineEndOf = (text: string): string => (/^[^\n]*\r\n/.test(text) ? "\r\n" : "\n");

interface Parsed {
  readonly text: string;
  readonly tree: AST.TOMLProgram;
}

function edit(parsed: Parsed, path: KeyPath, value: string): string | undefined {
  const { text, tree } = parsed;
  const splice = (start: number, end: number, added: string): string =>
    text.slice(0, start) + added + text.slice(end);
  const body = tree.body[0].body;
  const known = findValue(body, path);
  if (known !== undefined && known.rest.length === 0) return splice(...known.node.range, value);
  const rest = known?.rest ?? path;
  if (rest.some((key) => typeof key === "number") && known !== undefined) return undefined;
  if (known !== undefined) {
    const added = `${rest.map((key) => keyToToml(`${key}`)).join(".")} = ${value}`;
    return known.node.type === "TOMLInlineTable" ? addToInline(parsed, known.node, added) : undefined;
  }
  return addLine(parsed, path, value);
}

/** The deepest value node on the way to a path, and what of the path lies below it. */
function findValue(
  body: readonly (AST.TOMLKeyValue | AST.TOMLTable)[],
  path: KeyPath,
): { readonly node: AST.TOMLContentNode; readonly rest: KeyPath } | undefined {
  for (const node of body) {
    if (node.type === "TOMLTable") {
      const inner = startsWith(path, node.resolvedKey)
        ? findValue(node.body, path.slice(node.resolvedKey.length))
        : undefined;
      if (inner !== undefined) return inner;
      continue;
    }
    const names = node.key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
    if (startsWith(path, names)) return descend(node.value, path.slice(names.length));
  }
  return undefined;
}

function descend(
  node: AST.TOMLContentNode,
  rest: KeyPath,
): { readonly node: AST.TOMLContentNode; readonly rest: KeyPath } {
  if (rest.length === 0 || node.type === "TOMLValue") return { node, rest };
  if (node.type === "TOMLInlineTable") return findValue(node.body, rest) ?? { node, rest };
  const element = typeof rest[0] === "number" ? node.elements[rest[0]] : undefined;
  return element === undefined ? { node, rest } : descend(element, rest.slice(1));
}

const startsWith = (path: KeyPath, start: KeyPath): boolean =>
  start.length <= path.length && start.every((key, index) => key === path[index]);

function addToInline({ text }: Parsed, table: AST.TOMLInlineTable, added: string): string {
  const last = table.body.at(-1);
  const at = last?.range[1] ?? table.range[0] + 1;
  if (last !== undefined) return `${text.slice(0, at)}, ${added}${text.slice(at)}`;
  const close = table.range[1] - 1;
  // A table without keys may still have comments.
  const tail = text.slice(at, close).trim() === "" ? ` ${text.slice(close)}` : text.slice(at);
  return `${text.slice(0, at)} ${added}${tail}`;
}

/** Adds `key = value` to the table whose header covers most of the path, or a new table at the end. */
function addLine({ text, tree }: Parsed, path: KeyPath, value: string): string | undefined {
  const parent = path.slice(0, -1);
  const body = tree.body[0].body;
  const tables = body.filter((node) => node.type === "TOMLTable");
  const own = tables.find(
    (table) => table.resolvedKey.length === parent.length && startsWith(parent, table.resolvedKey),
  );
  const dotted = tables.findLast(
    (table) =>
      startsWith(parent, table.resolvedKey) && hasDotted(table.body, parent.slice(table.resolvedKey.length)),
  );
  const rootPairs = body.filter((node) => node.type === "TOMLKeyValue");
  const isRoot =
    parent.length === 0 || (own === undefined && dotted === undefined && hasDotted(rootPairs, parent));
  const table = isRoot ? undefined : (own ?? dotted);
  const eol = lineEndOf(text);
  if (!isRoot && table === undefined) {
    if (path.some((key) => typeof key === "number")) return undefined;
    const appended = appendTable(
      text,
      parent.map((key) => keyToToml(`${key}`)).join("."),
      `${lineFor(path.slice(-1), value)}`,
    );
    return appended.ok ? appended.value : undefined;
  }
  const line = lineFor(path.slice(table?.resolvedKey.length ?? 0), value);
  const last = table === undefined ? rootPairs.at(-1) : table.body.at(-1);
  const end = last?.range[1] ?? (table === undefined ? undefined : headerRange(text, table)[1]);
  if (end === undefined) {
    const start = text.startsWith("\ufeff") ? 1 : 0;
    const gap = text.slice(start).trim() === "" ? "" : eol;
    return text.slice(0, start) + line + eol + gap + text.slice(start);
  }
  const lineEnd = text.indexOf("\n", end);
  if (lineEnd === -1) return text + eol + line + eol;
  return text.slice(0, lineEnd + 1) + line + eol + text.slice(lineEnd + 1);
}

const lineFor = (path: KeyPath, value: string): string =>
  `${path.map((key) => keyToToml(`${key}`)).join(".")} = ${value}`;

function hasDotted(pairs: readonly AST.TOMLKeyValue[], path: KeyPath): boolean {
  return (
    path.length > 0 &&
    pairs.some(({ key }) => {
      const names = key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
      return names.length > path.length && startsWith(names, path);
    })
  );
}

type Found = TomlValue | undefined;

function valueAt(value: Found, path: KeyPath): Found {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at)) at = (at as readonly TomlValue[])[Number(key)];
    else at = isTomlTable(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** The values as text that tells all of them apart, with the one at the path left out and no tables made for it. */
function without(table: TomlTable, path: KeyPath): string {
  return canonical(table, path) ?? "";
}

function sameValues(a: Found | string, b: Found | string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Found, omitted?: KeyPath): string | undefined {
  if (omitted?.length === 0 || value === undefined) return undefined;
  const below = (key: string | number): KeyPath | undefined =>
    omitted?.[0] === key ? omitted.slice(1) : undefined;
  if (Array.isArray(value))
    return `[${(value as readonly TomlValue[]).map((item, index) => canonical(item, below(index)) ?? "").join()}]`;
  if (!isTomlTable(value))
    return typeof value === "string" ? JSON.stringify(value) : `${typeof value}${value.toString()}`;
  const parts = Object.keys(value)
    .toSorted()
    .map((key) => {
      const text = canonical(value[key], below(key));
      return text === undefined ? "" : `${JSON.stringify(key)}:${text}`;
    });
  const kept = parts.filter((part) => part !== "");
  // A table that only exists on the way to the omitted value counts as not there.
  return kept.length === 0 && omitted !== undefined ? undefined : `{${kept.join()}}`;
}
