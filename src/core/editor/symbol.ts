import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { TaskEntry } from "#core/config/config";
import { findParent } from "#core/config/resolve-task";
import type { Workspace } from "#core/workspace/workspace";
import { entryAt, originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";
import { spanOfWords, taskTargets, taskWords } from "./task-words";
import type { Words } from "./task-words";
import type { NameKind, NameUse } from "./name-uses";
import type { PairNode } from "./outline";
import { insideQuotes } from "./text-model";
import type { TextModel } from "./text-model";
import { typedStrings } from "./typed-strings";

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

/** A symbol, where it was found, and as what. */
export interface FoundSymbol {
  readonly symbol: EditorSymbol;
  readonly span: Span;
  /** Where it is used and not defined. */
  readonly use?: NameUse;
  /** Those of the use that are its name; undefined where it goes by another one. */
  readonly words?: Words | undefined;
}

/** The symbol whose name stands at an offset, used or defined, and the range of the name there. */
export function symbolAt(model: EditorModel, file: string, offset: number): FoundSymbol | undefined {
  const text = model.textOf(file);
  if (text === undefined) return undefined;
  const use = nameUses(text).find(({ span }) => offset >= span.start && offset <= span.end);
  if (use !== undefined) {
    const symbol = symbolOf(model, file, use);
    if (symbol === undefined) return undefined;
    const words = wordsOf(model.workspace, file, { use, symbol });
    return { symbol, span: words === undefined ? use.span : spanOfWords(use, words), use, words };
  }
  for (const { path, span } of keysOf(text)) {
    if (offset < span.start || offset > span.end) continue;
    const symbol = definedBy(model, { file, path });
    if (symbol !== undefined) return { symbol, span };
  }
  return namedByValue(text, offset);
}

/** A package or a parameter at the string that gives it its name. */
function namedByValue(text: TextModel, offset: number): FoundSymbol | undefined {
  for (const { node, path } of typedStrings(text)) {
    if (offset < node.span.start || offset > node.span.end || path.at(-1) !== "name") continue;
    const isPackage = path.length === 2 && path[0] === "package";
    const isParameter = path.length === 5 && path[2] === "args";
    if (!isPackage && !isParameter) return undefined;
    const definitions = [{ file: text.path, path }];
    const symbol: EditorSymbol = { kind: isPackage ? "package" : "args", name: node.value, definitions };
    return { symbol, span: insideQuotes(text.text, node) };
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
): readonly TaskEntry[] => taskTargets(workspace, file, name).map(({ entry }) => entry);

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

export function ofEntries(entries: readonly TaskEntry[]): EditorSymbol | undefined {
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
export function inFiles(model: EditorModel, file: string, path: KeyPath): readonly Definition[] {
  const files = new Set([file]);
  for (const { pkg } of originsOf(model.workspace, file))
    for (const other of pkg.config.files) files.add(other.path);
  return [...files]
    .filter((other) => model.textOf(other)?.find(path) !== undefined)
    .map((other) => ({ file: other, path }));
}

export function ofTask(
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

export const placeId = ({ file, path }: Definition): string => `${file}\0${path.join("\0")}`;

/** The words of a use that are the symbol's name; undefined where it goes by another one. */
export function wordsOf(
  workspace: Workspace | undefined,
  file: string,
  { use, symbol }: { readonly use: NameUse; readonly symbol: EditorSymbol },
): Words | undefined {
  if (use.kind !== "task") return { start: 0, end: use.name.length, stars: [] };
  for (const target of taskTargets(workspace, file, use.name)) {
    const words = taskWords(use.name, target, symbol.name);
    if (words !== undefined) return words;
  }
  return undefined;
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
