import type { Workspace } from "#core/workspace/workspace";
import { cutGraph, taskGraph } from "#app/operations/graph";
import type { GraphView } from "#app/operations/graph";
import { interruptExitCode } from "#engine/exec/exit-code";
import { onEndSignals } from "#system/signals";
import { wallMs } from "#system/clock/clock";
import { openFullScreen } from "#system/stdio/full-screen";
import type { FullScreen } from "#system/stdio/full-screen";
import { Frames } from "./frames";
import { liveRuns } from "./item-status";
import { inputEvents } from "./key";
import { loadPainter } from "./paint";
import type { Painter } from "./paint";
import { pastEnds, pastRunLog, pastRuns } from "./past";
import { reduceTui } from "./reduce";
import type { RunSetting } from "./run-host";
import { newClock, RunKeeper } from "./run-keeper";
import { ScreenDiff } from "./screen-diff";
import { firstState } from "./state";
import type { TuiEffect, TuiEvent, TuiState } from "./state";
import { workspaceItems } from "./task-item";
import type { TaskItem } from "./task-item";
import { viewTui } from "./view";

/** How often times that go on are drawn anew. */
const TICK_MS = 500;
const CLEAR = "\x1b[2J";

export interface TuiSetting {
  readonly workspace: Workspace;
  readonly items: readonly TaskItem[];
  readonly title: string;
  readonly hasColor: boolean;
  readonly hasUnicode: boolean;
  readonly runs: Omit<RunSetting, "confirm">;
  /** Agrees to every question of a task. */
  readonly agrees: boolean;
  /** What the list is filtered by at the start. */
  readonly filter?: string;
  /** What to run at once, its log in front: how that ends is how the program ends. */
  readonly first?: { readonly item: TaskItem; readonly words: readonly string[] };
  /** Writes to the terminal; settled when it has taken the text. */
  readonly write: (text: string) => Promise<void>;
  /** Draws the screen. */
  readonly view?: typeof viewTui;
}

/** The exit code; undefined where there is no terminal to take over. */
export async function runTui(setting: TuiSetting): Promise<number | undefined> {
  return new TuiApp(setting, await loadPainter(setting.hasColor)).run();
}

/** Joins the pure state to the terminal, the clock, the runs and the history. */
class TuiApp {
  readonly #setting: TuiSetting;
  readonly #paint: Painter;
  readonly #diff = new ScreenDiff();
  readonly #frames = new Frames(() => this.#draw());
  readonly #keeper: RunKeeper;
  readonly #nowMs = newClock();
  /** Settled with the signal that ends the program, if one does; rejected by a bug. */
  readonly #end = Promise.withResolvers<string | undefined>();
  #state: TuiState;
  #workspace: Workspace;
  #screen: FullScreen | undefined;
  #graph: GraphView | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  /** Runs that have the terminal to themselves. */
  #lent = 0;
  #isQuitting = false;
  #isHungUp = false;

  constructor(setting: TuiSetting, painter: Painter) {
    this.#setting = setting;
    this.#paint = painter;
    this.#workspace = setting.workspace;
    const { title, hasUnicode, items, runs, agrees } = setting;
    const first = firstState({ title, hasUnicode, items, columns: 80, rows: 24 });
    this.#state = { ...first, filter: setting.filter ?? "" };
    this.#keeper = new RunKeeper({
      runs,
      agrees,
      hasUnicode,
      nowMs: this.#nowMs,
      take: (event) => this.#guard(() => this.#take(event)),
      fail: (error) => this.#end.reject(error),
      reloaded: (workspace) => this.#guard(() => this.#reload(workspace)),
      lendTerminal: (isLent) => this.#guard(() => this.#lend(isLent)),
    });
  }

  async run(): Promise<number | undefined> {
    const screen = openFullScreen({
      input: (text) => this.#guard(() => this.#input(text)),
      resized: (size) => this.#guard(() => this.#resize(size)),
      entered: () => this.#guard(() => this.#redraw()),
      closed: () => this.#guard(() => this.#signal("SIGHUP")),
    });
    if (screen === undefined) return undefined;
    this.#screen = screen;
    const signals = onEndSignals((signal) => this.#guard(() => this.#signal(signal)));
    try {
      this.#guard(() => this.#begin(screen));
      return this.#exitCode(await this.#end.promise);
    } finally {
      this.#frames.stop();
      clearInterval(this.#ticker);
      await this.#frames.sent;
      screen[Symbol.dispose]();
      signals[Symbol.dispose]();
    }
  }

  #begin(screen: FullScreen): void {
    this.#resize(screen.size());
    this.#load(async () => ({ type: "past-ends", ends: await pastEnds(this.#workspace) }));
    const { first } = this.#setting;
    if (first === undefined) return;
    this.#state = {
      ...this.#state,
      cursor: first.item.key,
      focus: "detail",
      starting: new Set([first.item.key]),
      arguments: new Map([[first.item.key, first.words]]),
    };
    this.#keeper.start(first.item, first.words);
  }

  #exitCode(signal: string | undefined): number {
    if (signal !== undefined) return interruptExitCode(signal);
    return this.#setting.first === undefined ? 0 : (this.#keeper.firstExit ?? 1);
  }

  /** A bug ends the program as any bug does, but the terminal is given back before anything is said of it. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#end.reject(error);
    }
  }

  /** Reads something and tells the state of it. */
  #load(read: () => Promise<TuiEvent>): void {
    read().then(
      (event) => this.#guard(() => this.#take(event)),
      (error: unknown) => this.#end.reject(error),
    );
  }

  #input(text: string): void {
    for (const event of inputEvents(text)) this.#take(event);
  }

  #signal(signal: string): void {
    // That the terminal has been closed is heard in two ways, and asks once.
    if (signal === "SIGHUP" && this.#isHungUp) return;
    this.#isHungUp ||= signal === "SIGHUP";
    // A terminal's Ctrl-C is for whoever has the terminal.
    if (signal !== "SIGINT" || this.#lent === 0) this.#take({ type: "signal", signal });
  }

  #take(event: TuiEvent): void {
    const { state, effects } = reduceTui(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#watchClock();
    this.#frames.want();
  }

  /** Time goes on only where something runs. */
  #watchClock(): void {
    const isNeeded = liveRuns(this.#state).length > 0;
    if (isNeeded === (this.#ticker !== undefined)) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    if (!isNeeded) return;
    const tick = (): void => this.#guard(() => this.#take({ type: "tick", nowMs: this.#nowMs() }));
    this.#ticker = setInterval(tick, TICK_MS);
  }

  #perform(effect: TuiEffect): void {
    switch (effect.type) {
      case "run":
        return this.#keeper.start(effect.item, effect.words);
      case "retry-failed":
        return this.#retry(effect);
      case "stop":
        return this.#keeper.stop(effect.run, effect.ids);
      case "interrupt":
        return this.#keeper.interrupt(effect.run, effect.signal);
      case "pause":
        return this.#keeper.pause(effect.run, effect.ids, effect.isPaused);
      case "answer":
        return this.#keeper.answer(effect.id, effect.yes);
      case "load-graph":
        return this.#loadGraph(effect.item);
      case "load-past-runs":
        return this.#load(async () => ({
          type: "past-runs",
          runs: await pastRuns(this.#workspace),
          wallMs: wallMs(),
        }));
      case "load-past-run":
        return this.#loadPastRun(effect);
      case "copy":
        return void this.#setting.write(clipboardText(effect.text));
      case "suspend":
        return void this.#frames.sent.then(() => this.#screen?.suspend());
      case "redraw":
        return this.#redraw();
      case "quit":
        return this.#quit(effect.signal);
    }
  }

  /** The configuration has been read again for a run: the list shows what it has now. */
  #reload(workspace: Workspace): void {
    this.#workspace = workspace;
    this.#graph = undefined;
    this.#take({ type: "items", items: workspaceItems(workspace, false) });
  }

  #retry({ run, record }: Extract<TuiEffect, { readonly type: "retry-failed" }>): void {
    const view = this.#state.runs.get(run);
    const item = this.#state.items.find(({ key }) => key === view?.item);
    if (item !== undefined) this.#keeper.start(item, this.#state.arguments.get(item.key) ?? [], record);
  }

  #loadGraph({ name }: TaskItem): void {
    this.#graph ??= taskGraph(this.#workspace);
    const isThere = this.#graph.nodes.some(({ id }) => id === name);
    const graph: GraphView = isThere
      ? cutGraph(this.#graph, { from: [name], reverse: false })
      : { v: 1, nodes: [], edges: [], roots: [] };
    this.#take({ type: "graph", of: name, graph });
  }

  #loadPastRun({ run, withLogs }: Extract<TuiEffect, { readonly type: "load-past-run" }>): void {
    const { hasUnicode } = this.#setting;
    const workspace = this.#workspace;
    this.#load(async () => ({
      type: "past-log",
      run,
      log: await pastRunLog(workspace, run, { withLogs, hasUnicode }),
    }));
  }

  /** Leaves as soon as nothing goes on any more; what was asked first counts. */
  #quit(signal: string | undefined): void {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    void this.#keeper.ended(signal ?? "SIGTERM").then(() => this.#end.resolve(signal));
  }

  #lend(isLent: boolean): void {
    this.#lent += isLent ? 1 : -1;
    if (isLent && this.#lent === 1) this.#screen?.pause();
    if (!isLent && this.#lent === 0) this.#screen?.resume();
  }

  #resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    // What a terminal makes of what it shows when it changes is its own business.
    this.#redraw();
    this.#take({ type: "resize", columns, rows });
  }

  #redraw(): void {
    this.#diff.forget();
    if (this.#lent === 0) void this.#setting.write(CLEAR);
    this.#frames.want();
  }

  #draw(): void | Promise<void> {
    if (this.#lent > 0) return undefined;
    let text = "";
    this.#guard(() => {
      const rows = (this.#setting.view ?? viewTui)(this.#state);
      text = this.#diff.next(rows.map(this.#paint));
    });
    return text === "" ? undefined : this.#setting.write(text);
  }
}

/** Puts text into the clipboard of terminals that allow it (xterm's OSC 52). */
const clipboardText = (text: string): string => `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
