import { findTask, parseReference } from "#core/workspace/references";
import { originsOf, ownFiles } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";
import type { Reference } from "./references-to";
import { inFiles } from "./symbol";
import type { Definition, EditorSymbol } from "./symbol";
import { taskTargets, withStars } from "./task-words";

export interface NewName {
  readonly symbol: EditorSymbol;
  /** Everything that would get the name. */
  readonly places: readonly Reference[];
  readonly name: string;
}

/** Whether a new name means something already, where the symbol is defined or where it is used. */
export function isTaken(model: EditorModel, wish: NewName): boolean {
  const { symbol, places, name } = wish;
  if (name === symbol.name) return false;
  if (symbol.definitions.some((definition) => isDefined(model, definition, wish))) return true;
  if (symbol.kind === "var" || symbol.kind === "profile") {
    const section = symbol.kind === "var" ? "vars" : "profiles";
    return places.some(({ file }) => inFiles(model, file, [section, name]).length > 0);
  }
  if (symbol.kind !== "task" && symbol.kind !== "package") return false;
  return places.some((place) => isOther(model, place, name)) || isNearer(model, wish);
}

function isDefined(model: EditorModel, { file, path }: Definition, { symbol, name }: NewName): boolean {
  if (symbol.kind === "package") return model.workspace?.packages.has(name) === true;
  const text = model.textOf(file);
  if (symbol.kind === "args") {
    const others = [...(text?.find(path.slice(0, -2))?.children.values() ?? [])];
    return others.some(({ children }) => {
      const value = children.get("name")?.value;
      return value?.kind === "string" && value.value === name;
    });
  }
  if (text?.find([...path.slice(0, -1), name]) !== undefined) return true;
  return originsOf(model.workspace, file).some(({ pkg, namespace }) => {
    const full = namespace === undefined ? name : `${namespace}:${name}`;
    if (symbol.kind === "template") return pkg.config.templates.has(full);
    return symbol.kind === "task" && findTask(pkg, full)?.match.length === 0;
  });
}

/** Whether a reference would mean another task, and not one that its pattern stands for. */
function isOther(model: EditorModel, { file, use, words }: Reference, name: string): boolean {
  if (use?.kind !== "task" || words === undefined) return false;
  const reference = use.name.slice(0, words.start) + withStars(name, words.stars) + use.name.slice(words.end);
  return means(model, file, reference);
}

const means = (model: EditorModel, file: string, reference: string): boolean =>
  taskTargets(model.workspace, file, reference).some(({ match }) => match.length === 0);

/** Whether what others mean by the name would mean the symbol: names of a namespace come before those around it. */
function isNearer(model: EditorModel, { symbol, name }: NewName): boolean {
  const { workspace } = model;
  if (symbol.kind !== "task" || workspace === undefined) return false;
  const homes = symbol.definitions.flatMap(({ file }) => originsOf(workspace, file));
  for (const file of ownFiles(workspace)) {
    const isHome = originsOf(workspace, file).some(({ pkg, namespace }) =>
      homes.some((home) => home.pkg === pkg && home.namespace === namespace && namespace !== undefined),
    );
    const text = isHome ? model.textOf(file) : undefined;
    if (text === undefined) continue;
    const uses = nameUses(text).filter(
      (use) => use.kind === "task" && parseReference(use.name).name === name,
    );
    if (uses.some((use) => means(model, file, use.name))) return true;
  }
  return false;
}
