import type { CallSetting } from "#app/catalogue/call-operation";
import { isInstanceNamed } from "#app/catalogue/instance-name";
import type { DeskRun } from "#app/catalogue/run-desk";
import { resourceName } from "./resource-uri";
import type { ResourceName } from "./resource-uri";

/** At least so long between two rounds of messages. */
const QUIET_MS = 200;
/** More than anybody looks at. */
const MOST_URIS = 256;

/** Tells a client that resources which it has named have changed. What is not named costs nothing. */
export class Subscriptions {
  readonly #setting: CallSetting;
  readonly #send: (uri: string) => void;
  readonly #named = new Map<string, ResourceName>();
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watching: Promise<Disposable> | undefined;
  #desk: Disposable | undefined;
  /** The run that was heard of last. */
  #latest: string | undefined;

  constructor(setting: CallSetting, send: (uri: string) => void) {
    this.#setting = setting;
    this.#send = send;
  }

  /** Settles when changes are heard of; false where there is no such resource, or the client has named too many. */
  async add(uri: string): Promise<boolean> {
    const name = resourceName(uri);
    if (name === undefined || (this.#named.size >= MOST_URIS && !this.#named.has(uri))) return false;
    this.#named.set(uri, name);
    this.#desk ??= this.#setting.runs.hear((run, printed) => this.#heard(run, printed));
    this.#watching ??= this.#watch();
    await this.#watching;
    return true;
  }

  remove(uri: string): void {
    this.#named.delete(uri);
    this.#changed.delete(uri);
    if (this.#named.size === 0) this.close();
  }

  close(): void {
    this.#named.clear();
    this.#changed.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#desk?.[Symbol.dispose]();
    this.#desk = undefined;
    void this.#watching?.then((watcher) => watcher[Symbol.dispose]());
    this.#watching = undefined;
  }

  async #watch(): Promise<Disposable> {
    const { watchWorkspace } = await import("#app/catalogue/workspace-news");
    return watchWorkspace(this.#setting, ({ config, runs }) => {
      this.#mark((name) => {
        if (name.kind === "run" || name.kind === "log") return runs && name.run === "last";
        return config;
      });
    });
  }

  /** A run of this server has come further, or printed something. */
  #heard({ id }: DeskRun, printed: string | undefined): void {
    const isAnother = id !== this.#latest;
    this.#latest = id;
    this.#mark((name) => {
      const isMeant =
        (name.kind === "run" || name.kind === "log") && (name.run === "last" || name.run === id);
      if (!isMeant) return false;
      if (name.kind === "run") return printed === undefined;
      if (printed !== undefined && isInstanceNamed(printed, name.task)) return true;
      return isAnother && name.run === "last";
    });
  }

  #mark(isChanged: (name: ResourceName) => boolean): void {
    for (const [uri, name] of this.#named) if (isChanged(name)) this.#changed.add(uri);
    if (this.#changed.size > 0) this.#timer ??= setTimeout(() => this.#tell(), QUIET_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const uri of this.#changed) this.#send(uri);
    this.#changed.clear();
  }
}
