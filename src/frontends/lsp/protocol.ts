import type * as Library from "vscode-languageserver/node";
import type * as Documents from "vscode-languageserver-textdocument";

export type { Library };

/** The library of the protocol. It is large, so nothing but the server loads it. */
export const loadProtocol = async (): Promise<typeof Library> =>
  (await import("#libraries/language-server")).protocol;

export const loadDocuments = async (): Promise<Pick<typeof Documents, "TextDocument">> =>
  await import("#libraries/language-server");
