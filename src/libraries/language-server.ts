export * as protocol from "vscode-languageserver/node";
export { TextDocument } from "vscode-languageserver-textdocument";
