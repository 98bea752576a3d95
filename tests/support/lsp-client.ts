import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import type {
  Diagnostic,
  InitializeResult,
  Position,
  ProtocolConnection,
  PublishDiagnosticsParams,
  Range,
  WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { ensureBinary } from "./binary";
import { withDeadline } from "./deadline";

export type LspClientOptions = {
  /** Absolute; where the server is started. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** The protocol's own client for Node, connected to `zr lsp`. Dispose it: that ends the server. */
export async function startLspClient(options: LspClientOptions): Promise<LspClient> {
  const [program = "zr", ...words] = await ensureBinary();
  const child = spawn(program, [...words, "lsp"], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: "pipe",
  });
  const client = new LspClient(child);
  await client.initialize(options.cwd);
  return client;
}

export class LspClient implements AsyncDisposable {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
  readonly logs: string[] = [];
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly #documents = new Map<string, TextDocument>();
  readonly #waiting = new Set<() => void>();
  capabilities: InitializeResult["capabilities"] = {};

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.exited = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    child.stderr.on("data", (data) => this.logs.push(String(data)));
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      for (const look of this.#waiting) look();
    });
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logs.push(message);
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.listen();
  }

  async initialize(root: string): Promise<void> {
    const result: InitializeResult = await this.request("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
      workspaceFolders: [{ uri: pathToFileURL(root).href, name: "project" }],
    });
    this.capabilities = result.capabilities;
    await this.connection.sendNotification("initialized", {});
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return withDeadline(this.connection.sendRequest<T>(method, params), `an answer to ${method}`, () =>
      this.logs.join("\n"),
    );
  }

  uri(path: string): string {
    return pathToFileURL(path).href;
  }

  async open(path: string, text: string): Promise<string> {
    const uri = this.uri(path);
    this.#documents.set(uri, TextDocument.create(uri, "toml", 1, text));
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "toml", version: 1, text },
    });
    return uri;
  }

  document(uri: string): TextDocument {
    const found = this.#documents.get(uri);
    if (found === undefined) throw new Error(`${uri} is not open`);
    return found;
  }

  /** Replaces a part of a document, in offsets, and tells the server so. */
  async edit(uri: string, start: number, end: number, text: string): Promise<void> {
    const document = this.document(uri);
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const changes = [{ range, text }];
    TextDocument.update(document, changes, document.version + 1);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: document.version },
      contentChanges: changes,
    });
  }

  async replace(uri: string, text: string): Promise<void> {
    await this.edit(uri, 0, this.document(uri).getText().length, text);
  }

  /** The position behind a text of the document; `|` marks it where it is not at the end. */
  at(uri: string, mark: string, occurrence = 0): { textDocument: { uri: string }; position: Position } {
    const document = this.document(uri);
    const cut = mark.indexOf("|");
    const wanted = mark.replace("|", "");
    let found = -1;
    for (let round = 0; round <= occurrence; round += 1)
      found = document.getText().indexOf(wanted, found + 1);
    if (found === -1) throw new Error(`${JSON.stringify(wanted)} is not in ${document.getText()}`);
    const offset = found + (cut === -1 ? wanted.length : cut);
    return { textDocument: { uri }, position: document.positionAt(offset) };
  }

  /** The diagnostics of a document once they fit; of its current version where it is open. */
  async diagnostics(
    uri: string,
    fits: (list: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    const version = this.#documents.get(uri)?.version;
    const current = (): readonly Diagnostic[] | undefined => {
      const params = this.published.get(uri);
      if (params === undefined || (version !== undefined && params.version !== version)) return undefined;
      return fits(params.diagnostics) ? params.diagnostics : undefined;
    };
    return withDeadline(
      new Promise((resolve) => {
        const look = (): void => {
          const found = current();
          if (found === undefined) return;
          this.#waiting.delete(look);
          resolve(found);
        };
        this.#waiting.add(look);
        look();
      }),
      `diagnostics of ${uri} at version ${version}`,
      () => `${JSON.stringify(this.published.get(uri), undefined, 1)}\n${this.logs.join("\n")}`,
    );
  }

  textIn(uri: string, range: Range): string {
    return this.document(uri).getText(range);
  }

  /** Applies a workspace edit to the documents that are open; gives the URIs of all it changes. */
  async apply(edit: WorkspaceEdit): Promise<readonly string[]> {
    const changes = Object.entries(edit.changes ?? {});
    for (const [uri, edits] of changes) {
      const document = this.#documents.get(uri);
      if (document !== undefined) await this.replace(uri, TextDocument.applyEdits(document, edits));
    }
    return changes.map(([uri]) => uri);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.dispose();
    this.child.stdin.end();
    await withDeadline(this.exited, "the end of the server", () => this.logs.join("\n"));
  }
}
