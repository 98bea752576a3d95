import { relativeTo } from "#base/path";
import type { Result } from "#base/result";
import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { isGood } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import { longRunning, selectRerun } from "#core/watch/rerun-selection";
import { watchStart, watchStep } from "#core/watch/watch-machine";
import type { AskedRun, WatchAction, WatchInput, WatchState, WatchWork } from "#core/watch/watch-machine";
import type { PlannedRun } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import { interruptExitCode } from "#engine/exec/exit-code";
import type { PlanControl } from "#engine/exec/run-plan";
import { monotonicMs } from "#system/clock/clock";
import { openWatcher } from "#system/watch/open-watcher";
import type { PollingReason, Watcher, WatchReport } from "#system/watch/watcher";
import { changedInstances } from "./changed-instances";
import { TrackedRun } from "./tracked-run";
import { WatchFiles } from "./watch-files";
import { loadTarget, makeTarget } from "./watch-target";
import type { WatchRequest, WatchTarget } from "./watch-target";

/** What a watch says about itself, beside its runs. Paths are relative to the workspace root. */
export type WatchEvent =
  /** Nothing is left of the run that ends by itself. */
  | { readonly type: "waiting"; readonly tasks: number; readonly isPaused: boolean }
  | {
      readonly type: "starting";
      readonly files: readonly string[];
      readonly asked: readonly AskedRun[];
      readonly run: readonly InstanceId[];
      /** `[watch] clear`. */
      readonly clear: boolean;
    }
  | { readonly type: "polling"; readonly reason: PollingReason; readonly intervalMs: number }
  | { readonly type: "reloaded"; readonly files: readonly string[] }
  /** The old configuration stays, or nothing was started. */
  | { readonly type: "refused"; readonly problems: Problems; readonly keepsOld: boolean }
  | { readonly type: "loop"; readonly files: readonly string[] }
  | { readonly type: "nothing"; readonly asked: readonly AskedRun[] };

/** A run as whoever shows it has started it. */
export interface LaunchedWatchRun {
  readonly control: PlanControl;
  /** Settled when the run is over and all is written. */
  readonly over: Promise<void>;
}

export interface WatchHooks {
  readonly launch: (
    planned: PlannedRun,
    options: {
      readonly settled: ReadonlyMap<InstanceId, Outcome>;
      readonly subscriber: RunSubscriber;
    },
  ) => Promise<Result<LaunchedWatchRun, Problems>>;
  /** Awaited, so that what is said stands before what follows. */
  readonly tell: (event: WatchEvent) => Promise<void>;
}

export interface WatchOptions {
  readonly request: WatchRequest;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly polls: boolean;
  readonly pollMs: number;
}

/** So long after the end of a run what is told still counts as its own. */
const LATE_MS = 10;

/** Runs what was asked for, then what changes of files affect, until it is stopped. */
export class WatchSession {
  readonly #options: WatchOptions;
  readonly #hooks: WatchHooks;
  readonly #files: WatchFiles;
  readonly #runs = new Set<TrackedRun>();
  readonly #outcomes = new Map<InstanceId, Outcome>();
  readonly #ended = Promise.withResolvers<number>();
  #target: WatchTarget;
  #state: WatchState = watchStart;
  #watcher: Watcher | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastRun: readonly InstanceId[] = [];
  #isStale = false;
  #quitCode: number | undefined;
  /** Why something could not be told. */
  #unsaid: { readonly error: unknown } | undefined;
  /** Something is being prepared that an end has to wait for. */
  #isStarting = false;

  constructor(target: WatchTarget, options: WatchOptions, hooks: WatchHooks) {
    this.#target = target;
    this.#options = options;
    this.#hooks = hooks;
    this.#files = new WatchFiles(target, options.env);
  }

  /**
   * Goes on until `stop`; gives the exit code.
   *
   * @throws what `tell` was rejected with
   */
  async run(): Promise<number> {
    this.#watcher = await openWatcher({
      root: this.#target.loaded.workspace.root,
      follows: (folder) => this.#files.follows(folder),
      note: (file) => this.#files.noteChange(file),
      hear: (report) => this.#hear(report),
      polls: this.#options.polls,
      pollMs: this.#options.pollMs,
    });
    const { followed } = this.#target;
    if (followed.size === 0) this.#becameIdle();
    else void this.#runAgain(followed);
    const code = await this.#ended.promise;
    clearTimeout(this.#timer);
    this.#watcher[Symbol.dispose]();
    if (this.#unsaid !== undefined) throw this.#unsaid.error;
    return code;
  }

  get isPaused(): boolean {
    return this.#state.isPaused;
  }

  /** Runs something again by hand, after what runs now. */
  ask(what: AskedRun): void {
    this.#take({ type: "asked", what, at: monotonicMs() });
  }

  /** Changes are remembered and not acted on while it is paused. */
  pause(isPaused: boolean): void {
    this.#take({ type: "pause", isPaused, at: monotonicMs() });
    if (!this.#state.isRunning) void this.#tellWaiting();
  }

  /**
   * Stops what runs, lets clean-ups run, and ends; the second time kills everything.
   *
   * @param exitCode instead of the one that belongs to the signal
   */
  stop(signal: string, exitCode?: number): void {
    this.#quitCode ??= exitCode ?? interruptExitCode(signal);
    for (const run of this.#runs) run.control?.interrupt(signal);
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#quitCode !== undefined && this.#runs.size === 0 && !this.#isStarting)
      this.#ended.resolve(this.#quitCode);
  }

  #hear(report: WatchReport): void {
    if (report.type === "polling") return void this.#tell(report);
    const files: string[] = [];
    const ids = new Set<InstanceId>();
    let hasConfig = false;
    let hasIgnoreFile = false;
    for (const path of report.paths) {
      const meaning = this.#files.meaning(path);
      hasConfig ||= meaning.isConfig;
      hasIgnoreFile ||= meaning.isIgnoreFile;
      if (meaning.ids.length > 0 || meaning.isConfig) files.push(path);
      for (const id of meaning.ids) ids.add(id);
    }
    this.#isStale ||= hasConfig;
    // What is followed already is judged anew.
    if (hasIgnoreFile) this.#watcher?.refollow();
    if (files.length > 0)
      this.#take({ type: "changed", files, debounceMs: this.#files.debounceMs(ids), at: monotonicMs() });
  }

  #take(input: WatchInput): void {
    if (this.#quitCode !== undefined) return this.#endIfIdle();
    const { state, actions } = watchStep(this.#state, input);
    this.#state = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: WatchAction): void {
    switch (action.type) {
      case "wait":
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#take({ type: "elapsed", at: monotonicMs() }), action.ms);
        return;
      case "interrupt":
        return this.#interrupt(action.work);
      case "start":
        return void this.#start(action.work);
      case "loop":
        return void this.#tell({ type: "loop", files: this.#relative(action.files) });
    }
  }

  /** What runs and is out of date is stopped where its task wants that; the rest goes on to its end. */
  #interrupt(work: WatchWork): void {
    const { restart } = this.#select(this.#directOf(work, []));
    for (const run of this.#runs) void run.stop(restart);
    if (restart.length > 0) this.#take({ type: "cut", at: monotonicMs() });
  }

  async #start(work: WatchWork): Promise<void> {
    this.#isStarting = true;
    const reloaded = await this.#reload();
    const direct = this.#directOf(work, reloaded);
    if (direct.size === 0) {
      if (work.asked.length > 0) await this.#tell({ type: "nothing", asked: work.asked });
      return this.#settle();
    }
    const stopped = work.asked.includes("all") ? this.#alive() : new Set<InstanceId>();
    const { run, restart } = this.#select(direct, stopped);
    if (run.length === 0) return this.#settle();
    await this.#tell({
      type: "starting",
      files: this.#relative(work.files),
      asked: work.asked,
      run: this.#shown(run),
      clear: this.#target.settings.clear,
    });
    await Promise.all([...this.#runs].map((one) => one.stop(restart)));
    return this.#runAgain(direct, stopped);
  }

  /** Starts a run of the instances and of what goes with them. */
  async #runAgain(direct: ReadonlySet<InstanceId>, stopped?: ReadonlySet<InstanceId>): Promise<void> {
    this.#isStarting = true;
    const { run, settled } = this.#select(direct, stopped);
    if (this.#quitCode !== undefined || run.length === 0) return this.#settle();
    this.#lastRun = [...direct];
    const { planned } = this.#target;
    const tracked = new TrackedRun(planned.plan, longRunning(planned.plan, this.#isRestartable), {
      ended: (id, outcome) => this.#outcomes.set(id, outcome),
      // What the run itself has written last may be told a moment after its end.
      idle: () => setTimeout(() => this.#becameIdle(), LATE_MS),
    });
    this.#runs.add(tracked);
    const launched = await this.#hooks.launch(planned, { settled, subscriber: tracked.subscriber });
    this.#isStarting = false;
    if (!launched.ok) {
      await this.#tell({ type: "refused", problems: launched.error, keepsOld: false });
      this.#runs.delete(tracked);
      return tracked.over();
    }
    tracked.control = launched.value.control;
    if (this.#quitCode !== undefined) tracked.control.interrupt("SIGINT");
    await launched.value.over;
    this.#runs.delete(tracked);
    tracked.over();
    this.#endIfIdle();
  }

  #settle(): void {
    this.#isStarting = false;
    this.#becameIdle();
  }

  #becameIdle(): void {
    this.#take({ type: "idle", at: monotonicMs() });
    if (!this.#state.isRunning && this.#quitCode === undefined) void this.#tellWaiting();
  }

  /** What can't be said, as on a full disk, ends the watch in order; `run` fails with the reason. */
  async #tell(event: WatchEvent): Promise<void> {
    try {
      await this.#hooks.tell(event);
    } catch (error) {
      this.#unsaid ??= { error };
      if (this.#quitCode === undefined) this.stop("SIGTERM");
    }
  }

  #tellWaiting(): Promise<void> {
    return this.#tell({
      type: "waiting",
      tasks: [...this.#target.watch.specs.values()].filter((spec) => spec.isFollowed).length,
      isPaused: this.#state.isPaused,
    });
  }

  /** Follows a changed configuration; gives the instances that it changes. */
  async #reload(): Promise<readonly InstanceId[]> {
    const isStale = this.#isStale;
    const hasConditions = this.#target.planned.conditions !== undefined;
    if (!isStale && !hasConditions) return [];
    this.#isStale = false;
    const { request } = this.#options;
    // Conditions answer once a run: another run asks anew.
    const made = isStale
      ? await loadTarget(request)
      : await makeTarget(this.#target.loaded, request, this.#target.input);
    if (!made.ok) {
      await this.#tell({ type: "refused", problems: made.error, keepsOld: true });
      return [];
    }
    const changed = new Set(changedInstances(this.#target.planned.plan, made.value.planned.plan));
    const alive = this.#alive();
    this.#target = made.value;
    if (isStale) await this.#adopt(made.value);
    // What could not be run so far may be possible now.
    for (const { id, heldBy } of isStale ? made.value.planned.plan.instances : [])
      if (heldBy === undefined && !this.#outcomes.has(id) && !alive.has(id)) changed.add(id);
    return [...changed].filter((id) => made.value.followed.has(id));
  }

  async #adopt(target: WatchTarget): Promise<void> {
    this.#files.use(target);
    this.#watcher?.refollow();
    const known = new Set(target.planned.plan.instances.map(({ id }) => id));
    for (const id of this.#outcomes.keys()) if (!known.has(id)) this.#outcomes.delete(id);
    const gone = [...this.#alive()].filter((id) => !known.has(id));
    await Promise.all([...this.#runs].map((run) => run.stop(gone)));
    await this.#tell({ type: "reloaded", files: this.#relative([...target.configFiles]) });
  }

  /** The instances that work is about, dependents not among them. */
  #directOf({ files, asked }: WatchWork, reloaded: readonly InstanceId[]): ReadonlySet<InstanceId> {
    const direct = new Set(reloaded);
    for (const file of files) for (const id of this.#files.meaning(file).ids) direct.add(id);
    if (asked.includes("all")) for (const id of this.#target.followed) direct.add(id);
    if (asked.includes("again")) for (const id of this.#lastRun) direct.add(id);
    if (asked.includes("failed"))
      for (const [id, { state, allowed }] of this.#outcomes)
        if (!isGood(state) && allowed !== true && !this.#alive().has(id)) direct.add(id);
    return direct;
  }

  #select(
    direct: ReadonlySet<InstanceId>,
    stopped?: ReadonlySet<InstanceId>,
  ): ReturnType<typeof selectRerun> {
    const { planned, followed, watch } = this.#target;
    const good = new Map([...this.#outcomes].filter(([id]) => followed.has(id)));
    const restartable = [...watch.specs.values()].filter((spec) => spec.restart).map((spec) => spec.id);
    return selectRerun({
      plan: planned.plan,
      followed,
      direct,
      outcomes: good,
      alive: this.#alive(),
      restartable: new Set([...restartable, ...(stopped ?? [])]),
    });
  }

  #alive(): ReadonlySet<InstanceId> {
    return new Set([...this.#runs].flatMap((run) => [...run.alive()]));
  }

  readonly #isRestartable = (id: InstanceId): boolean => this.#target.watch.specs.get(id)?.restart === true;

  /** Instances as they are told of: without what others call and what handles others. */
  #shown(run: readonly InstanceId[]): readonly InstanceId[] {
    const chosen = new Set(run);
    return this.#target.planned.plan.instances
      .filter(({ id, heldBy }) => heldBy === undefined && chosen.has(id))
      .map(({ id }) => id);
  }

  #relative(files: readonly string[]): readonly string[] {
    return files.map((file) => relativeTo(this.#target.loaded.workspace.root, file));
  }
}
