import { workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** Starts `zr lsp` for the files of zr; all that it can do comes from there. */
export async function activate(): Promise<void> {
  const settings = workspace.getConfiguration("zr");
  const files = [
    "**/zr.toml",
    "**/zr.local.toml",
    "**/zr-repos.toml",
    ...settings.get<string[]>("files", []),
  ];
  client = new LanguageClient(
    "zr",
    "zr",
    { command: settings.get("path", "zr"), args: ["lsp"] },
    { documentSelector: files.map((pattern) => ({ scheme: "file", pattern })) },
  );
  await client.start();
}

/** Ends the server, and with it the runs that it has started. */
export const deactivate = (): Promise<void> | undefined => client?.stop();
