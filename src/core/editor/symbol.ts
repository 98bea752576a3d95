import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { TaskEntry } from "#core/config/config";
import { findParent } from "#core/config/resolve-task";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { entryAt, originsOf, ownFiles } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";
import type { NameKind, NameUse } from "./name-uses";
import type { PairNode } from "./outline";
import { insideQuotes } from "./text-model";
import type { TextModel } from "./text-model";

/** A range of a file. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

/** Where a name is defined: a key of a file. */
export interface Definition {
  readonly file: string;
  readonly path: KeyPath;
}

/** A thing that has a name, known by its definitions. */
export interface EditorSymbol {
  readonly kind: NameKind;
  /** As its definition says it. */
  readonly name: string;
  readonly definitions: readonly Definition[];
}

/** The symbol whose name stands at an offset, used or defined, and the range of the name there. */
export function symbolAt(
  model: EditorModel,
  file: string,
  offset: number,
): { readonly symbol: EditorSymbol; readonly span: Span } | undefined {
  const text = model.textOf(file);
  if (text === undefined) return undefined;
  const use = nameUses(text).find(({ span }) => offset >= span.start && offset <= span.end);
  if (use !== undefined) {
    const symbol = symbolOf(model, file, use);
    return symbol === undefined ? undefined : { symbol, span: nameSpan(use, symbol) };
  }
  for (const { path, span } of keysOf(text)) {
    if (offset < span.start || offset > span.end) continue;
    const symbol = definedBy(model, { file, path });
    if (symbol !== undefined) return { symbol, span };
  }
  return undefined;
}

/** What a key defines. */
function definedBy(model: EditorModel, { file, path }: Definition): EditorSymbol | undefined {
  const [section, name, inner, last] = path;
  if (typeof name !== "string") return undefined;
  if (path.length === 4 && section === "profiles" && inner === "tasks" && typeof last === "string")
    return symbolOf(model, file, { kind: "task", name: last, span: { start: 0, end: 0 }, path });
  if (path.length !== 2) return undefined;
  if (section === "tasks" || section === "templates") {
    const found = entryAt(model.workspace, file, path);
    if (found !== undefined) return ofEntries([found.entry]);
    return { kind: section === "tasks" ? "task" : "template", name, definitions: [{ file, path }] };
  }
  if (section === "vars") return { kind: "var", name, definitions: inFiles(model, file, path) };
  if (section === "profiles") return { kind: "profile", name, definitions: inFiles(model, file, path) };
  if (section === "package" && name === "name") {
    const value = model.textOf(file)?.find(path)?.value;
    return value?.kind === "string"
      ? { kind: "package", name: value.value, definitions: [{ file, path }] }
      : undefined;
  }
  return undefined;
}

/** What a use of a name leads to; undefined where it leads nowhere. */
export function symbolOf(model: EditorModel, file: string, use: NameUse): EditorSymbol | undefined {
  const { kind, name, path } = use;
  switch (kind) {
    case "task":
      return ofEntries(taskEntries(model.workspace, file, name));
    case "template":
      return ofEntries(parentEntries(model.workspace, file, use));
    case "package":
      return packageSymbol(model.workspace, name);
    case "profile":
    case "var": {
      const section = kind === "var" ? "vars" : "profiles";
      const definitions = inFiles(model, file, [section, name]);
      return definitions.length === 0 ? undefined : { kind, name, definitions };
    }
    case "matrix":
    case "args": {
      const definition = ofTask(model, file, { kind, name, path: path.slice(0, 2) });
      return definition === undefined ? undefined : { kind, name, definitions: [definition] };
    }
  }
}

/** The tasks that a reference in a file means, whichever package reads it. */
export const taskEntries = (
  workspace: Workspace | undefined,
  file: string,
  name: string,
): readonly TaskEntry[] =>
  workspace === undefined
    ? []
    : originsOf(workspace, file).flatMap((origin) =>
        resolveReference(workspace, origin, parseReference(name).name).map(({ entry }) => entry),
      );

function parentEntries(
  workspace: Workspace | undefined,
  file: string,
  { name, path }: NameUse,
): readonly TaskEntry[] {
  const child = entryAt(workspace, file, path);
  if (child === undefined) return [];
  const found = findParent(child.pkg.config, child.entry, name);
  return found === undefined ? [] : [found];
}

function ofEntries(entries: readonly TaskEntry[]): EditorSymbol | undefined {
  const definitions = new Map<string, Definition>();
  for (const { sources } of entries)
    for (const { file, path } of sources) definitions.set(placeId({ file, path }), { file, path });
  const [first] = definitions.values();
  if (first === undefined) return undefined;
  return {
    kind: first.path[0] === "templates" ? "template" : "task",
    name: String(first.path[1]),
    definitions: [...definitions.values()],
  };
}

function packageSymbol(workspace: Workspace | undefined, name: string): EditorSymbol | undefined {
  const pkg = workspace?.packages.get(name);
  const own = pkg?.config.files.findLast(({ layer }) => layer === "package");
  const file = own?.path ?? pkg?.manifests[0];
  if (file === undefined) return undefined;
  return { kind: "package", name, definitions: [{ file, path: ["package", "name"] }] };
}

/** Where a path stands in the files that reach a file: those of its packages, and of the workspace root. */
function inFiles(model: EditorModel, file: string, path: KeyPath): readonly Definition[] {
  const files = new Set([file]);
  for (const { pkg } of originsOf(model.workspace, file))
    for (const other of pkg.config.files) files.add(other.path);
  return [...files]
    .filter((other) => model.textOf(other)?.find(path) !== undefined)
    .map((other) => ({ file: other, path }));
}

function ofTask(
  model: EditorModel,
  file: string,
  { kind, name, path }: { readonly kind: "matrix" | "args"; readonly name: string; readonly path: KeyPath },
): Definition | undefined {
  const found = entryAt(model.workspace, file, path);
  const sources = found?.pkg.resolve(found.entry).sources ?? [{ file, path }];
  for (const source of sources.toReversed()) {
    const text = model.textOf(source.file);
    if (kind === "matrix") {
      const at = [...source.path, "matrix", name];
      if (text?.find(at) !== undefined) return { file: source.file, path: at };
      continue;
    }
    const args = text?.find([...source.path, "args"]);
    for (const item of args?.children.values() ?? []) {
      const value = item.children.get("name")?.value;
      if (value?.kind === "string" && value.value === name)
        return { file: source.file, path: [...item.path, "name"] };
    }
  }
  return undefined;
}

const placeId = ({ file, path }: Definition): string => `${file}\0${path.join("\0")}`;

/** The range of a symbol's own name within a use of it: `build` of `^build`, `web:build` and `build[os=linux]`. */
export function nameSpan(use: NameUse, symbol: EditorSymbol): Span {
  const at = use.kind === "task" ? parseReference(use.name).name.lastIndexOf(symbol.name) : -1;
  if (at === -1 || use.span.end - use.span.start !== use.name.length) return use.span;
  return { start: use.span.start + at, end: use.span.start + at + symbol.name.length };
}

/** A key as it stands in a text, each part by itself: `[tasks.build]` has `tasks` and `tasks.build`. */
export interface WrittenKey {
  readonly path: KeyPath;
  readonly span: Span;
}

/** Every part of every header and key of a document. */
export function* keysOf(text: TextModel): Generator<WrittenKey> {
  for (const { header, path, pairs } of text.outline.sections) {
    let part = 0;
    for (const [index, key] of path.entries()) {
      if (typeof key !== "string") continue;
      const written = header?.keys[part];
      part += 1;
      if (written !== undefined) yield { path: path.slice(0, index + 1), span: written.span };
    }
    for (const pair of pairs) yield* keysOfPair(pair);
  }
}

function* keysOfPair({ keys, path, value }: PairNode): Generator<WrittenKey> {
  const base = path.length - keys.length;
  for (const [index, { span }] of keys.entries()) yield { path: path.slice(0, base + index + 1), span };
  if (value.kind === "table") for (const pair of value.pairs) yield* keysOfPair(pair);
  else if (value.kind === "array")
    for (const item of value.items)
      if (item.kind === "table") for (const pair of item.pairs) yield* keysOfPair(pair);
}

/** The ranges that define a symbol: its first key or header of each file. */
export function definitionLocations(model: EditorModel, { definitions }: EditorSymbol): readonly Location[] {
  return definitions.map(({ file, path }) => {
    const text = file.endsWith(".toml") ? model.textOf(file) : undefined;
    const target = path[0] === "package" ? "value" : "key";
    const span = path.at(-1) === "name" ? text?.spanOf(path, "value") : text?.spanOf(path, target);
    return { file, span: span ?? { start: 0, end: 0 } };
  });
}

/** A place that names a symbol. */
export interface Reference extends Location {
  /** Other things are meant by the same name there, as by `*:build`. */
  readonly isShared?: true;
}

/** Every place that names a symbol; `definitions` says whether the keys that define it are among them. */
export function referencesTo(
  model: EditorModel,
  symbol: EditorSymbol,
  options: { readonly from: string; readonly definitions: boolean },
): readonly Reference[] {
  const found: Reference[] = [];
  const wanted = new Set(symbol.definitions.map(placeId));
  const files = new Set([options.from, ...(model.workspace === undefined ? [] : ownFiles(model.workspace))]);
  for (const file of files) {
    const text = model.textOf(file);
    if (text === undefined) continue;
    if (options.definitions) found.push(...definingKeys(text, symbol));
    for (const use of nameUses(text)) {
      if (!mayMean(use, symbol)) continue;
      const meant = symbolOf(model, file, use);
      const hits = meant?.definitions.filter((definition) => wanted.has(placeId(definition))).length ?? 0;
      if (hits === 0) continue;
      const isShared = hits < (meant?.definitions.length ?? 0);
      found.push({ file, span: nameSpan(use, symbol), ...(isShared ? { isShared } : {}) });
    }
    if (symbol.kind === "task") found.push(...profileOverrides(model, text, wanted));
  }
  return found;
}

/** A cheap look before the use is resolved: aliases and patterns name tasks by other words. */
function mayMean(use: NameUse, symbol: EditorSymbol): boolean {
  if (use.kind === "template" || use.kind === "task")
    return symbol.kind === "template" ? use.kind === "template" : symbol.kind === "task";
  return use.kind === symbol.kind && use.name === symbol.name;
}

function* definingKeys(text: TextModel, { definitions, kind }: EditorSymbol): Generator<Location> {
  const own = definitions.filter(({ file }) => file === text.path);
  if (own.length === 0) return;
  if (kind === "package" || kind === "args") {
    for (const { path } of own) {
      const value = text.find(path)?.value;
      if (value?.kind === "string") yield { file: text.path, span: insideQuotes(text.text, value) };
    }
    return;
  }
  for (const key of keysOf(text))
    if (own.some(({ path }) => samePath(path, key.path))) yield { file: text.path, span: key.span };
}

function* profileOverrides(
  model: EditorModel,
  text: TextModel,
  wanted: ReadonlySet<string>,
): Generator<Location> {
  if (text.find(["profiles"]) === undefined) return;
  for (const { path, span } of keysOf(text)) {
    if (path.length !== 4 || path[0] !== "profiles" || path[2] !== "tasks") continue;
    const entries = taskEntries(model.workspace, text.path, String(path[3]));
    if (ofEntries(entries)?.definitions.some((one) => wanted.has(placeId(one))) === true)
      yield { file: text.path, span };
  }
}

const samePath = (a: KeyPath, b: KeyPath): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index]);
