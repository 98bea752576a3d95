import type { Diagnostic } from "#base/diagnostic";
import { loadFiles } from "#core/config/load";
import type { UnreadFile } from "#core/config/config-documents";
import type { EditorModel, LastRun } from "#core/editor/editor-model";
import type { TextModel } from "#core/editor/text-model";
import type { Workspace } from "#core/workspace/workspace";
import { languageProviders } from "#languages/index";
import type { Host } from "#system/host";
import { expectedDurations } from "#app/expected-durations";
import type { ExpectedDuration } from "#core/plan/rank-plan";
import { instanceId } from "#core/model/ids";
import { checkFiles, userConfigPath } from "#app/load-workspace";
import type { TextStore } from "./text-store";

/** What is known of the workspace around one folder. */
export interface FolderState {
  readonly workspace: Workspace | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly unread: readonly UnreadFile[];
}

/** The workspace that a command given in `cwd` would be about, kept up with the texts of an editor. */
export class FolderModel implements EditorModel {
  readonly cwd: string;
  readonly envNames: readonly string[];
  readonly languages: readonly string[] = languageProviders.map(({ name }) => name);
  readonly store: TextStore;
  readonly #host: Host;
  readonly #reservedNames: () => readonly string[];
  #state: FolderState = { workspace: undefined, diagnostics: [], unread: [] };
  #refreshing: Promise<FolderState> | undefined;
  #isStale = true;
  #expected: ExpectedDuration | undefined;
  #tools: readonly string[] = [];

  constructor(cwd: string, options: FolderModelOptions) {
    this.cwd = cwd;
    this.store = options.store;
    this.#host = options.host;
    this.#reservedNames = options.reservedNames;
    this.envNames = Object.keys(options.host.env).toSorted();
  }

  get workspace(): Workspace | undefined {
    return this.#state.workspace;
  }

  get tools(): readonly string[] {
    return this.#tools;
  }

  readonly textOf = (path: string): TextModel | undefined => this.store.textOf(path);

  /** Only runs that ended well are remembered with their time. */
  readonly lastRun = (id: string): LastRun | undefined => {
    const ms = this.#expected?.(instanceId(id));
    return ms === undefined ? undefined : { isGood: true, ms };
  };

  /** A text has changed: what follows from it is worked out again when it is asked for. */
  touch(): void {
    this.#isStale = true;
  }

  /** Reads the times of past runs anew, and what is known of tools. */
  async readFacts(): Promise<void> {
    if (this.#tools.length === 0) {
      const { allToolchains } = await import("#languages/find-toolchain");
      this.#tools = (await allToolchains()).map(({ name }) => name);
    }
    const root = this.#state.workspace?.root;
    if (root !== undefined) this.#expected = await expectedDurations(root);
  }

  /** Whether a file is part of this workspace. */
  has(path: string): boolean {
    for (const { config } of this.workspace?.packages.values() ?? [])
      if (config.files.some((file) => file.path === path)) return true;
    return false;
  }

  /** The workspace as the texts are now. */
  async fresh(): Promise<FolderState> {
    while (this.#isStale || this.#refreshing !== undefined) {
      if (this.#refreshing === undefined) {
        this.#isStale = false;
        this.#refreshing = this.#load();
      }
      const state = await this.#refreshing.finally(() => (this.#refreshing = undefined));
      this.#state = state;
    }
    return this.#state;
  }

  async #load(): Promise<FolderState> {
    const userPath = userConfigPath(this.#host.env);
    const loaded = await loadFiles(
      { cwd: this.cwd, ...(userPath === undefined ? {} : { userPath }) },
      this.store,
      this.store.discovery,
    );
    if (!loaded.ok) return { workspace: undefined, ...loaded.error };
    const { workspace, diagnostics } = await checkFiles(loaded.value, { reservedNames: this.#reservedNames });
    return { workspace, diagnostics, unread: loaded.value.unread };
  }
}

export interface FolderModelOptions {
  readonly store: TextStore;
  readonly host: Host;
  readonly reservedNames: () => readonly string[];
}
