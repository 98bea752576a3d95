import type { Span } from "#base/span";
import { formatToml } from "#core/config/toml/format";
import { codeActions } from "#core/editor/code-actions";
import { complete } from "#core/editor/complete";
import type { CompletionAbout, FileWish } from "#core/editor/completion-item";
import { aboutText } from "#core/editor/describe";
import { folds } from "#core/editor/folding";
import { hoverAt } from "#core/editor/hover";
import { inlayHints } from "#core/editor/inlay-hints";
import { lenses } from "#core/editor/lenses";
import { documentLinks } from "#core/editor/links";
import { renamable, renameAt } from "#core/editor/rename";
import { semanticTokens, TOKEN_TYPES } from "#core/editor/semantic-tokens";
import { referencesTo } from "#core/editor/references-to";
import { definitionLocations, symbolAt } from "#core/editor/symbol";
import { documentSymbols, workspaceSymbols } from "#core/editor/symbols";
import type { TextModel } from "#core/editor/text-model";
import type { FolderModel } from "#app/editor/folder-model";
import { folderEntries } from "#app/editor/folder-entries";
import {
  diagnosticOf,
  itemOf,
  locationOf,
  rangeOf,
  spanOf,
  symbolKind,
  symbolOf,
  workspaceEdit,
} from "./convert";
import type { Library } from "./protocol";
import type { Publisher } from "./publisher";
import type { LspSession } from "./session";
import { uriOfPath } from "./uri";

/** One document at one moment, and what the answers about it are made of. */
export interface Asked {
  readonly session: LspSession;
  readonly publisher: Publisher;
  readonly model: FolderModel;
  readonly text: TextModel;
  readonly uri: string;
  readonly hasSnippets: boolean;
}

type AtPosition = Library.TextDocumentPositionParams;
const offsetOf = ({ text }: Asked, { position }: AtPosition): number => text.lines.offsetAt(position);

/** The answers of the protocol, each made of the document as it is now. */
export const answers = {
  async completion(asked: Asked, params: AtPosition): Promise<Library.CompletionList> {
    const { model, text, uri, hasSnippets } = asked;
    const { items, isIncomplete, files } = complete(model, text.path, offsetOf(asked, params));
    const all = items.map((item) => itemOf(text, item, { uri, hasSnippets }));
    if (files !== undefined) all.push(...(await fileItems(text, files)));
    return { isIncomplete, items: all };
  },

  hover({ model, text, ...asked }: Asked, params: AtPosition): Library.Hover | null {
    const found = hoverAt(model, text.path, offsetOf({ model, text, ...asked }, params));
    if (found === undefined) return null;
    return { contents: { kind: "markdown", value: found.text }, range: rangeOf(text, found.span) };
  },

  definition(asked: Asked, params: AtPosition): Library.Location[] {
    const found = symbolAt(asked.model, asked.text.path, offsetOf(asked, params));
    if (found === undefined) return [];
    return definitionLocations(asked.model, found.symbol).map(({ file, span }) =>
      locationOf(asked.session, file, span),
    );
  },

  references(asked: Asked, params: Library.ReferenceParams): Library.Location[] {
    const { model, text, session } = asked;
    const found = symbolAt(model, text.path, offsetOf(asked, params));
    if (found === undefined) return [];
    const definitions = params.context?.includeDeclaration !== false;
    return referencesTo(model, found.symbol, { from: text.path, definitions }).map(({ file, span }) =>
      locationOf(session, file, span),
    );
  },

  prepareRename(asked: Asked, params: AtPosition): { range: Library.Range; placeholder: string } | null {
    const found = renamable(asked.model, asked.text.path, offsetOf(asked, params));
    if (!found.ok) return null;
    return { range: rangeOf(asked.text, found.value.span), placeholder: found.value.symbol.name };
  },

  /** A text says why the name can't be changed. */
  rename(asked: Asked, params: Library.RenameParams): Library.WorkspaceEdit | string {
    const { model, text, session } = asked;
    const edits = renameAt(
      model,
      { file: text.path, offset: offsetOf(asked, params) },
      String(params.newName),
    );
    return edits.ok ? workspaceEdit(session, edits.value) : edits.error;
  },

  symbols: ({ text }: Asked): Library.DocumentSymbol[] =>
    documentSymbols(text).map((symbol) => symbolOf(text, symbol)),

  folding: ({ text }: Asked): Library.FoldingRange[] =>
    folds(text).map(({ start, end, kind }) => ({
      startLine: text.lines.positionAt(start).line,
      endLine: text.lines.positionAt(end).line,
      kind,
    })),

  formatting({ text }: Asked): Library.TextEdit[] {
    const formatted = formatToml(text.text);
    return formatted.ok && formatted.value !== text.text ? [smallestEdit(text, formatted.value)] : [];
  },

  codeActions(
    { session, publisher, model, text }: Asked,
    params: Library.CodeActionParams,
  ): Library.CodeAction[] {
    const range = spanOf(text, params.range);
    const diagnostics = publisher.diagnosticsOf(text.path);
    return codeActions(model, text.path, { range, diagnostics }).map(({ title, kind, edits, mends }) => ({
      title,
      kind,
      edit: workspaceEdit(session, edits),
      ...(mends === undefined
        ? {}
        : {
            diagnostics: [diagnosticOf(session, text, mends)],
            isPreferred: mends.suggestions?.length === 1,
          }),
    }));
  },

  codeLenses: ({ model, text }: Asked): Library.CodeLens[] =>
    lenses(model, text.path).map(({ span, title, command, task, dir }) => ({
      range: rangeOf(text, span),
      command: { title, command: `zr.${command}`, arguments: [task, dir] },
    })),

  inlayHints: ({ model, text }: Asked, params: Library.InlayHintParams): Library.InlayHint[] =>
    inlayHints(model, text.path, spanOf(text, params.range)).map(({ offset, label, tooltip }) => ({
      position: text.lines.positionAt(offset),
      label,
      tooltip,
      paddingLeft: true,
    })),

  semanticTokens: ({ text }: Asked): Library.SemanticTokens => ({ data: packedTokens(text) }),

  links: ({ model, text }: Asked): Library.DocumentLink[] =>
    documentLinks(model, text.path).map(({ span, target }) => ({
      range: rangeOf(text, span),
      target: uriOfPath(target),
    })),

  workspaceSymbols: (
    session: LspSession,
    models: Iterable<FolderModel>,
    query: string,
  ): Library.SymbolInformation[] =>
    [...models].flatMap((model) =>
      workspaceSymbols(model, query).map(({ name, container, kind, file, span }) => ({
        name,
        containerName: container,
        kind: symbolKind(kind),
        location: locationOf(session, file, span),
      })),
    ),

  resolve(model: FolderModel, about: CompletionAbout): Library.MarkupContent | undefined {
    const value = aboutText(model, about);
    return value === undefined ? undefined : { kind: "markdown", value };
  },
};

async function fileItems(
  text: TextModel,
  { folder, span, inString }: FileWish,
): Promise<Library.CompletionItem[]> {
  const range = rangeOf(text, span);
  return (await folderEntries(folder)).map(({ name, isFolder }) => {
    const inner = JSON.stringify(isFolder ? `${name}/` : name);
    const newText = inString ? inner.slice(1, -1) : inner;
    return {
      label: name,
      kind: isFolder ? 19 : 17,
      sortText: `5${name}`,
      filterText: inString ? name : newText,
      textEdit: { range, newText },
    };
  });
}

/** The part of a text that has to be replaced to get another. */
function smallestEdit(text: TextModel, wanted: string): Library.TextEdit {
  const { text: source } = text;
  const most = Math.min(source.length, wanted.length);
  let start = 0;
  while (start < most && source.charCodeAt(start) === wanted.charCodeAt(start)) start += 1;
  let tail = 0;
  while (
    tail < most - start &&
    source.charCodeAt(source.length - 1 - tail) === wanted.charCodeAt(wanted.length - 1 - tail)
  )
    tail += 1;
  // A line end of two characters is not cut in the middle.
  start = wholeLineEnd(source, start);
  if (source.charAt(source.length - tail) === "\n" && source.charAt(source.length - tail - 1) === "\r")
    tail -= 1;
  const span: Span = { start, end: Math.max(start, source.length - tail) };
  return { range: rangeOf(text, span), newText: wanted.slice(start, Math.max(start, wanted.length - tail)) };
}

const wholeLineEnd = (text: string, at: number): number =>
  text.charAt(at) === "\n" && text.charAt(at - 1) === "\r" ? at - 1 : at;

/** Five numbers a token: lines and characters since the last one, length, type, modifiers. */
function packedTokens(text: TextModel): number[] {
  const data: number[] = [];
  let line = 0;
  let character = 0;
  for (const { span, type } of semanticTokens(text)) {
    const at = text.lines.positionAt(span.start);
    const down = at.line - line;
    if (down === 0 && at.character < character) continue;
    data.push(down, down === 0 ? at.character - character : at.character, span.end - span.start);
    data.push(TOKEN_TYPES.indexOf(type), 0);
    ({ line, character } = at);
  }
  return data;
}
