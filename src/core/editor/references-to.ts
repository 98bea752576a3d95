import type { KeyPath } from "#base/diagnostic";
import { parseReference } from "#core/workspace/references";
import { ownFiles } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";
import type { NameUse } from "./name-uses";
import { keysOf, ofEntries, ofTask, placeId, symbolOf, taskEntries, wordsOf } from "./symbol";
import type { EditorSymbol, Location } from "./symbol";
import { packageWords, spanOfWords } from "./task-words";
import type { Words } from "./task-words";
import { insideQuotes } from "./text-model";
import type { TextModel } from "./text-model";

/** A place that names a symbol. */
export interface Reference extends Location {
  /** Other things are meant by the same name there, as by `*:build`. */
  readonly isShared?: true;
  /** What stands there, where it is a use; its words are undefined where it goes by another name, as by an alias. */
  readonly use?: NameUse;
  readonly words?: Words | undefined;
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
      const reference = usedAt(model, file, { use, symbol, wanted });
      if (reference !== undefined) found.push(reference);
    }
    if (symbol.kind === "task") found.push(...profileOverrides(model, text, wanted));
    if (symbol.kind === "args") found.push(...callArguments(model, text, symbol));
    if (symbol.kind === "matrix") found.push(...matrixKeys(text, symbol));
  }
  return found;
}

interface Wish {
  readonly use: NameUse;
  readonly symbol: EditorSymbol;
  readonly wanted: ReadonlySet<string>;
}

function usedAt(model: EditorModel, file: string, { use, symbol, wanted }: Wish): Reference | undefined {
  const { workspace } = model;
  if (use.kind === "task" && (symbol.kind === "package" || symbol.kind === "matrix")) {
    const words =
      symbol.kind === "package"
        ? packageWords(workspace, file, { reference: use.name, name: symbol.name })
        : axisWords(model, file, { use, symbol, wanted });
    return words === undefined ? undefined : { file, span: spanOfWords(use, words), use, words };
  }
  if (!mayMean(use, symbol)) return undefined;
  const meant = symbolOf(model, file, use);
  const hits = meant?.definitions.filter((definition) => wanted.has(placeId(definition))).length ?? 0;
  if (hits === 0) return undefined;
  const isShared = hits < (meant?.definitions.length ?? 0);
  const words = wordsOf(workspace, file, { use, symbol });
  const span = words === undefined ? use.span : spanOfWords(use, words);
  return { file, span, use, words, ...(isShared ? { isShared } : {}) };
}

/** A cheap look before the use is resolved: aliases and patterns name tasks by other words. */
function mayMean(use: NameUse, symbol: EditorSymbol): boolean {
  if (use.kind === "template" || use.kind === "task")
    return symbol.kind === "template" ? use.kind === "template" : symbol.kind === "task";
  return use.kind === symbol.kind && use.name === symbol.name;
}

/** An axis that picks combinations: `os` of `test[os=linux]`. */
function axisWords(model: EditorModel, file: string, { use, symbol, wanted }: Wish): Words | undefined {
  const { name, pick } = parseReference(use.name);
  if (!Object.hasOwn(pick, symbol.name)) return undefined;
  const isIt = taskEntries(model.workspace, file, name).some((entry) =>
    entry.sources.some((source) => {
      const axis = ofTask(model, source.file, { kind: "matrix", name: symbol.name, path: source.path });
      return axis !== undefined && wanted.has(placeId(axis));
    }),
  );
  if (!isIt) return undefined;
  let start = name.length + 1;
  for (const part of use.name.slice(start, -1).split(",")) {
    const axis = part.slice(0, part.indexOf("="));
    const at = start + axis.length - axis.trimStart().length;
    if (axis.trim() === symbol.name) return { start: at, end: at + symbol.name.length, stars: [] };
    start += part.length + 1;
  }
  return undefined;
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

/** Keys of `include` and `exclude` of a matrix. */
function* matrixKeys(text: TextModel, { definitions, name }: EditorSymbol): Generator<Location> {
  const own = definitions.filter(({ file }) => file === text.path);
  if (own.length === 0) return;
  for (const { path, span } of keysOf(text)) {
    const list = path.at(-3);
    if (path.at(-1) !== name || (list !== "include" && list !== "exclude")) continue;
    if (own.some((axis) => samePath(axis.path.slice(0, -1), path.slice(0, -3))))
      yield { file: text.path, span };
  }
}

/** Keys by which calls of a task give its parameter a value: `{ task = "deploy", args = { region = "eu" } }`. */
function* callArguments(model: EditorModel, text: TextModel, symbol: EditorSymbol): Generator<Location> {
  for (const { path, span } of keysOf(text)) {
    if (path.at(-1) !== symbol.name || path.at(-2) !== "args") continue;
    const called = text.find([...path.slice(0, -2), "task"])?.value;
    if (called?.kind !== "string") continue;
    const isIt = taskEntries(model.workspace, text.path, called.value).some((entry) =>
      entry.sources.some(({ file, path: task }) => {
        const parameter = ofTask(model, file, { kind: "args", name: symbol.name, path: task });
        return (
          parameter !== undefined && symbol.definitions.some((one) => placeId(one) === placeId(parameter))
        );
      }),
    );
    if (isIt) yield { file: text.path, span };
  }
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
