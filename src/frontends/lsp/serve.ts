import { version } from "#base/version";
import type { CompletionAbout } from "#core/editor/completion-item";
import type { Host } from "#system/host";
import { answers } from "./answers";
import type { Asked } from "./answers";
import { capabilities } from "./capabilities";
import { areChanges, paramsProblem } from "./params";
import type { ParamsShape } from "./params";
import { loadDocuments, loadProtocol } from "./protocol";
import type { Library } from "./protocol";
import { Publisher } from "./publisher";
import { LspSession } from "./session";
import { watchedFiles } from "#app/editor/watched-files";
import { TaskRuns } from "./task-runs";
import { makeWire } from "./transport";

export interface ServeOptions {
  readonly input: AsyncIterable<Uint8Array>;
  readonly write: (bytes: Uint8Array) => void;
  readonly host: Host;
  readonly reservedNames: () => readonly string[];
}

/** Serves the Language Server Protocol until the input ends. @returns the exit code: 0 after `shutdown`. */
export async function serveLanguageServer(options: ServeOptions): Promise<number> {
  const [library, documents] = await Promise.all([loadProtocol(), loadDocuments()]);
  const wire = makeWire(library, options.write);
  const connection = library.createConnection(wire.reader, wire.writer);
  const session = new LspSession({ ...options, factory: documents.TextDocument });
  const server = new Server(library, connection, session);
  server.register();
  connection.listen();
  await wire.run(options.input);
  return server.stop();
}

type Connection = Library.Connection;

class Server {
  readonly #library: typeof Library;
  readonly #connection: Connection;
  readonly #session: LspSession;
  readonly #publisher: Publisher;
  readonly #runs: TaskRuns;
  #hasSnippets = false;
  #watchesFiles = false;
  #isShutDown = false;

  constructor(library: typeof Library, connection: Connection, session: LspSession) {
    this.#library = library;
    this.#connection = connection;
    this.#session = session;
    const failed = (error: unknown): void =>
      connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.#publisher = new Publisher(session, (params) => void connection.sendDiagnostics(params), failed);
    const isRoot = (folder: string): boolean => session.roots().has(folder);
    this.#runs = new TaskRuns({ connection, host: session.host, isRoot });
  }

  /** Ends everything that was started; the exit code says whether the client had said goodbye. */
  async stop(): Promise<number> {
    this.#publisher.stop();
    await this.#runs.stop();
    return this.#isShutDown ? 0 : 1;
  }

  register(): void {
    this.#lifecycle();
    this.#synchronization();
    this.#requests();
  }

  #lifecycle(): void {
    const connection = this.#connection;
    connection.onInitialize((params): Library.InitializeResult => {
      const client: Library.ClientCapabilities = params.capabilities ?? {};
      this.#hasSnippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
      this.#watchesFiles = client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
      return { capabilities: capabilities(), serverInfo: { name: "zr", version } };
    });
    connection.onInitialized(() => {
      if (!this.#watchesFiles) return;
      const watchers = watchedFiles().map((name) => ({ globPattern: `**/${name}` }));
      // A client that refuses is asked nothing more.
      connection.client
        .register(this.#library.DidChangeWatchedFilesNotification.type, { watchers })
        .catch(() => undefined);
    });
    connection.onShutdown(async () => {
      this.#isShutDown = true;
      this.#publisher.stop();
      await this.#runs.stop();
    });
    connection.onExit(() => this.#runs.kill());
  }

  #synchronization(): void {
    const connection = this.#connection;
    const session = this.#session;
    connection.onDidOpenTextDocument(({ textDocument }) => {
      if (typeof textDocument?.uri !== "string" || typeof textDocument.text !== "string") return;
      session.open(textDocument.uri, textDocument.version, textDocument.text);
      this.#publisher.schedule();
      void this.#readFacts();
    });
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      if (typeof textDocument?.uri !== "string" || !areChanges(contentChanges)) return;
      session.change(textDocument.uri, textDocument.version, contentChanges);
      this.#publisher.schedule();
    });
    connection.onDidCloseTextDocument(({ textDocument }) => {
      const closed = session.close(String(textDocument?.uri));
      if (closed !== undefined) this.#publisher.forget(closed.path);
      this.#publisher.schedule();
    });
    connection.onDidSaveTextDocument(() => this.#reread());
    connection.onDidChangeWatchedFiles(() => this.#reread());
  }

  #reread(): void {
    this.#session.reread();
    this.#publisher.schedule();
    void this.#readFacts();
  }

  async #readFacts(): Promise<void> {
    for (const model of await this.#session.models()) await model.readFacts();
  }

  #requests(): void {
    const connection = this.#connection;
    connection.onCompletion(this.#about("position", answers.completion));
    connection.onHover(this.#about("position", answers.hover));
    connection.onDefinition(this.#about("position", answers.definition));
    connection.onReferences(this.#about("position", answers.references));
    connection.onPrepareRename(this.#about("position", answers.prepareRename));
    connection.onRenameRequest(
      this.#about("position", (asked, params: Library.RenameParams) => {
        const edit = answers.rename(asked, params);
        return typeof edit === "string" ? this.#error(this.#library.LSPErrorCodes.RequestFailed, edit) : edit;
      }),
    );
    connection.onDocumentSymbol(this.#about("document", answers.symbols));
    connection.onFoldingRanges(this.#about("document", answers.folding));
    connection.onDocumentFormatting(this.#about("document", answers.formatting));
    connection.onCodeAction(this.#about("range", answers.codeActions));
    connection.onCodeLens(this.#about("document", answers.codeLenses));
    connection.languages.inlayHint.on(this.#about("range", answers.inlayHints));
    connection.languages.semanticTokens.on(this.#about("document", answers.semanticTokens));
    connection.onDocumentLinks(this.#about("document", answers.links));
    connection.onWorkspaceSymbol(async (params) => {
      const problem = paramsProblem(params, "query");
      if (problem !== undefined) return this.#error(this.#library.ErrorCodes.InvalidParams, problem);
      const models = await this.#session.models();
      for (const model of models) await model.fresh();
      return answers.workspaceSymbols(this.#session, models, params.query);
    });
    connection.onCompletionResolve((item) => this.#resolve(item));
    connection.onExecuteCommand((params) => {
      const problem = this.#runs.execute(params?.command, params?.arguments);
      return problem === undefined ? null : this.#error(this.#library.ErrorCodes.InvalidParams, problem);
    });
  }

  async #resolve(item: Library.CompletionItem): Promise<Library.CompletionItem> {
    // Made by `itemOf`; a client hands it back as it got it.
    const data = item?.data as { readonly about?: CompletionAbout; readonly uri?: string } | undefined;
    const open = this.#session.documentOf(String(data?.uri));
    if (data?.about === undefined || open === undefined) return item;
    const documentation = answers.resolve(await this.#session.modelOf(open.path), data.about);
    return documentation === undefined ? item : { ...item, documentation };
  }

  /** A handler that answers about a document which is open, by its text as it is when the request is taken. */
  #about<P extends { readonly textDocument: Library.TextDocumentIdentifier }, R>(
    shape: ParamsShape,
    answer: (asked: Asked, params: P) => R | Promise<R>,
  ) {
    return async (params: P): Promise<R | Library.ResponseError<void>> => {
      const { ErrorCodes, LSPErrorCodes } = this.#library;
      const problem = paramsProblem(params, shape);
      if (problem !== undefined) return this.#error(ErrorCodes.InvalidParams, problem);
      const session = this.#session;
      const { uri } = params.textDocument;
      const open = session.documentOf(uri);
      if (open === undefined) return this.#error(ErrorCodes.InvalidParams, `${uri} is not open`);
      const before = session.store.textOf(open.path);
      const model = await session.modelOf(open.path);
      const text = session.store.textOf(open.path);
      if (text === undefined || text !== before || session.documentOf(uri) !== open)
        return this.#error(LSPErrorCodes.ContentModified, "the document has changed since");
      return answer(
        { session, publisher: this.#publisher, model, text, uri, hasSnippets: this.#hasSnippets },
        params,
      );
    };
  }

  #error(code: number, message: string): Library.ResponseError<void> {
    return new this.#library.ResponseError<void>(code, message);
  }
}
