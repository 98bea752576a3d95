import { dirname, resolveFrom } from "#base/path";
import type { Span } from "#base/span";
import { originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { insideQuotes } from "./text-model";
import { typedStrings } from "./typed-strings";

export interface DocumentLink {
  readonly span: Span;
  /** Absolute path of a file. */
  readonly target: string;
}

/** Paths in a document: files that it includes, and those that tasks name. Whether they exist is not looked at. */
export function documentLinks(model: EditorModel, file: string): readonly DocumentLink[] {
  const text = model.textOf(file);
  if (text === undefined) return [];
  const folder = originsOf(model.workspace, file)[0]?.pkg.dir ?? dirname(file);
  return typedStrings(text).flatMap(({ node, path, format }) => {
    const isInclude = path[0] === "include";
    if (format !== "path" && !isInclude) return [];
    const written = node.value.replace(/\?$/, "");
    if (written === "" || /[*?[{$]/.test(written) || path.at(-1) === "cwd") return [];
    const target = resolveFrom(isInclude ? dirname(file) : folder, written);
    return [{ span: insideQuotes(text.text, node), target }];
  });
}
