import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { SIGNALS } from "#core/config/formats";
import type { StringFormat } from "#core/config/schema/kinds";
import { completeTasks } from "./complete-tasks";
import { escapeSnippet } from "./completion-item";
import type { CompletionItem, CompletionKind } from "./completion-item";
import type { EditorModel } from "./editor-model";
import { namesFor } from "./names-for";
import { schemaAt } from "./schema-walk";
import type { TextModel } from "./text-model";
import type { ValuePlace } from "./value-place";

/** Values that a key may have. */
export function completeValues(model: EditorModel, text: TextModel, place: ValuePlace): CompletionItem[] {
  const { path, kinds, span, inString } = place;
  const items: CompletionItem[] = [];
  const add = (label: string, kind: CompletionKind, rank = 1): void => {
    if (items.some((item) => item.label === label)) return;
    items.push({ label, kind, insert: inString ? jsonInside(label) : JSON.stringify(label), span, rank });
  };
  const plain = (label: string): void => {
    if (!inString) items.push({ label, kind: "value", insert: label, span, rank: 0 });
  };
  for (const kind of kinds) {
    if (kind.type === "boolean") ["true", "false"].forEach(plain);
    else if (kind.type === "literal") plain(String(kind.value));
    else if (kind.type === "enum") for (const value of kind.values) add(value, "enum", 0);
    else if (kind.type === "string") {
      if (kind.format === "task-ref") items.push(...completeTasks(model, text, place));
      for (const value of byFormat(kind.format)) add(value, "value", 3);
    } else if (!inString && (kind.type === "list" || kind.type === "table" || kind.type === "map"))
      items.push(
        stub(kind.type === "list" ? "[…]" : "{ … }", kind.type === "list" ? "[$1]" : "{ $1 }", span),
      );
  }
  if (kinds.some(({ type }) => type === "string" || type === "any"))
    for (const [label, kind] of namesFor(model, text, path)) add(label, kind);
  const fallback = inString ? undefined : defaultAt(path);
  if (fallback !== undefined && !items.some(({ insert }) => insert === fallback))
    items.push({ label: fallback, kind: "value", detail: "default", insert: fallback, span, rank: 2 });
  return items;
}

const jsonInside = (text: string): string => JSON.stringify(text).slice(1, -1);

const stub = (label: string, insert: string, span: Span): CompletionItem => ({
  label,
  kind: "snippet",
  insert,
  isSnippet: true,
  span,
  rank: 4,
});

/** The default of a key, where it is a value and no phrase. */
function defaultAt(path: KeyPath): string | undefined {
  const text = schemaAt(path)?.field?.default;
  return text !== undefined && /^(?:"[^"]*"|-?\d[\d.]*|\[.*\])$/.test(text) ? escapeSnippet(text) : undefined;
}

function byFormat(format: StringFormat | undefined): readonly string[] {
  switch (format) {
    case "duration":
      return ["500ms", "10s", "30s", "1m", "5m", "1h"];
    case "size":
    case "size-or-percent":
      return ["256MB", "1GB", "4GB"];
    case "percent":
      return ["50%", "80%"];
    case "signal":
      return SIGNALS;
    case "platform":
      return ["linux", "darwin", "windows", "linux/arm64", "darwin/arm64"];
    case "redirect":
      return ["null", "inherit", "file:", "file+:"];
    case "run-on":
      return ["host", "remote", "service:", "container:"];
    default:
      return [];
  }
}
