import type { KeyPath } from "#base/diagnostic";
import { keyToToml } from "#core/config/toml/edit";
import type { Field, Kind } from "#core/config/schema/kinds";
import { kindName } from "#core/config/check";
import type { CompletionItem } from "./completion-item";
import type { EditorContext } from "./context-at";
import { originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";
import { mapsOf, optionsOf, schemaAt, tablesOf } from "./schema-walk";
import type { SchemaPlace } from "./schema-walk";
import { snippets } from "./snippets";
import { calledParameters } from "./parameters";
import { taskEntries } from "./symbol";
import type { TextModel } from "./text-model";

type KeyContext = EditorContext & { readonly kind: "key" };
type HeaderContext = EditorContext & { readonly kind: "header" };

/** Keys that a table may still get, and on the top level the sections and snippets. */
export function completeKeys(model: EditorModel, text: TextModel, context: KeyContext): CompletionItem[] {
  const { table, span, hasEquals } = context;
  const place = schemaAt(table);
  if (place === undefined) return [];
  const items = [...fieldItems(text, place.kinds, context), ...nameItems(model, text, { place, context })];
  if (!hasEquals && isAlone(text, span.start)) {
    const first = text.outline.sections[0];
    const isTop = first !== undefined && span.start <= first.span.end;
    items.push(...sectionItems(span, isTop ? 1 : 4), ...snippets(span));
  }
  return items;
}

/** Keys of the schema that the table does not have. */
function fieldItems(text: TextModel, kinds: readonly Kind[], context: KeyContext): CompletionItem[] {
  const { table, span, hasEquals } = context;
  const present = text.find(table)?.children;
  const written = text.text.slice(span.start, span.end);
  const items = new Map<string, CompletionItem>();
  for (const { fields } of tablesOf(kinds)) {
    for (const [name, field] of Object.entries(fields)) {
      if ((present?.has(name) === true && name !== written) || items.has(name)) continue;
      if (table.length === 0 && !hasEquals && isSection(field.kind)) continue;
      items.set(name, keyItem(field, { name, table, span, hasEquals }));
    }
  }
  return [...items.values()];
}

/** Names that a map may have. */
function nameItems(
  model: EditorModel,
  text: TextModel,
  { place, context }: { readonly place: SchemaPlace; readonly context: KeyContext },
): CompletionItem[] {
  const { table, span, hasEquals } = context;
  if (mapsOf(place.kinds).length === 0) return [];
  const present = text.find(table)?.children;
  return mapKeys(model, text, table)
    .filter((name) => present?.has(name) !== true)
    .map((name) => ({
      label: name,
      kind: "variable",
      insert: hasEquals ? keyToToml(name) : `${keyToToml(name)} = `,
      span,
      rank: 1,
    }));
}

interface KeyPlace {
  readonly name: string;
  readonly table: KeyPath;
  readonly span: CompletionItem["span"];
  readonly hasEquals: boolean;
}

function keyItem(field: Field, { name, table, span, hasEquals }: KeyPlace): CompletionItem {
  const type = kindName(field.kind);
  const detail = field.later === undefined ? type : `${type} (not in this version)`;
  return {
    label: name,
    kind: "key",
    detail,
    insert: hasEquals ? keyToToml(name) : `${keyToToml(name)} = ${valueStub(field.kind)}`,
    ...(hasEquals ? {} : { isSnippet: true as const }),
    span,
    rank: field.later === undefined ? 0 : 6,
    about: { kind: "key", path: [...table, name] },
  };
}

/** A value to start from, as a snippet. */
function valueStub(kind: Kind): string {
  const [first, ...others] = optionsOf(kind);
  switch (first?.type) {
    case "string":
      return others.some(({ type }) => type !== "string" && type !== "list" && type !== "table")
        ? "$1"
        : '"$1"';
    case "enum":
      return `"\${1|${first.values.join(",")}|}"`;
    case "boolean":
      return others.length > 0 ? "$1" : "${1|true,false|}";
    case "list":
      return isTextual(first.item) ? '["$1"]' : "[$1]";
    case "map":
    case "table":
      return "{ $1 }";
    default:
      return "$1";
  }
}

const isTextual = (kind: Kind): boolean => optionsOf(kind)[0]?.type === "string";

const isSection = (kind: Kind): boolean =>
  optionsOf(kind).every(({ type }) => type === "table" || type === "map") && !isListed(kind);
const isListed = (kind: Kind): boolean => optionsOf(kind).some(({ type }) => type === "list");

/** Whether the entries of a map are written as tables of their own: `[tasks.NAME]`. */
function isNamedMap(kind: Kind): boolean {
  if (kind.type !== "map") return false;
  const [first] = optionsOf(kind.value);
  return kind.keys === "task-name" || first?.type === "table" || first?.type === "map";
}

/** Whether nothing else stands before an offset on its line. */
const isAlone = (text: TextModel, offset: number): boolean =>
  text.text.slice(text.text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";

function sectionItems(span: CompletionItem["span"], rank: number): CompletionItem[] {
  const items: CompletionItem[] = [];
  for (const { fields } of tablesOf(schemaAt([])?.kinds ?? [])) {
    for (const [name, field] of Object.entries(fields)) {
      if (!isSection(field.kind)) continue;
      const isNamed = optionsOf(field.kind).some(isNamedMap);
      items.push({
        label: isNamed ? `[${name}.…]` : `[${name}]`,
        kind: "section",
        ...(field.later === undefined ? {} : { detail: "not in this version" }),
        insert: isNamed ? `[${name}.\${1:name}]\n$0` : `[${name}]\n$0`,
        isSnippet: true,
        span,
        rank: field.later === undefined ? rank : rank + 2,
        about: { kind: "key", path: [name] },
      });
    }
  }
  return items;
}

/** What may stand at the cursor of a header. */
export function completeHeader(
  model: EditorModel,
  text: TextModel,
  context: HeaderContext,
): CompletionItem[] {
  const { parent, span } = context;
  const place = schemaAt(parent);
  if (place === undefined) return [];
  const close = /^[ \t]*(?:\]|\.)/.test(text.text.slice(span.end, span.end + 20)) ? "" : "]";
  const items: CompletionItem[] = [];
  for (const { fields } of tablesOf(place.kinds)) {
    for (const [name, field] of Object.entries(fields)) {
      const kinds = optionsOf(field.kind);
      if (!kinds.some(({ type }) => type === "table" || type === "map" || type === "any")) continue;
      const isMap = kinds.some(isNamedMap);
      items.push({
        label: name,
        kind: "section",
        insert: isMap ? `${name}.` : `${name}${close}`,
        span,
        rank: field.later === undefined ? 0 : 5,
        about: { kind: "key", path: [...parent, name] },
      });
    }
  }
  if (mapsOf(place.kinds).length > 0)
    for (const name of mapKeys(model, text, parent))
      items.push({ label: name, kind: "task", insert: keyToToml(name) + close, span, rank: 0 });
  return items;
}

/** Names that a map may have, where something says so. */
function mapKeys(model: EditorModel, text: TextModel, table: KeyPath): readonly string[] {
  const last = table.at(-1);
  const [section] = table;
  if (last === "env") return envKeys(model, text);
  if (last === "tools") return model.tools;
  if (last === "matrix") return ["include", "exclude"];
  if (last === "args") return calledParameters(model, text, table).flatMap(({ name }) => name ?? []);
  if (section === "workspace" && last === "dependencies")
    return [...(model.workspace?.packages.keys() ?? [])];
  if (table.length === 1 && section === "tasks") return undefinedTasks(model, text);
  if (section === "profiles" && last === "tasks" && table.length === 3)
    return originsOf(model.workspace, text.path).flatMap(({ pkg }) => [...pkg.config.tasks.keys()]);
  return [];
}

/** Variables that the configuration names already, then those of the environment. */
function envKeys(model: EditorModel, text: TextModel): readonly string[] {
  const names = new Set<string>();
  for (const { pkg } of originsOf(model.workspace, text.path)) {
    for (const { document } of pkg.config.files)
      for (const name of Object.keys(document.env ?? {})) names.add(name);
    for (const { sources } of pkg.config.tasks.values())
      for (const { table } of sources) for (const name of Object.keys(table.env ?? {})) names.add(name);
  }
  for (const name of model.envNames) names.add(name);
  return [...names];
}

/** Tasks that the file names and nobody defines. */
function undefinedTasks(model: EditorModel, text: TextModel): readonly string[] {
  const names = nameUses(text)
    .filter(({ kind, name }) => kind === "task" && /^[\w./-]+$/.test(name))
    .map(({ name }) => name);
  return [...new Set(names)].filter((name) => taskEntries(model.workspace, text.path, name).length === 0);
}
