import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { keyToToml } from "#core/config/toml/edit";
import type { EditorModel } from "./editor-model";
import type { ValueNode } from "./outline";
import { referencesTo, symbolAt } from "./symbol";
import type { EditorSymbol, Location } from "./symbol";

/** A range of a file and what goes in its place. */
export interface TextEdit extends Location {
  readonly text: string;
}

const TASK_NAME = /^[\p{L}\p{N}_*][\p{L}\p{N}_\-./:*]*$/u;
const PLAIN_NAME = /^[\w-]+$/;
const PACKAGE_NAME = /^[^\p{Cc}\s]+$/u;

/** The edits that give a symbol another name wherever it is named; an error in words where that can't be. */
export function renameAt(
  model: EditorModel,
  at: { readonly file: string; readonly offset: number },
  name: string,
): Result<readonly TextEdit[], string> {
  const found = symbolAt(model, at.file, at.offset);
  if (found === undefined) return err("there is no name here that can be changed");
  const { symbol } = found;
  if (symbol.definitions.some(({ file }) => !file.endsWith(".toml")))
    return err("it is defined by a manifest of a language; rename it there");
  const problem = nameProblem(symbol, name) ?? clash(model, symbol, name);
  if (problem !== undefined) return err(problem);
  const places = referencesTo(model, symbol, { from: at.file, definitions: true });
  // Where others go by the name too it stays: they keep it.
  return ok(places.flatMap((place) => (place.isShared === true ? [] : (editAt(model, place, name) ?? []))));
}

function nameProblem({ kind }: EditorSymbol, name: string): string | undefined {
  if (kind === "task")
    return TASK_NAME.test(name) ? undefined : "a task's name has letters, digits and _ - . / : only";
  if (kind === "package") return PACKAGE_NAME.test(name) ? undefined : "a package's name has no blanks";
  return PLAIN_NAME.test(name) ? undefined : "a name has letters, digits, _ and - only";
}

function clash(
  model: EditorModel,
  { definitions, name: old }: EditorSymbol,
  name: string,
): string | undefined {
  if (name === old) return undefined;
  const taken = definitions.some(({ file, path }) => {
    if (path[0] === "package") return model.workspace?.packages.has(name) === true;
    return path.length === 2 && model.textOf(file)?.find([path[0] ?? "", name]) !== undefined;
  });
  return taken ? `'${name}' is defined already` : undefined;
}

/** A key is quoted where it has to be; in a string the name stands as its escapes say it. */
function editAt(model: EditorModel, { file, span }: Location, name: string): TextEdit | undefined {
  const text = model.textOf(file)?.text;
  if (text === undefined) return undefined;
  const written = text.slice(span.start, span.end);
  const before = text.charAt(span.start - 1);
  const isQuotedKey = /^["']/.test(written);
  const isKey = isQuotedKey || !isInString(model, { file, span });
  if (isKey) return { file, span, text: keyToToml(name) };
  return { file, span, text: before === "'" ? name : JSON.stringify(name).slice(1, -1) };
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
