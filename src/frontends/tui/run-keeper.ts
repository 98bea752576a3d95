import type { InstanceId } from "#core/model/ids";
import type { RunRecord } from "#core/model/record";
import type { Workspace } from "#core/workspace/workspace";
import { monotonicMs } from "#system/clock/clock";
import { problemText } from "./problem-text";
import { hostRun } from "./run-host";
import type { HostedRun, RunRequest, RunSetting } from "./run-host";
import type { TuiEvent } from "./state";
import type { TaskItem } from "./task-item";

export interface RunKeeperOptions {
  readonly runs: Omit<RunSetting, "confirm">;
  /** Agrees to every question of a task. */
  readonly agrees: boolean;
  readonly hasUnicode: boolean;
  readonly take: (event: TuiEvent) => void;
  /** This program's clock. */
  readonly nowMs: () => number;
  /** Told of the configuration that a run is planned over. */
  readonly reloaded: (workspace: Workspace) => void;
  /** Told of a bug. */
  readonly fail: (error: unknown) => void;
  /** Gives the terminal to a run that wants it, and takes it back. */
  readonly lendTerminal: (isLent: boolean) => void;
}

/** The runs that the screen has started: how they are begun, influenced, asked about and waited for. */
export class RunKeeper {
  readonly #options: RunKeeperOptions;
  readonly #runs = new Map<string, HostedRun>();
  readonly #going = new Set<Promise<unknown>>();
  readonly #questions = new Map<number, (yes: boolean) => void>();
  #questionCount = 0;
  #endSignal: string | undefined;
  #firstExit: number | undefined;

  constructor(options: RunKeeperOptions) {
    this.#options = options;
  }

  /** Exit code of the run that has been started first, once it is over. */
  get firstExit(): number | undefined {
    return this.#firstExit;
  }

  /** Starts a run; what comes of it is told by events. With `failedOf` only what went wrong in that run. */
  start(item: TaskItem, words: readonly string[], failedOf?: RunRecord): void {
    this.#keep(this.#start(item, words, failedOf));
  }

  stop(run: string, ids: readonly InstanceId[]): void {
    this.#runs.get(run)?.control.stop(ids);
  }

  interrupt(run: string, signal: string): void {
    this.#runs.get(run)?.control.interrupt(signal);
  }

  pause(run: string, ids: readonly InstanceId[], isPaused: boolean): void {
    this.#runs.get(run)?.control.pause(ids, isPaused);
  }

  answer(id: number, yes: boolean): void {
    this.#questions.get(id)?.(yes);
    this.#questions.delete(id);
  }

  /** Settled when nothing goes on; what is still to begin is stopped as soon as it does. */
  async ended(signal: string): Promise<void> {
    this.#endSignal ??= signal;
    for (const id of this.#questions.keys()) this.answer(id, false);
    while (this.#going.size > 0) await Promise.all(this.#going);
  }

  #keep(work: Promise<void>): void {
    const going = work.catch(this.#options.fail);
    this.#going.add(going);
    void going.then(() => this.#going.delete(going));
  }

  async #start(item: TaskItem, words: readonly string[], failedOf: RunRecord | undefined): Promise<void> {
    const { runs, hasUnicode, take, nowMs, lendTerminal, reloaded } = this.#options;
    const request: RunRequest = {
      item,
      words,
      ...(failedOf === undefined ? {} : { failedOf }),
      accepted: (run) => take({ type: "accepted", run, item: item.key, nowMs: nowMs() }),
      event: (event) => take({ type: "run", event, nowMs: nowMs() }),
      needsTerminal: lendTerminal,
      reloaded,
    };
    const hosted = await hostRun({ ...runs, confirm: (text) => this.#ask(text) }, request);
    if (!hosted.ok) {
      const { short, lines } = problemText(hosted.error, { cwd: runs.load.cwd, hasUnicode, columns: 80 });
      this.#firstExit ??= 2;
      return take({ type: "refused", item: item.key, text: short, lines });
    }
    const { run, control, over } = hosted.value;
    this.#runs.set(run, hosted.value);
    if (this.#endSignal !== undefined) control.interrupt(this.#endSignal);
    const exitCode = await over;
    this.#firstExit ??= exitCode;
    this.#runs.delete(run);
  }

  #ask(text: string): Promise<boolean | undefined> {
    if (this.#options.agrees) return Promise.resolve(true);
    if (this.#endSignal !== undefined) return Promise.resolve(false);
    this.#questionCount += 1;
    const id = this.#questionCount;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#questions.set(id, resolve);
    this.#options.take({ type: "question", id, text });
    return promise;
  }
}

/** A clock that begins at nothing now. */
export function newClock(): () => number {
  const start = monotonicMs();
  return () => monotonicMs() - start;
}
