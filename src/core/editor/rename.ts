import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { keyToToml } from "#core/config/toml/edit";
import type { EditorModel } from "./editor-model";
import type { Span } from "#base/span";
import type { PairNode, ValueNode } from "./outline";
import { referencesTo } from "./references-to";
import type { Reference } from "./references-to";
import { symbolAt } from "./symbol";
import type { EditorSymbol, FoundSymbol, Location } from "./symbol";
import { isTaken } from "./taken-names";
import { withStars } from "./task-words";

/** A range of a file and what goes in its place. */
export interface TextEdit extends Location {
  readonly text: string;
}

const TASK_NAME = /^[\p{L}\p{N}_*][\p{L}\p{N}_\-./:*]*$/u;
const PLAIN_NAME = /^[\w-]+$/;
const PACKAGE_NAME = /^[^\p{Cc}\s]+$/u;
/** What an expression reads as a name behind a dot. */
const WORD = /^[A-Za-z_]\w*(?:-\w+)*$/;

/** The name at an offset that can be changed from there; an error in words where there is none. */
export function renamable(model: EditorModel, file: string, offset: number): Result<FoundSymbol, string> {
  const found = symbolAt(model, file, offset);
  if (found === undefined) return err("there is no name here that can be changed");
  const { symbol, use, words } = found;
  if (use !== undefined && (words === undefined || words.stars.length > 0))
    return err(`'${use.name}' is not the name of '${symbol.name}' itself; rename it where it is defined`);
  const isManifest = symbol.definitions.some(({ file: path }) => !path.endsWith(".toml"));
  if (isManifest) return err("it is defined by a manifest of a language; rename it there");
  const isNamed = symbol.definitions.every(
    ({ file: at, path }) => model.textOf(at)?.find(path) !== undefined,
  );
  return isNamed ? ok(found) : err("no configuration gives it its name; do that first");
}

/** The edits that give a symbol another name wherever it is named; an error in words where that can't be. */
export function renameAt(
  model: EditorModel,
  at: { readonly file: string; readonly offset: number },
  name: string,
): Result<readonly TextEdit[], string> {
  const found = renamable(model, at.file, at.offset);
  if (!found.ok) return found;
  const { symbol } = found.value;
  const problem = nameProblem(symbol, name);
  if (problem !== undefined) return err(problem);
  const all = referencesTo(model, symbol, { from: at.file, definitions: true });
  // Where others go by the name too it stays: they keep it. So does another name of the task.
  const places = all.filter(
    ({ isShared, use, words }) => isShared !== true && (use === undefined || words !== undefined),
  );
  if (isTaken(model, { symbol, places, name })) return err(`'${name}' is defined already`);
  return ok(places.flatMap((place) => editAt(model, place, name) ?? []));
}

function nameProblem({ kind, name: old }: EditorSymbol, name: string): string | undefined {
  if (kind === "task") {
    if (!TASK_NAME.test(name)) return "a task's name has letters, digits and _ - . / : only";
    const isAlike = old.split("*").length === name.split("*").length;
    return isAlike ? undefined : "a task keeps its stars: references and ${match.1} stand for them";
  }
  if (kind === "package") return PACKAGE_NAME.test(name) ? undefined : "a package's name has no blanks";
  return PLAIN_NAME.test(name) ? undefined : "a name has letters, digits, _ and - only";
}

/** A key is quoted where it has to be; in a string the name stands as its escapes say it. */
function editAt(model: EditorModel, place: Reference, name: string): TextEdit | undefined {
  const { file, span, use } = place;
  const text = model.textOf(file)?.text;
  if (text === undefined) return undefined;
  const written = text.slice(span.start, span.end);
  const isQuotedKey = use === undefined && /^["']/.test(written);
  const isKey = isQuotedKey || !isInString(model, { file, span });
  if (isKey) return { file, span, text: keyToToml(name) };
  const isLiteral = quoteBefore(model, place) === "'";
  if (use?.dotted !== undefined && !WORD.test(name))
    return { file, span: use.dotted, text: isLiteral ? `["${name}"]` : `['${name}']` };
  const whole = use === undefined ? name : wordsIn(place, name);
  return { file, span, text: isLiteral ? whole : JSON.stringify(whole).slice(1, -1) };
}

/** What stands in the place of a reference's words; with all that is around them where all of it is replaced. */
function wordsIn({ span, use, words }: Reference, name: string): string {
  if (use === undefined || words === undefined) return name;
  const inner = withStars(name, words.stars);
  const isAll = span.start === use.span.start && span.end === use.span.end;
  return isAll ? use.name.slice(0, words.start) + inner + use.name.slice(words.end) : inner;
}

/** The quote that the string around a place begins with. */
function quoteBefore(model: EditorModel, { file, span }: Location): string {
  const text = model.textOf(file);
  const value = text === undefined ? undefined : stringAt(text.sectionAt(span.start).pairs, span.start);
  return value === undefined ? "" : (text?.text.charAt(value.start) ?? "");
}

function stringAt(pairs: readonly PairNode[], offset: number): Span | undefined {
  for (const { value } of pairs) {
    const found = stringIn(value, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function stringIn(value: ValueNode, offset: number): Span | undefined {
  if (offset < value.span.start || offset > value.span.end) return undefined;
  if (value.kind === "string") return value.span;
  if (value.kind === "table") return stringAt(value.pairs, offset);
  if (value.kind !== "array") return undefined;
  for (const item of value.items) {
    const found = stringIn(item, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isInString(model: EditorModel, { file, span }: Location): boolean {
  const section = model.textOf(file)?.sectionAt(span.start);
  if (section?.header !== undefined && span.end <= section.header.span.end) return false;
  return (
    section?.pairs.some(
      ({ value }) =>
        span.start > value.span.start && span.end < value.span.end && !isKeyOf(value, span.start),
    ) ?? false
  );
}

/** Whether an offset is in a key of an inline table. */
function isKeyOf(value: ValueNode, offset: number): boolean {
  if (value.kind === "array") return value.items.some((item) => isKeyOf(item, offset));
  if (value.kind !== "table") return false;
  return value.pairs.some(
    (pair) =>
      pair.keys.some(({ span }) => offset >= span.start && offset <= span.end) || isKeyOf(pair.value, offset),
  );
}
