import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import { reduceRun } from "#core/model/record";
import type { RunRecord } from "#core/model/record";
import type { PlanControl } from "#engine/exec/run-plan";
import { LogExcerpt } from "#app/log-excerpt";

/** Runs at once; each may have children without number. */
const MOST_ACTIVE = 16;
/** Ended runs that are remembered; the history has the others. */
const MOST_ENDED = 20;
/** What of the output of an instance is kept after so many have spoken: nothing. */
const MOST_LOGS = 500;

/** A run that this program has started. */
export class DeskRun implements RunSubscriber {
  readonly id: RunId;
  readonly logs = new Map<InstanceId, LogExcerpt>();
  /** Settles when the run has ended and everything about it is stored; with its exit code. */
  readonly done: Promise<number>;
  readonly #settle: (exitCode: number) => void;
  readonly #onEvent: (event: RunEvent, run: DeskRun) => void;
  readonly #onOutput: (instance: InstanceId, run: DeskRun) => void;
  #record: RunRecord | undefined;
  #control: PlanControl | undefined;
  #isCancelled = false;

  constructor(id: RunId, { onEvent, onOutput }: DeskRunHearers) {
    this.id = id;
    this.#onEvent = onEvent;
    this.#onOutput = onOutput;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.done = promise;
    this.#settle = resolve;
  }

  /** As far as its events have told. */
  get record(): RunRecord | undefined {
    return this.#record;
  }

  readonly event = (event: RunEvent): void => {
    this.#record = reduceRun(this.#record, event);
    this.#onEvent(event, this);
  };

  readonly output: NonNullable<RunSubscriber["output"]> = ({ id, bytes }) => {
    let log = this.logs.get(id);
    if (log === undefined) {
      if (this.logs.size >= MOST_LOGS) return;
      this.logs.set(id, (log = new LogExcerpt()));
    }
    log.append(bytes);
    this.#onOutput(id, this);
  };

  /** To be called when the run has been set going. */
  started(control: PlanControl): void {
    this.#control = control;
    if (this.#isCancelled) control.interrupt("SIGTERM");
  }

  ended(exitCode: number): void {
    this.#settle(exitCode);
  }

  /** Stops it; a second time kills what is left. */
  cancel(): void {
    this.#isCancelled = true;
    this.#control?.interrupt("SIGTERM");
  }
}

export interface DeskRunHearers {
  readonly onEvent: (event: RunEvent, run: DeskRun) => void;
  /** Something that it has printed has been put to its log. */
  readonly onOutput: (instance: InstanceId, run: DeskRun) => void;
}

/** A run has come further; with an instance, that has printed something. Called often, and must return at once. */
export type DeskHearer = (run: DeskRun, printed?: InstanceId) => void;

/** The runs that this program has started, those in progress and the last that have ended. */
export class RunDesk {
  readonly #active = new Map<string, DeskRun>();
  readonly #ended = new Map<string, DeskRun>();
  readonly #hearers = new Set<DeskHearer>();
  #isClosed = false;

  /** Tells of every run from now on. */
  hear(hearer: DeskHearer): Disposable {
    this.#hearers.add(hearer);
    return { [Symbol.dispose]: () => void this.#hearers.delete(hearer) };
  }

  /** Makes a place for a run; undefined where there is none left. */
  open(id: RunId, onEvent: (event: RunEvent, run: DeskRun) => void): DeskRun | undefined {
    if (this.#isClosed || this.#active.size >= MOST_ACTIVE) return undefined;
    const run = new DeskRun(id, {
      onEvent: (event, own) => {
        onEvent(event, own);
        this.#tell(own);
      },
      onOutput: (instance, own) => this.#tell(own, instance),
    });
    this.#active.set(id, run);
    void run.done.then(() => this.#end(run));
    return run;
  }

  /** Gives a place back where the run could not be started. */
  drop(run: DeskRun): void {
    this.#active.delete(run.id);
  }

  get active(): readonly DeskRun[] {
    return [...this.#active.values()];
  }

  /** The run that was started last. */
  get newest(): DeskRun | undefined {
    return this.active.at(-1) ?? [...this.#ended.values()].at(-1);
  }

  /** By its id or a beginning that only one has; `last` is the last in progress, as others may have run since. */
  find(reference: string): DeskRun | undefined {
    const all = [...this.#ended.values(), ...this.#active.values()];
    if (reference === "last") return this.active.at(-1);
    const exact = all.find(({ id }) => id === reference);
    const begun = reference === "" ? [] : all.filter(({ id }) => id.startsWith(reference));
    return exact ?? (begun.length === 1 ? begun[0] : undefined);
  }

  /** Stops every run, starts no more, and waits until nothing is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = this.active;
    for (const run of running) run.cancel();
    await Promise.all(running.map(({ done }) => done));
  }

  #tell(run: DeskRun, printed?: InstanceId): void {
    for (const hearer of this.#hearers) hearer(run, printed);
  }

  #end(run: DeskRun): void {
    this.#active.delete(run.id);
    this.#ended.set(run.id, run);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    // By now the history has it too.
    this.#tell(run);
  }
}

export const ACTIVE_LIMIT = MOST_ACTIVE;
