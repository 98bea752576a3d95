import { isInside } from "#base/path";
import { graphFacts } from "#app/operations/graph-facts";
import type { GraphFacts } from "#app/operations/graph-facts";
import { LiveStates } from "#app/operations/live-states";
import { usageProblem } from "#app/problems";
import { DEFAULT_POLL_MS } from "#core/watch/watch-settings";
import { graphPage } from "#frontends/pages/graph/graph-page";
import type { GraphPageData, LiveAddresses } from "#frontends/pages/graph/graph-data";
import { servedPaths, servePage } from "#frontends/pages/graph/serve-page";
import { randomKey } from "#system/random-key";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";
import { openWatcher } from "#system/watch/open-watcher";
import { graphDataOf } from "./graph-page-data";
import type { GraphPageRequest, MadeGraph } from "./graph-page-data";
import { openPage } from "./page-file";
import { refuse } from "./refuse";
import { isOn } from "./session";
import type { Session } from "./session";

export interface ServeRequest {
  readonly port: number;
  readonly made: MadeGraph;
  readonly make: GraphPageRequest["make"];
}

/** Changes that come so close together are shown at once. */
const QUIET_MS = 100;

/** `zr graph --serve`: a page that follows the configuration, the runs and their results, until a signal ends it. */
export async function serveGraph(session: Session, { port, made, make }: ServeRequest): Promise<number> {
  const { root } = made.loaded.workspace;
  const key = randomKey();
  const shown = new ShownGraph(session, made, servedPaths(key));
  await shown.refreshFacts();
  const served = servePage({
    port,
    key,
    page: () => graphPage(shown.data()),
    data: () => JSON.stringify(shown.data()),
  });
  if (!served.ok)
    return refuse(session, usageProblem("E193", { address: `127.0.0.1:${port}`, reason: served.error }));
  const { address, changed, stop } = served.value;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const signals = onEndSignals(() => end());
  using live = new LiveStates(root, () => later.ask());
  let hasNews = { config: false, runs: false };
  const later = new Quiet(async () => {
    const { config, runs } = hasNews;
    hasNews = { config: false, runs: false };
    if (config) await shown.remake(make);
    if (config || runs) await shown.refreshFacts();
    await live.look();
    shown.overlay = live.facts();
    changed();
  });
  const watcher = await openWatcher({
    root,
    follows: (folder) => shown.follows(folder),
    polls: false,
    pollMs: DEFAULT_POLL_MS,
    hear: (report) => {
      if (report.type !== "changed") return;
      for (const path of report.paths) {
        if (isInside(`${root}/.zr`, path)) hasNews.runs ||= isOfRuns(path, root);
        else hasNews.config ||= path.endsWith(".toml") || shown.isConfig(path);
      }
      if (hasNews.config || hasNews.runs) later.ask();
    },
  });
  later.ask();
  if (isOn(session.options, "open")) await openPage(session, address);
  else await print("stdout", `${address}\n`);
  await ended;
  signals[Symbol.dispose]();
  later.stop();
  watcher[Symbol.dispose]();
  await stop();
  return 0;
}

/** A run that has begun, or has left its record. */
const isOfRuns = (path: string, root: string): boolean =>
  isInside(`${root}/.zr/history/inbox`, path) || isInside(`${root}/.zr/run`, path);

/** The graph that is shown now, and where what it is made of lies. */
class ShownGraph {
  readonly #session: Session;
  readonly #paths: LiveAddresses;
  #made: MadeGraph;
  #facts: GraphFacts = new Map();
  /** What runs now. */
  overlay: GraphFacts = new Map();

  constructor(session: Session, made: MadeGraph, paths: LiveAddresses) {
    this.#session = session;
    this.#made = made;
    this.#paths = paths;
  }

  data(): GraphPageData {
    const facts = new Map([...this.#facts, ...this.overlay]);
    return graphDataOf(this.#session, this.#made, { facts, live: this.#paths });
  }

  async refreshFacts(): Promise<void> {
    this.#facts = (await graphFacts(this.#made.loaded.workspace)).facts;
  }

  /** Reads the configuration again; one with problems is told, and the page stays as it is. */
  async remake(make: GraphPageRequest["make"]): Promise<void> {
    const made = await make();
    if (typeof made === "number") return;
    if (made.ok) this.#made = made.value;
    else await refuse(this.#session, made.error);
  }

  isConfig(path: string): boolean {
    return this.#made.loaded.texts.has(path);
  }

  follows(folder: string): boolean {
    const { root, packages } = this.#made.loaded.workspace;
    const state = `${root}/.zr`;
    if (isInside(state, folder))
      return (
        [state, `${state}/history`, `${state}/history/inbox`].includes(folder) ||
        isInside(`${state}/run`, folder)
      );
    if (folder === root) return true;
    for (const { dir } of packages.values()) if (isInside(folder, dir)) return true;
    for (const path of this.#made.loaded.texts.keys()) if (isInside(folder, path)) return true;
    return false;
  }
}

/** Does something once after it has been asked for, when nothing more has been asked for a moment. */
class Quiet {
  readonly #act: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(this.#act);
    }, QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
