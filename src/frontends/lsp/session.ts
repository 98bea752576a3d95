import { dirname } from "#base/path";
import type { TextModel } from "#core/editor/text-model";
import { FolderModel } from "#app/editor/folder-model";
import { TextStore } from "#app/editor/text-store";
import type { Host } from "#system/host";
import type { TextDocument, TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { pathOfUri, uriOfPath } from "./uri";

export interface OpenDocument {
  /** As the client writes it. */
  readonly uri: string;
  readonly path: string;
  document: TextDocument;
}

/** How a text comes to be a document; of the library, which is loaded by then. */
export type DocumentFactory = Pick<typeof TextDocument, "create" | "update">;

export interface SessionOptions {
  readonly host: Host;
  readonly reservedNames: () => readonly string[];
  readonly factory: DocumentFactory;
}

/** What a client has open, and the workspaces around it. */
export class LspSession {
  readonly store = new TextStore();
  readonly host: Host;
  readonly #options: SessionOptions;
  readonly #open = new Map<string, OpenDocument>();
  readonly #folders = new Map<string, FolderModel>();

  constructor(options: SessionOptions) {
    this.host = options.host;
    this.#options = options;
  }

  documentOf(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  openDocuments(): Iterable<OpenDocument> {
    return this.#open.values();
  }

  /** The URI of a file, as the client writes it where it has it open. */
  uriOf(path: string): string {
    for (const open of this.#open.values()) if (open.path === path) return open.uri;
    return uriOfPath(path);
  }

  versionOf(path: string): number | undefined {
    for (const open of this.#open.values()) if (open.path === path) return open.document.version;
    return undefined;
  }

  open(uri: string, version: number, text: string): OpenDocument | undefined {
    const path = pathOfUri(uri);
    if (path === undefined) return undefined;
    const document = this.#options.factory.create(uri, "toml", version, text);
    const open = { uri, path, document };
    this.#open.set(uri, open);
    this.store.forget();
    this.store.open(path, text);
    this.#touch();
    return open;
  }

  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): OpenDocument | undefined {
    const open = this.#open.get(uri);
    if (open === undefined) return undefined;
    open.document = this.#options.factory.update(open.document, changes, version);
    const before = this.store.textOf(open.path);
    this.store.open(open.path, open.document.getText());
    const after = this.store.textOf(open.path);
    if (!isSameLayout(before, after)) this.store.forgetFolders();
    this.#touch();
    return open;
  }

  close(uri: string): OpenDocument | undefined {
    const open = this.#open.get(uri);
    if (open === undefined) return undefined;
    this.#open.delete(uri);
    this.store.close(open.path);
    this.reread();
    return open;
  }

  /** What is on the disk may have changed. */
  reread(): void {
    this.store.forget();
    this.#touch();
  }

  /** The workspace that a file belongs to, as the texts are now. */
  async modelOf(path: string): Promise<FolderModel> {
    for (const model of this.#folders.values()) {
      await model.fresh();
      if (model.has(path)) return model;
    }
    const folder = dirname(path);
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const { host, reservedNames } = this.#options;
    const model = new FolderModel(folder, { store: this.store, host, reservedNames });
    this.#folders.set(folder, model);
    await model.fresh();
    return model;
  }

  /** The workspaces of everything that is open, each once; others are forgotten. */
  async models(): Promise<ReadonlySet<FolderModel>> {
    const used = new Set<FolderModel>();
    for (const path of Array.from(this.#open.values(), (open) => open.path))
      used.add(await this.modelOf(path));
    for (const [folder, model] of this.#folders) if (!used.has(model)) this.#folders.delete(folder);
    return used;
  }

  /** The roots of the workspaces that are known. */
  roots(): ReadonlySet<string> {
    return new Set([...this.#folders.values()].flatMap(({ workspace }) => workspace?.root ?? []));
  }

  #touch(): void {
    for (const model of this.#folders.values()) model.touch();
  }
}

/** Sections that decide which files belong together. */
const LAYOUT = ["include", "workspace", "package"] as const;

function isSameLayout(before: TextModel | undefined, after: TextModel | undefined): boolean {
  return LAYOUT.every((section) => {
    const one = before?.outline.values[section];
    const other = after?.outline.values[section];
    return (one === undefined && other === undefined) || Bun.deepEquals(one, other);
  });
}
