import { dirname, resolveFrom } from "#base/path";
import { MOST_ITEMS } from "./completion-item";
import type { Completion, CompletionItem } from "./completion-item";
import { completeExpression } from "./complete-expression";
import { completeHeader, completeKeys } from "./complete-keys";
import { completeTemplate } from "./complete-template";
import { completeValues } from "./complete-values";
import { contextAt } from "./context-at";
import type { EditorContext } from "./context-at";
import { originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { isConfiguration } from "./is-configuration";
import { schemaAt } from "./schema-walk";
import { offsetInString } from "./text-model";
import type { TextModel } from "./text-model";

const NOTHING: Completion = { items: [], isIncomplete: false };

/** What could be written at an offset of a file, whether the file can be read at the moment or not. */
export function complete(model: EditorModel, file: string, offset: number): Completion {
  const text = model.textOf(file);
  if (text === undefined || !isConfiguration(file)) return NOTHING;
  const context = contextAt(text, offset);
  switch (context.kind) {
    case "none":
      return NOTHING;
    case "header":
      return limited(completeHeader(model, text, context));
    case "key":
      return limited(completeKeys(model, text, context));
    case "value":
      return inValue(model, text, { context, offset });
  }
}

const limited = (items: readonly CompletionItem[]): Completion => ({
  items: items.slice(0, MOST_ITEMS),
  isIncomplete: items.length > MOST_ITEMS,
});

interface AtValue {
  readonly context: EditorContext & { readonly kind: "value" };
  readonly offset: number;
}

function inValue(model: EditorModel, text: TextModel, { context, offset }: AtValue): Completion {
  const { path, node, inString, prefix, span } = context;
  const kinds = schemaAt(path)?.kinds ?? [];
  const formats = kinds.flatMap((kind) => (kind.type === "string" ? [kind.format ?? "plain"] : []));
  if (inString && node?.kind === "string" && formats.length > 0) {
    const before = node.value.slice(0, offsetInString(text.text, node, offset));
    const place = { model, file: text.path, path, before, offset };
    if (formats.includes("expression")) return limited(completeExpression(place));
    if (/\$\{[^{}]*$/.test(before)) return limited(completeTemplate(place));
  }
  const items = completeValues(model, text, { path, kinds, span, inString, prefix });
  const files = formats.some((format) => format === "path" || format === "glob")
    ? { folder: folderOf(model, text.path, { path, prefix }), span: lastPart(prefix, span, offset), inString }
    : undefined;
  return { ...limited(rankedBy(items, prefix)), ...(files === undefined ? {} : { files }) };
}

/** What begins with what is there already must not be cut off. */
const rankedBy = (items: readonly CompletionItem[], prefix: string): readonly CompletionItem[] =>
  prefix === "" || items.length <= MOST_ITEMS
    ? items
    : items.filter(({ label }) => label.includes(prefix.replace(/^["']/, "")));

const lastPart = (prefix: string, span: { readonly end: number }, offset: number) => ({
  start: offset - (prefix.length - prefix.lastIndexOf("/") - 1),
  end: span.end,
});

/** The folder that a path of a file is written from, down to what is written of it. */
function folderOf(
  model: EditorModel,
  file: string,
  { path, prefix }: { readonly path: readonly (string | number)[]; readonly prefix: string },
): string {
  const isOfFile = path[0] === "include";
  const pkg = originsOf(model.workspace, file)[0]?.pkg;
  const base = isOfFile || pkg === undefined ? dirname(file) : pkg.dir;
  return resolveFrom(base, prefix.slice(0, prefix.lastIndexOf("/") + 1) || ".");
}
