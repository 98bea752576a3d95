import { TOKEN_TYPES } from "#core/editor/semantic-tokens";
import type { Library } from "./protocol";

/** Commands that a client may ask the server to do; what lenses stand for. */
export const COMMANDS = ["zr.run", "zr.debug", "zr.show", "zr.cancel"] as const;

/** Everything that the server can do. */
export const capabilities = (): Library.ServerCapabilities => ({
  positionEncoding: "utf-16",
  textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
  completionProvider: {
    triggerCharacters: ['"', "'", "[", ".", "{", "$", "^", ":", "/", "=", "#"],
    resolveProvider: true,
  },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: {
    codeActionKinds: ["quickfix", "refactor.extract", "refactor.rewrite", "source.sort"],
  },
  codeLensProvider: { resolveProvider: false },
  inlayHintProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [] },
    full: true,
    range: false,
  },
  documentLinkProvider: { resolveProvider: false },
  executeCommandProvider: { commands: [...COMMANDS] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
});
