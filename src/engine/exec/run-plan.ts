import type { PlannedInstance, RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Outcome, StopReason } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import { compileSecrets } from "#engine/env/secret-automaton";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { monotonicMs, randomUnit, wallMs } from "#system/clock/clock";
import { Attempt } from "./attempt";
import type { AttemptResult } from "./attempt";
import { ChildEnvironment } from "./child-environment";
import { commandText } from "./command-text";
import type { Conditions } from "./conditions";
import { EventHub } from "./event-hub";
import { signalExitCode } from "./exit-code";
import type { Environments } from "./instance-environment";
import type { ChildGuard, Confirm, RunContext, SlotSharing } from "./run-context";
import { RunFolder } from "./run-folder";
import { Scheduler } from "./scheduler";
import type { SchedulerAction, SchedulerInput } from "./scheduler";

export interface RunOptions {
  readonly id: RunId;
  /** Version of zr, for the record. */
  readonly zr: string;
  /** What was asked for, in words, for the record. */
  readonly request: readonly string[];
  readonly jobs: number;
  readonly failFast: boolean;
  readonly killOnFail: boolean;
  /** Of the whole run. */
  readonly timeoutMs?: number;
  readonly os: string;
  readonly arch: string;
  readonly subscribers: readonly RunSubscriber[];
  readonly environments: Environments;
  readonly conditions: Conditions;
  readonly confirm: Confirm;
  /** Called once, some time after the first child has been started; the children of the run are told to it. */
  readonly openGuard: () => Promise<ChildGuard & { readonly close: () => void }>;
  /** Slots to share with children; undefined where there is nothing to share. */
  readonly openSlots: ((folder: RunFolder) => Promise<SlotSharing>) | undefined;
}

/** The way a run is influenced while it goes on. */
export interface RunControl {
  /** Stop everything, let clean-ups run. A second time: kill everything. */
  readonly interrupt: (signal: string) => void;
}

export interface RunResult {
  readonly outcomes: ReadonlyMap<InstanceId, Outcome>;
  readonly interrupted: string | undefined;
  readonly isTimedOut: boolean;
  readonly exitCode: number;
}

export interface ExitPolicy {
  /** `--no-exit-code`: 1 instead of the task's own code. */
  readonly ownCode: boolean;
}

/** A run that has been set going: how to influence it and how it ends. */
export interface StartedRun {
  readonly control: RunControl;
  readonly result: Promise<RunResult>;
}

/** Runs a plan. Everything that happens is told to the subscribers; the result only says how it ended. */
export function runPlan(plan: Plan, options: RunOptions, exit: ExitPolicy): StartedRun {
  const run = new Run(plan, options, exit);
  return { control: run, result: run.execute() };
}

class Run implements RunControl {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #exit: ExitPolicy;
  readonly #scheduler: Scheduler;
  readonly #startedAt = monotonicMs();
  readonly #hub: EventHub;
  readonly #folder: RunFolder;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #attempts = new Map<InstanceId, Attempt>();
  readonly #calls = new Map<InstanceId, (isGood: boolean) => void>();
  /** Gives back the shared slots that an instance has. */
  readonly #slots = new Map<InstanceId, () => void>();
  readonly #outcomes = new Map<InstanceId, Outcome>();
  readonly #spent = new Map<InstanceId, { firstStart: number; cpuMs: number; exitCode: number | null }>();
  readonly #secrets = new Map<string, SecretAutomaton | undefined>();
  readonly #done = Promise.withResolvers<void>();
  readonly #guard = new LateGuard();
  #context: RunContext | undefined;
  readonly #ending = new AbortController();
  #interrupted: string | undefined;
  #isTimedOut = false;

  constructor(plan: Plan, options: RunOptions, exit: ExitPolicy) {
    this.#plan = plan;
    this.#options = options;
    this.#exit = exit;
    this.#scheduler = new Scheduler(plan, options);
    this.#hub = new EventHub(options.id, options.subscribers, () => monotonicMs() - this.#startedAt);
    this.#folder = new RunFolder(plan.root, options.id);
    this.#instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
  }

  async execute(): Promise<RunResult> {
    const { openSlots } = this.#options;
    const slots = openSlots === undefined ? undefined : await openSlots(this.#folder);
    this.#context = this.#makeContext(slots);
    this.#announce();
    const timer =
      this.#options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => this.#timeOut(), this.#options.timeoutMs);
    this.#take({ type: "begin" });
    await this.#done.promise;
    clearTimeout(timer);
    this.#guard.close();
    slots?.close();
    const exitCode = this.#exitCode();
    this.#hub.emit({
      type: "run.finished",
      exitCode,
      durationMs: this.#elapsed(),
      ...(this.#interrupted === undefined ? {} : { interrupted: this.#interrupted }),
    });
    // Readers may have put what they still hold there.
    await this.#hub.close();
    await this.#folder.remove();
    return {
      outcomes: this.#outcomes,
      interrupted: this.#interrupted,
      isTimedOut: this.#isTimedOut,
      exitCode,
    };
  }

  interrupt(signal: string): void {
    // A terminal's Ctrl-C goes to whoever has the terminal: an interactive task decides for itself what it means.
    if (signal === "SIGINT" && this.#hasTerminal()) return;
    const reason: StopReason = { kind: "interrupt", signal };
    const isSecond = this.#interrupted !== undefined;
    this.#interrupted ??= signal;
    this.#ending.abort();
    this.#take({ type: isSecond ? "abort" : "cancel", reason });
  }

  #hasTerminal(): boolean {
    return this.#attempts.keys().some((id) => this.#instances.get(id)?.interactive === true);
  }

  #timeOut(): void {
    this.#isTimedOut = true;
    this.#ending.abort();
    this.#take({ type: "cancel", reason: { kind: "run-timeout" } });
  }

  #elapsed(): number {
    return monotonicMs() - this.#startedAt;
  }

  #makeContext(slots: SlotSharing | undefined): RunContext {
    const { id, os, arch, environments, conditions, confirm } = this.#options;
    const secretsOf = (values: readonly string[]): SecretAutomaton | undefined => {
      if (values.length === 0) return undefined;
      const key = values.join("\0");
      if (!this.#secrets.has(key)) this.#secrets.set(key, compileSecrets(values));
      return this.#secrets.get(key);
    };
    return {
      id,
      plan: this.#plan,
      hub: this.#hub,
      folder: this.#folder,
      environments,
      childEnvironment: new ChildEnvironment({ id, plan: this.#plan, makeflagsFor: slots?.makeflagsFor }),
      conditions,
      guard: this.#guard,
      confirm,
      os,
      arch,
      slots,
      secretsOf,
    };
  }

  #announce(): void {
    const { zr, request, jobs } = this.#options;
    this.#hub.emit({ type: "run.started", wallMs: wallMs(), zr, root: this.#plan.root, request, jobs });
    const { requested, criticalPath, instances } = this.#plan;
    this.#hub.emit({ type: "run.planned", instances: instances.map(planned), requested, criticalPath });
  }

  #take(input: SchedulerInput): void {
    for (const action of this.#scheduler.step(input)) this.#perform(action);
  }

  #perform(action: SchedulerAction): void {
    switch (action.type) {
      case "queued":
        return this.#hub.emit({ type: "instance.queued", id: action.id });
      case "start":
        return void this.#start(action.id, action.attempt);
      case "resume":
        return void this.#resume(action.id, action.isGood);
      case "wait":
        setTimeout(() => this.#take({ type: "timer", id: action.id }), action.delayMs);
        return;
      case "stop":
        return this.#attempts.get(action.id)?.stop(action.reason);
      case "kill":
        return this.#attempts.get(action.id)?.kill(action.reason);
      case "settle":
        return this.#settle(action);
      case "done":
        return this.#done.resolve();
    }
  }

  async #start(id: InstanceId, number: number): Promise<void> {
    const instance = this.#instances.get(id);
    const context = this.#context;
    if (instance === undefined || context === undefined) throw new Error(`${id} was started before the run`);
    const attempt = new Attempt({ instance, number }, context, {
      call: (call) => this.#call(id, call),
      started: (pid) => this.#started(id, number, pid),
      ready: () => this.#becameReady(id),
    });
    this.#attempts.set(id, attempt);
    if (context.slots !== undefined) await this.#takeSlots(instance, context.slots);
    let result: AttemptResult;
    try {
      result = await attempt.run();
    } finally {
      this.#giveSlots(id);
    }
    this.#attempts.delete(id);
    this.#attemptEnded(id, number, result);
  }

  #started(id: InstanceId, attempt: number, pid: number): void {
    if (!this.#spent.has(id)) this.#spent.set(id, { firstStart: this.#elapsed(), cpuMs: 0, exitCode: null });
    this.#hub.emit({ type: "instance.started", id, attempt, pid });
    this.#guard.open(this.#options.openGuard);
  }

  #becameReady(id: InstanceId): void {
    this.#hub.emit({ type: "instance.ready", id });
    this.#take({ type: "ready", id });
  }

  async #takeSlots({ id, steps, persistent, limits }: Instance, slots: SlotSharing): Promise<void> {
    if (steps.length === 0 || persistent) return;
    this.#slots.set(id, await slots.acquire(limits.weight, this.#ending.signal));
  }

  #giveSlots(id: InstanceId): void {
    this.#slots.get(id)?.();
    this.#slots.delete(id);
  }

  /** While an instance waits for what it called, that has its slots. */
  #call(id: InstanceId, call: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#calls.set(id, resolve);
    this.#giveSlots(id);
    this.#take({ type: "call", id, call });
    return promise;
  }

  async #resume(id: InstanceId, isGood: boolean): Promise<void> {
    const instance = this.#instances.get(id);
    const slots = this.#context?.slots;
    if (instance !== undefined && slots !== undefined) await this.#takeSlots(instance, slots);
    // Given up meanwhile: nobody is there to give the slots back.
    if (!this.#calls.has(id)) return this.#giveSlots(id);
    this.#calls.get(id)?.(isGood);
    this.#calls.delete(id);
  }

  #attemptEnded(id: InstanceId, attempt: number, result: AttemptResult): void {
    const { outcome, facts, durationMs, cpuMs, isStarted } = result;
    const spent = this.#spent.get(id);
    if (spent !== undefined) {
      spent.cpuMs += cpuMs;
      spent.exitCode = facts.exitCode ?? null;
    }
    const actions = this.#scheduler.step({ type: "ended", id, outcome, facts, random: randomUnit() });
    if (isStarted) {
      const wait = actions.find((action) => action.type === "wait" && action.id === id);
      this.#hub.emit({
        type: "instance.attempt-finished",
        id,
        attempt,
        durationMs,
        ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
        ...(wait?.type === "wait" ? { retryInMs: wait.delayMs } : {}),
      });
    }
    for (const action of actions) this.#perform(action);
  }

  #settle({ id, outcome, attempts }: Extract<SchedulerAction, { type: "settle" }>): void {
    this.#outcomes.set(id, outcome);
    // A call whose caller was given up must not leave its attempt waiting.
    this.#calls.get(id)?.(false);
    this.#calls.delete(id);
    const spent = this.#spent.get(id);
    const durationMs = spent === undefined ? 0 : this.#elapsed() - spent.firstStart;
    this.#options.conditions.finished(id, outcome, { durationMs, exitCode: spent?.exitCode ?? null });
    this.#hub.emit({
      type: "instance.finished",
      id,
      outcome,
      durationMs,
      attempts,
      ...(spent === undefined ? {} : { cpuMs: spent.cpuMs }),
    });
  }

  /** 0; 124 by time; 128 + signal; the code of the one requested task that failed by it; else 1. */
  #exitCode(): number {
    if (this.#interrupted !== undefined)
      return this.#interrupted === "SIGTERM" ? 143 : this.#interrupted === "SIGHUP" ? 129 : 130;
    if (this.#isTimedOut) return 124;
    const bad = [...this.#outcomes].filter(([, outcome]) => outcome.allowed !== true && isBad(outcome.state));
    if (bad.length === 0) return 0;
    const failed = bad.filter(([, outcome]) => outcome.state === "failed" || outcome.state === "timed_out");
    const [only] = failed;
    if (failed.length !== 1 || only === undefined) return 1;
    const [id, { state, failure }] = only;
    if (state === "timed_out") return 124;
    const isRequested = this.#plan.requested.includes(id);
    if (!isRequested || !this.#exit.ownCode || failure === undefined) return 1;
    return ownExitCode(failure) ?? 1;
  }
}

const isBad = (state: Outcome["state"]): boolean =>
  state === "failed" || state === "timed_out" || state === "canceled" || state === "blocked";

/** As a shell would report it: 127 not found, 126 not executable, 128 + n by signal. */
function ownExitCode(failure: NonNullable<Outcome["failure"]>): number | undefined {
  switch (failure.kind) {
    case "exit":
      return failure.code;
    case "not-found":
      return 127;
    case "spawn":
      return 126;
    case "signal":
      return signalExitCode(failure.signal);
    default:
      return undefined;
  }
}

function planned(instance: Instance): PlannedInstance {
  const { id, package: pkg, name, cwd, edges, reason, tags, interactive } = instance;
  return {
    id,
    label: id,
    package: pkg,
    task: name,
    command: commandText(instance),
    cwd,
    edges,
    reason,
    tags,
    group: instance.steps.length === 0,
    interactive,
  };
}

/** A run that is over before this is spared the process of a guard; longer, and zr could be killed over a child without one. */
const LONG_RUN_MS = 3;

/** Stands for the guard until it is there: children are told to it as soon as it can hear. */
class LateGuard implements ChildGuard {
  readonly #early = new Set<number>();
  #guard: (ChildGuard & { readonly close: () => void }) | undefined;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  open(make: RunOptions["openGuard"]): void {
    this.#timer ??= setTimeout(() => this.#make(make), LONG_RUN_MS);
  }

  #make(make: RunOptions["openGuard"]): void {
    void make().then((guard) => {
      if (this.#isClosed) return guard.close();
      this.#guard = guard;
      for (const pid of this.#early) guard.add(pid);
      this.#early.clear();
    });
  }

  add(pid: number): void {
    if (this.#guard === undefined) this.#early.add(pid);
    else this.#guard.add(pid);
  }

  remove(pid: number): void {
    this.#early.delete(pid);
    this.#guard?.remove(pid);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#guard?.close();
  }
}
