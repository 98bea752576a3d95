import type { Diagnostic } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { CompletionItem, CompletionKind } from "#core/editor/completion-item";
import type { TextEdit } from "#core/editor/rename";
import type { DocumentSymbol, SymbolKind } from "#core/editor/symbols";
import type { TextModel } from "#core/editor/text-model";
import { messageText } from "#base/message";
import { diagnosticCodes } from "#app/diagnostic-codes";
import type { Library } from "./protocol";
import type { LspSession } from "./session";

export const rangeOf = ({ lines }: TextModel, { start, end }: Span): Library.Range => ({
  start: lines.positionAt(start),
  end: lines.positionAt(end),
});

export const spanOf = ({ lines }: TextModel, { start, end }: Library.Range): Span => ({
  start: lines.offsetAt(start),
  end: lines.offsetAt(end),
});

const START: Library.Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A range of a file that may not be there. */
export const locationOf = (session: LspSession, file: string, span: Span): Library.Location => {
  const text = session.store.textOf(file);
  return { uri: session.uriOf(file), range: text === undefined ? START : rangeOf(text, span) };
};

/** The numbers of the protocol. */
const ITEM_KINDS: Readonly<Record<CompletionKind, Library.CompletionItemKind>> = {
  section: 9,
  key: 10,
  value: 12,
  enum: 20,
  task: 3,
  template: 7,
  package: 9,
  profile: 21,
  file: 17,
  folder: 19,
  function: 3,
  variable: 6,
  snippet: 15,
};

export const itemOf = (
  text: TextModel,
  item: CompletionItem,
  context: { readonly uri: string; readonly hasSnippets: boolean },
): Library.CompletionItem => ({
  label: item.label,
  kind: ITEM_KINDS[item.kind],
  ...(item.detail === undefined ? {} : { detail: item.detail }),
  sortText: `${item.rank}${item.label}`,
  filterText: item.kind === "section" || /^["[]/.test(item.label) ? item.label : filterOf(text, item),
  insertTextFormat: item.isSnippet === true && context.hasSnippets ? 2 : 1,
  textEdit: {
    range: rangeOf(text, item.span),
    newText: item.isSnippet === true && !context.hasSnippets ? withoutStops(item.insert) : item.insert,
  },
  ...(item.about === undefined ? {} : { data: { about: item.about, uri: context.uri } }),
});

/** Clients filter by what they replace: a value that has no quotes yet is found by its text with them. */
const filterOf = (text: TextModel, { insert, label, span }: CompletionItem): string =>
  /^["']/.test(insert) && /^["']/.test(text.text.slice(span.start, span.end)) ? insert : label;

const withoutStops = (snippet: string): string =>
  snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, "$1")
    .replaceAll(/\$\{\d+:([^}]*)\}/g, "$1")
    .replaceAll(/\$\d+/g, "")
    .replaceAll(/\\([\\$}])/g, "$1");

const SYMBOL_KINDS: Readonly<Record<SymbolKind, Library.SymbolKind>> = {
  section: 3,
  task: 12,
  workflow: 24,
  template: 5,
  table: 19,
  key: 20,
  item: 15,
};
export const symbolKind = (kind: SymbolKind): Library.SymbolKind => SYMBOL_KINDS[kind];

export const symbolOf = (text: TextModel, symbol: DocumentSymbol): Library.DocumentSymbol => ({
  name: symbol.name,
  ...(symbol.detail === undefined ? {} : { detail: symbol.detail }),
  kind: SYMBOL_KINDS[symbol.kind],
  range: rangeOf(text, symbol.span),
  selectionRange: rangeOf(text, symbol.nameSpan),
  ...(symbol.children.length === 0
    ? {}
    : { children: symbol.children.map((child) => symbolOf(text, child)) }),
});

export function diagnosticOf(
  session: LspSession,
  text: TextModel | undefined,
  problem: Diagnostic,
): Library.Diagnostic {
  const { code, severity, place, related, suggestions = [], hint } = problem;
  const span = place?.span;
  const meant = suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`;
  const way = hint === undefined ? "" : `; ${hint}`;
  const isUnused = code === "E440" || code === "E441";
  return {
    range: text === undefined || span === undefined ? START : rangeOf(text, span),
    severity: isUnused ? 4 : code === "E442" ? 3 : severity === "error" ? 1 : 2,
    code,
    source: "zr",
    message: messageText(diagnosticCodes, problem) + meant + way,
    ...(isUnused ? { tags: [1 as const] } : {}),
    ...(related === undefined
      ? {}
      : {
          relatedInformation: related.map((item) => ({
            location: locationOf(session, item.place.file, item.place.span ?? { start: 0, end: 0 }),
            message: item.message,
          })),
        }),
  };
}

/** Edits by file, those of a file in one list. */
export function workspaceEdit(session: LspSession, edits: readonly TextEdit[]): Library.WorkspaceEdit {
  const changes: Record<string, Library.TextEdit[]> = {};
  for (const { file, span, text: newText } of edits) {
    const text = session.store.textOf(file);
    if (text === undefined) continue;
    (changes[session.uriOf(file)] ??= []).push({ range: rangeOf(text, span), newText });
  }
  return { changes };
}
