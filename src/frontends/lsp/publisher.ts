import type { Diagnostic } from "#base/diagnostic";
import { diagnose, diagnoseAlone } from "#app/editor/diagnose";
import { isConfiguration } from "#core/editor/is-configuration";
import { diagnosticOf } from "./convert";
import type { Library } from "./protocol";
import type { LspSession } from "./session";

/** So long it is waited whether another key is pressed. */
const QUIET_MS = 15;

/** Sends what is wrong with the files of a session, each time that something has changed. */
export class Publisher {
  readonly #session: LspSession;
  readonly #send: (params: Library.PublishDiagnosticsParams) => void;
  readonly #failed: (error: unknown) => void;
  /** What the client has been told last, by path. */
  readonly #told = new Map<string, string>();
  readonly #found = new Map<string, readonly Diagnostic[]>();
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    session: LspSession,
    send: (params: Library.PublishDiagnosticsParams) => void,
    failed: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#send = send;
    this.#failed = failed;
  }

  /** What was found in a file last. */
  diagnosticsOf(path: string): readonly Diagnostic[] {
    return this.#found.get(path) ?? [];
  }

  /** Everything is looked at again soon; a look that is under way is given up. */
  schedule(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look(this.#round).catch(this.#failed);
    }, QUIET_MS);
  }

  stop(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  /** The file is closed: only what its workspace says of it is shown. */
  forget(path: string): void {
    if (this.#told.has(path)) this.#told.set(path, "closed");
  }

  async #look(round: number): Promise<void> {
    const isCurrent = async (): Promise<boolean> => {
      // Whoever waits for an answer goes first.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return this.#round === round;
    };
    const session = this.#session;
    const all = new Map<string, readonly Diagnostic[]>();
    for (const model of await session.models()) {
      const found = await diagnose(model, session.host, isCurrent);
      if (found === undefined || !(await isCurrent())) return;
      for (const [path, list] of found) all.set(path, list);
    }
    for (const { path } of session.openDocuments()) {
      const text = session.store.textOf(path);
      if (all.has(path) || text === undefined) continue;
      all.set(path, diagnoseAlone(text, isConfiguration(path)));
    }
    if (this.#round !== round) return;
    for (const path of this.#told.keys()) if (!all.has(path)) all.set(path, []);
    this.#found.clear();
    for (const [path, list] of all) this.#tell(path, list);
  }

  #tell(path: string, list: readonly Diagnostic[]): void {
    const session = this.#session;
    this.#found.set(path, list);
    const text = session.store.textOf(path);
    const version = session.versionOf(path);
    const diagnostics = list.map((problem) => diagnosticOf(session, text, problem));
    const told = `${version ?? ""}${JSON.stringify(diagnostics)}`;
    const before = this.#told.get(path);
    if (before === told || (before === undefined && version === undefined && list.length === 0)) return;
    if (version === undefined && list.length === 0) this.#told.delete(path);
    else this.#told.set(path, told);
    this.#send({ uri: session.uriOf(path), ...(version === undefined ? {} : { version }), diagnostics });
  }
}
