import type { InstanceId } from "#core/model/ids";
import type { Outcome, StopReason } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import { randomUnit } from "#system/clock/clock";
import { Attempt } from "./attempt";
import type { AttemptResult } from "./attempt";
import type { LiveRun } from "./live-run";
import { addTaken } from "./measured-child";
import type { RunContext, SlotSharing } from "./run-context";
import type { ResourcesTaken } from "./resource-types";
import { Scheduler } from "./scheduler";
import type { SchedulerAction, SchedulerInput, SchedulerOptions } from "./scheduler-steps";
import type { Conditions } from "./conditions";

export type Outcomes = ReadonlyMap<InstanceId, Outcome>;

/** Carries out one plan within a run: performs what the scheduler decides, and tells it what came of it. */
export class PlanLoop {
  readonly #live: LiveRun;
  readonly #context: RunContext;
  readonly #conditions: Conditions;
  readonly #scheduler: Scheduler;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #attempts = new Map<InstanceId, Attempt>();
  readonly #calls = new Map<InstanceId, (isGood: boolean) => void>();
  /** Gives back the shared slots that an instance has. */
  readonly #slots = new Map<InstanceId, () => void>();
  readonly #outcomes = new Map<InstanceId, Outcome>();
  readonly #spent = new Map<
    InstanceId,
    { firstStart: number; cpuMs: number; taken: ResourcesTaken; exitCode: number | null }
  >();
  readonly #done = Promise.withResolvers<void>();
  readonly #ending = new AbortController();

  /** The run has to be open. */
  constructor(plan: Plan, live: LiveRun, options: SchedulerOptions) {
    this.#live = live;
    this.#context = live.contextOf(plan);
    this.#conditions = this.#context.conditions;
    const { totalMemoryBytes, maxCpuPercent } = this.#context.resources.limits;
    this.#scheduler = new Scheduler(plan, {
      ...options,
      ...(totalMemoryBytes === undefined ? {} : { totalMemoryBytes }),
      // What the machine does is not known before the first look at it.
      isGateClosed: maxCpuPercent !== undefined,
    });
    this.#instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
  }

  /** How each instance ended; those that were settled before are not among them. */
  async run(): Promise<Outcomes> {
    const { resources } = this.#context;
    const { totalMemoryBytes, maxCpuPercent } = resources.limits;
    this.#take({ type: "begin" });
    const stopWatching =
      (totalMemoryBytes ?? maxCpuPercent) === undefined
        ? undefined
        : await (
            await import("./machine-watch")
          ).watchMachine(resources.limits, resources, (input) => this.#take(input));
    await this.#done.promise;
    stopWatching?.();
    return this.#outcomes;
  }

  /** Stops these, as far as they run; everything else goes on. */
  stop(ids: Iterable<InstanceId>, reason: StopReason): void {
    this.#take({ type: "stop", ids, reason });
  }

  /** Holds these, as far as they run, or lets them go on. */
  pause(ids: Iterable<InstanceId>, isPaused: boolean): void {
    for (const id of ids) this.#attempts.get(id)?.pause(isPaused);
  }

  /** Stops what runs and starts nothing more but clean-ups. */
  cancel(reason: StopReason): void {
    this.#ending.abort();
    this.#take({ type: "cancel", reason });
  }

  /** Kills everything, clean-ups too. */
  abort(reason: StopReason): void {
    this.#ending.abort();
    this.#take({ type: "abort", reason });
  }

  /** How often an instance was tried again. */
  get retriesUsed(): number {
    return this.#scheduler.retriesUsed;
  }

  /** Whether a task has the user's terminal. */
  hasTerminal(): boolean {
    return this.#attempts.keys().some((id) => this.#instances.get(id)?.interactive === true);
  }

  #take(input: SchedulerInput): void {
    for (const action of this.#scheduler.step(input)) this.#perform(action);
  }

  #perform(action: SchedulerAction): void {
    switch (action.type) {
      case "queued":
        return this.#live.emit({ type: "instance.queued", id: action.id });
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
    if (instance === undefined) throw new Error(`${id} is not in the plan`);
    const { slots } = this.#context;
    const attempt = new Attempt({ instance, number }, this.#context, {
      call: (call) => this.#call(id, call),
      giveUp: () => this.#take({ type: "give-up", id }),
      started: (pid) => this.#started(id, number, pid),
      ready: () => this.#becameReady(id),
    });
    this.#attempts.set(id, attempt);
    if (slots !== undefined) await this.#takeSlots(instance, slots);
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
    if (!this.#spent.has(id))
      this.#spent.set(id, { firstStart: this.#live.elapsedMs(), cpuMs: 0, taken: {}, exitCode: null });
    this.#live.emit({ type: "instance.started", id, attempt, pid });
    this.#live.childStarted();
  }

  #becameReady(id: InstanceId): void {
    this.#live.emit({ type: "instance.ready", id });
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
    const { slots } = this.#context;
    if (instance !== undefined && slots !== undefined) await this.#takeSlots(instance, slots);
    // Given up meanwhile: nobody is there to give the slots back.
    if (!this.#calls.has(id)) return this.#giveSlots(id);
    this.#calls.get(id)?.(isGood);
    this.#calls.delete(id);
  }

  #attemptEnded(id: InstanceId, attempt: number, result: AttemptResult): void {
    const { outcome, facts, durationMs, cpuMs, taken, isStarted } = result;
    const spent = this.#spent.get(id);
    if (spent !== undefined) {
      spent.cpuMs += cpuMs;
      spent.taken = addTaken(spent.taken, taken);
      spent.exitCode = facts.exitCode ?? null;
    }
    const actions = this.#scheduler.step({ type: "ended", id, outcome, facts, random: randomUnit() });
    if (isStarted) {
      const wait = actions.find((action) => action.type === "wait" && action.id === id);
      this.#live.emit({
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
    this.#context.cache?.settled(id, outcome);
    // A call whose caller was given up must not leave its attempt waiting.
    this.#calls.get(id)?.(false);
    this.#calls.delete(id);
    const spent = this.#spent.get(id);
    const durationMs = spent === undefined ? 0 : this.#live.elapsedMs() - spent.firstStart;
    this.#conditions.finished(id, outcome, {
      durationMs,
      exitCode: spent?.exitCode ?? null,
      attempts,
      allowFailure: this.#instances.get(id)?.allowFailure === true,
    });
    this.#live.emit({
      type: "instance.finished",
      id,
      outcome,
      durationMs,
      attempts,
      ...(spent === undefined ? {} : { cpuMs: spent.cpuMs, ...spent.taken }),
    });
  }
}
