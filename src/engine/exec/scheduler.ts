import { isHandlerEdge, isNeed } from "#core/model/edge-kinds";
import { Heap } from "#base/heap";
import type { InstanceId } from "#core/model/ids";
import { wentWell } from "#core/model/outcome";
import type { Outcome, StopReason } from "#core/model/outcome";
import type { EdgeKind, Plan } from "#core/model/plan";
import { Admission } from "./admission";
import { retryDelay } from "./retry";
import { comesBefore, isBusy, isLive, isMoving, isUp, makeEntry, MOVES } from "./scheduler-entry";
import type { Entry, Phase } from "./scheduler-entry";
import type { SchedulerAction, SchedulerInput, SchedulerOptions } from "./scheduler-steps";
import { calledPart } from "./called-part";
import { settledBefore } from "./settled-before";

/**
 * Decides what to start and when. `step` takes what happened and gives what to do; it touches nothing else, draws
 * nothing at random and reads no clock, so the same inputs give the same actions.
 *
 * Ready instances are taken by priority, then longest remaining path, then the plan's order; each that fits the free
 * slots, its groups and its task's own limit is started. An instance that does not fit never keeps a later one waiting.
 * Memory that is reserved and a machine that is busy hold instances back only while others run: with nothing but servers
 * left one is started in any case, since waiting could go on for ever.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #entries: readonly Entry[];
  readonly #byId: ReadonlyMap<InstanceId, Entry>;
  readonly #admission: Admission;
  readonly #ready: Heap<Entry>;
  readonly #running = new Set<Entry>();
  #isGateOpen: boolean;
  /** Instances that something is still to come of by themselves: all but held and settled ones and servers that run. */
  #busy: number;
  /** Instances that go on without any other: servers that are up do not. */
  #moving = 0;
  /** Persistent instances among the ready ones: they take no slot, so a full machine does not keep them back. */
  #readyPersistent = 0;
  #unsettled: number;
  #mode: "running" | "failing" | "canceling" | "aborting" = "running";
  /** Ended in this step, the last of them not yet told to others. */
  #ended: Entry[] = [];
  #actions: SchedulerAction[] = [];
  #isDone = false;
  #retriesUsed = 0;

  constructor(plan: Plan, options: SchedulerOptions) {
    this.#options = options;
    this.#isGateOpen = options.isGateClosed !== true;
    this.#admission = new Admission({ ...options, groups: plan.groups });
    this.#entries = plan.instances.map((instance, index) => makeEntry(instance, index));
    this.#byId = new Map(this.#entries.map((entry) => [entry.instance.id, entry]));
    for (const entry of this.#entries) {
      for (const { on, kind } of entry.instance.edges) {
        const other = this.#entry(on);
        other.dependents.push({ entry, kind });
        if (isNeed(kind)) entry.wants.push(other);
      }
      for (const id of entry.instance.calls.flat()) entry.wants.push(this.#entry(id));
      for (const wanted of entry.wants) wanted.wantersLeft += 1;
    }
    this.#ready = new Heap(comesBefore);
    this.#unsettled = this.#entries.length;
    this.#busy = this.#entries.filter(isBusy).length;
  }

  /** Instances that have not ended. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** How often an instance was tried again. */
  get retriesUsed(): number {
    return this.#retriesUsed;
  }

  get #mayRetry(): boolean {
    return this.#retriesUsed < (this.#options.retriesLeft ?? Number.POSITIVE_INFINITY);
  }

  step(input: SchedulerInput): readonly SchedulerAction[] {
    this.#actions = [];
    this.#take(input);
    this.#startReady();
    while (this.#moving === 0 && this.#unsettled > 0 && this.#letGo());
    this.#finishIfIdle();
    return this.#actions;
  }

  #take(input: SchedulerInput): void {
    switch (input.type) {
      case "begin":
        if (this.#options.settled !== undefined) this.#takeSettled(this.#options.settled);
        for (const entry of this.#entries)
          if (entry.phase === "waiting" && entry.missing === 0) this.#makeReady(entry);
        return;
      case "ended":
        return this.#attemptEnded(this.#entry(input.id), input);
      case "ready":
        return this.#becameReady(this.#entry(input.id));
      case "timer": {
        const entry = this.#entry(input.id);
        if (entry.phase === "delayed") this.#makeReady(entry);
        return;
      }
      case "call":
        return this.#call(this.#entry(input.id), input.call);
      case "give-up":
        return this.#giveUp(this.#entry(input.id));
      case "gate":
        this.#isGateOpen = input.isOpen;
        return;
      case "memory":
        return this.#observe(input.observed);
      case "stop":
        for (const id of input.ids) if (isLive(this.#entry(id))) this.#stop(this.#entry(id), input.reason);
        return;
      case "cancel":
        return this.#cancel(input.reason);
      case "abort":
        return this.#abort(input.reason);
    }
  }

  /** All of them first, so that none of them is told of another. */
  #takeSettled(settled: ReadonlyMap<InstanceId, Outcome>): void {
    const ended = settledBefore(this.#entries, settled);
    for (const [entry, outcome] of ended) {
      this.#move(entry, "settled");
      entry.outcome = outcome;
      this.#unsettled -= 1;
    }
    for (const entry of ended.keys()) this.#spread(entry);
  }

  #attemptEnded(entry: Entry, { outcome, facts, random }: Extract<SchedulerInput, { type: "ended" }>): void {
    if (entry.phase !== "running") return;
    this.#release(entry);
    if (outcome.state !== "skipped" && outcome.state !== "cached") entry.started = true;
    const isFailure = outcome.state === "failed" || outcome.state === "timed_out";
    const { retry: policy, allowFailure } = entry.instance;
    // What is called runs once: it would be no better the next time.
    const retry = outcome.failure?.kind === "call" || entry.gaveUp ? undefined : policy;
    if (isFailure && retry !== undefined && !entry.stopping && this.#mayGoOn(entry) && this.#mayRetry) {
      const delayMs = retryDelay(retry, { attempt: entry.attempts, facts, random });
      if (delayMs !== undefined) {
        this.#retriesUsed += 1;
        entry.lastFailure = allowFailure ? { ...outcome, allowed: true } : outcome;
        this.#move(entry, "delayed");
        this.#actions.push({ type: "wait", id: entry.instance.id, delayMs });
        return;
      }
    }
    this.#settle(entry, isFailure && allowFailure ? { ...outcome, allowed: true } : outcome);
  }

  /** Whether an instance is still wanted in the present mode. */
  #mayGoOn(entry: Entry): boolean {
    return this.#mode === "running" || (entry.demanded && this.#mode !== "aborting");
  }

  #becameReady(entry: Entry): void {
    if (entry.phase !== "running" || entry.isReady) return;
    this.#moving -= 1;
    entry.isReady = true;
    for (const dependent of entry.dependents)
      if (!isHandlerEdge(dependent.kind)) this.#satisfy(dependent.entry);
    this.#answerCallers(entry, true);
  }

  #call(entry: Entry, call: number): void {
    if (entry.phase !== "running") return;
    this.#release(entry);
    this.#move(entry, "calling");
    entry.callGood = true;
    const targets = (entry.instance.calls[call] ?? []).map((id) => this.#entry(id));
    entry.waitingFor = targets.filter((target) => target.phase !== "settled" && !isUp(target)).length;
    for (const target of targets) {
      if (target.phase === "settled") entry.callGood &&= wentWell(target.outcome);
      else if (!isUp(target)) {
        target.callers.push(entry);
        this.#demand(target, entry.isCleanup);
      }
    }
    // What could not be started at all has answered already.
    if (entry.waitingFor === 0 && isCalling(entry)) this.#resume(entry);
  }

  /** Ends what a call has set going; the caller goes on once that has ended. */
  #giveUp(caller: Entry): void {
    if (caller.phase !== "calling") return;
    caller.gaveUp = true;
    const reason: StopReason = { kind: "caller-timeout", by: caller.instance.id };
    for (const entry of calledPart(caller)) {
      if (isLive(entry)) this.#stop(entry, reason);
      else if (entry.demanded) this.#settle(entry, entry.lastFailure ?? { state: "canceled", reason });
    }
  }

  /** What was called has ended, or a server that was called is up. */
  #answerCallers(entry: Entry, isGood: boolean): void {
    if (entry.callers.length === 0) return;
    for (const caller of entry.callers.splice(0)) {
      caller.waitingFor -= 1;
      caller.callGood &&= isGood;
      if (caller.waitingFor === 0 && caller.phase === "calling") this.#resume(caller);
    }
  }

  #resume(entry: Entry): void {
    entry.isResuming = true;
    this.#makeReady(entry);
  }

  /** Somebody wants a held instance: it and what it needs take part from now on. */
  #demand(entry: Entry, isCleanup: boolean): void {
    if (entry.phase !== "held" || entry.demanded) return;
    entry.demanded = true;
    entry.isCleanup = isCleanup;
    this.#move(entry, "waiting");
    for (const edge of entry.instance.edges) {
      if (isNeed(edge.kind)) this.#demand(this.#entry(edge.on), isCleanup);
    }
    // A need can have ended badly before anybody asked.
    const bad = entry.instance.edges.find(
      (edge) =>
        isNeed(edge.kind) &&
        this.#entry(edge.on).phase === "settled" &&
        !wentWell(this.#entry(edge.on).outcome),
    );
    if (bad !== undefined) this.#block(entry, this.#entry(bad.on));
    else if (entry.missing === 0) this.#makeReady(entry);
  }

  #makeReady(entry: Entry): void {
    this.#move(entry, "ready");
    if (!entry.isResuming) this.#actions.push({ type: "queued", id: entry.instance.id });
    this.#ready.push(entry);
  }

  /** One of the things that an entry waited for is there. */
  #satisfy(entry: Entry): void {
    entry.missing -= 1;
    if (entry.missing === 0 && entry.phase === "waiting") this.#makeReady(entry);
  }

  #settle(entry: Entry, outcome: Outcome): void {
    if (entry.phase === "settled") return;
    this.#move(entry, "settled");
    entry.outcome = outcome;
    this.#unsettled -= 1;
    this.#actions.push({ type: "settle", id: entry.instance.id, outcome, attempts: entry.attempts });
    this.#ended.push(entry);
    if (this.#ended.length > 1) return;
    // A list, since a chain of thousands that is blocked from its start is deeper than the stack.
    for (const next of this.#ended) {
      this.#spread(next);
      if (this.#options.failFast && isBreak(next)) this.#failFast(next);
    }
    this.#ended = [];
  }

  /** What the end of an instance means for others. */
  #spread(entry: Entry): void {
    const { outcome } = entry;
    for (const dependent of entry.dependents) this.#tell(dependent.entry, dependent.kind, entry);
    this.#answerCallers(entry, wentWell(outcome));
    for (const wanted of entry.wants) this.#unwant(wanted);
  }

  /** One that wanted the entry has ended. What nobody can want any more is let go, a server that nobody asked for by name stopped. */
  #unwant(entry: Entry): void {
    entry.wantersLeft -= 1;
    if (entry.wantersLeft > 0) return;
    const { id, heldBy, persistent } = entry.instance;
    if (entry.phase === "held" && entry.handlersLeft === 0)
      this.#settle(entry, { state: "skipped", reason: { kind: "not-called", by: heldBy ?? id } });
    if (entry.phase === "running" && persistent) this.#stopUnasked(entry);
  }

  /**
   * Nothing moves any more: servers that nobody needs are stopped, then what is still held wants only itself, in a
   * circle. Handlers come last, since the others' end may call for them. What is left then waits for the end of a server
   * that it needs itself, which would never come. False where there was nothing to let go.
   */
  #letGo(): boolean {
    for (const entry of this.#running) if (entry.wantersLeft === 0) this.#stopUnasked(entry);
    // Even one that was asked for by name may have handlers, which its end calls for.
    for (const { stopping, instance } of this.#running)
      if (stopping || instance.reason.kind === "requested") return false;
    const held = this.#entries.filter((entry) => entry.phase === "held");
    const helpers = held.filter((entry) => entry.handlersLeft === 0);
    for (const entry of helpers.length > 0 ? helpers : held) {
      const { id, heldBy } = entry.instance;
      this.#settle(entry, { state: "skipped", reason: { kind: "not-called", by: heldBy ?? id } });
    }
    if (held.length === 0) for (const entry of this.#running) this.#stopUnasked(entry);
    this.#startReady();
    return held.length > 0;
  }

  #stopUnasked(entry: Entry): void {
    if (entry.instance.reason.kind !== "requested")
      this.#stop(entry, { kind: "not-called", by: entry.instance.id });
  }

  /** What the end of `from` means for an entry that has an edge to it. */
  #tell(entry: Entry, kind: EdgeKind, from: Entry): void {
    if (entry.phase === "settled") return;
    // A server that was up has been enough; waiting for its end would be waiting for ever.
    if (from.isReady && !isHandlerEdge(kind)) return;
    const state = from.outcome?.state ?? "canceled";
    switch (kind) {
      case "order":
        return this.#satisfy(entry);
      case "dep":
      case "serial":
      case "ready":
        return wentWell(from.outcome) ? this.#satisfy(entry) : this.#block(entry, from);
      case "finally":
        return this.#handlerEdge(entry, from.started, from);
      case "success":
        return this.#handlerEdge(entry, state === "success" || state === "cached", from);
      case "failure":
        return this.#handlerEdge(entry, state === "failed" || state === "timed_out", from);
    }
  }

  #handlerEdge(entry: Entry, calls: boolean, from: Entry): void {
    entry.handlersLeft -= 1;
    entry.missing -= 1;
    if (calls && this.#mode !== "aborting") this.#demand(entry, true);
    if (entry.demanded) {
      if (entry.missing === 0 && entry.phase === "waiting") this.#makeReady(entry);
      return;
    }
    if (entry.handlersLeft > 0 || entry.wantersLeft > 0 || entry.phase !== "held") return;
    const state = from.outcome?.state ?? "canceled";
    this.#settle(entry, { state: "skipped", reason: { kind: "not-needed", of: from.instance.id, state } });
  }

  #block(entry: Entry, from: Entry): void {
    if (entry.phase !== "waiting") return;
    const state = from.outcome?.state ?? "canceled";
    const root = from.outcome?.reason?.kind === "upstream" ? from.outcome.reason : undefined;
    const reason: StopReason = root ?? { kind: "upstream", of: from.instance.id, state };
    // What an interrupt or another failure kept from running keeps its dependents from running for the same reason.
    const inherited = state === "canceled" ? from.outcome?.reason : undefined;
    if (inherited !== undefined) this.#settle(entry, { state: "canceled", reason: inherited });
    else this.#settle(entry, { state: "blocked", reason });
  }

  #failFast(from: Entry): void {
    if (this.#mode !== "running") return;
    this.#mode = "failing";
    const reason: StopReason = { kind: "fail-fast", of: from.instance.id };
    this.#dropUnstarted(reason);
    if (!this.#options.killOnFail) return;
    this.#stopLive(reason);
  }

  #cancel(reason: StopReason): void {
    if (this.#mode === "canceling" || this.#mode === "aborting") return;
    this.#mode = "canceling";
    this.#stopLive(reason);
    this.#dropUnstarted(reason);
  }

  #abort(reason: StopReason): void {
    this.#mode = "aborting";
    for (const entry of this.#entries) {
      if (!isLive(entry)) continue;
      entry.stopping = true;
      this.#actions.push({ type: "kill", id: entry.instance.id, reason });
    }
    for (const entry of this.#entries) {
      if (entry.phase !== "running" && entry.phase !== "settled")
        this.#settle(entry, { state: "canceled", reason });
    }
  }

  /** Ends what has not been started; clean-ups that are wanted already stay. */
  #dropUnstarted(reason: StopReason): void {
    for (const entry of this.#entries) {
      const isKept = entry.isCleanup || (entry.demanded && this.#mode === "failing");
      if (isKept || entry.phase === "held" || entry.phase === "settled" || isLive(entry)) continue;
      this.#settle(entry, entry.lastFailure ?? { state: "canceled", reason });
    }
  }

  /** Stops whatever has been started, clean-ups apart; one that waits for what it called ends when that has. */
  #stopLive(reason: StopReason): void {
    for (const entry of this.#entries) if (isLive(entry) && !entry.isCleanup) this.#stop(entry, reason);
  }

  #stop(entry: Entry, reason: StopReason): void {
    if (entry.stopping) return;
    entry.stopping = true;
    this.#actions.push({ type: "stop", id: entry.instance.id, reason });
  }

  #startReady(): void {
    let waiting: Entry[] | undefined;
    while (this.#ready.size > 0) {
      if (this.#admission.isFull && this.#readyPersistent === 0) break;
      const entry = this.#ready.pop();
      if (entry === undefined) break;
      if (entry.phase !== "ready") continue;
      if (this.#fits(entry)) this.#start(entry);
      else (waiting ??= []).push(entry);
    }
    for (const entry of waiting ?? []) this.#ready.push(entry);
  }

  #fits({ instance, isResuming }: Entry): boolean {
    for (const other of this.#running)
      if ((instance.limits.exclusive || other.instance.limits.exclusive) && !isUp(other)) return false;
    if (!this.#admission.fits(instance)) return false;
    if ((this.#isGateOpen || isResuming) && this.#admission.hasMemoryFor(instance)) return true;
    return this.#running.values().every(isUp);
  }

  #observe(observed: ReadonlyMap<InstanceId, number>): void {
    for (const entry of this.#running) {
      const bytes = observed.get(entry.instance.id);
      if (bytes !== undefined) this.#admission.observe(entry.instance, bytes);
    }
  }

  #start(entry: Entry): void {
    const { instance } = entry;
    this.#move(entry, "running");
    this.#running.add(entry);
    this.#admission.take(instance);
    if (entry.isResuming) {
      entry.isResuming = false;
      this.#actions.push({ type: "resume", id: instance.id, isGood: entry.callGood });
      return;
    }
    entry.attempts += 1;
    this.#actions.push({ type: "start", id: instance.id, attempt: entry.attempts });
  }

  #release(entry: Entry): void {
    this.#running.delete(entry);
    this.#admission.give(entry.instance);
  }

  /** When only servers are left that nobody asked for by name, they are stopped. */
  #finishIfIdle(): void {
    if (this.#isDone || this.#busy > 0) return;
    for (const entry of this.#running) this.#stopUnasked(entry);
    if (this.#unsettled === 0) {
      this.#isDone = true;
      this.#actions.push({ type: "done" });
    }
  }

  #move(entry: Entry, to: Phase): void {
    if (!MOVES[entry.phase].includes(to))
      throw new Error(`${entry.instance.id} can't go from ${entry.phase} to ${to}`);
    if (isBusy(entry)) this.#busy -= 1;
    if (isMoving(entry)) this.#moving -= 1;
    if (entry.instance.persistent && entry.phase === "ready") this.#readyPersistent -= 1;
    entry.phase = to;
    if (isBusy(entry)) this.#busy += 1;
    if (isMoving(entry)) this.#moving += 1;
    if (entry.instance.persistent && to === "ready") this.#readyPersistent += 1;
  }

  #entry(id: InstanceId): Entry {
    const entry = this.#byId.get(id);
    if (entry === undefined) throw new Error(`${id} is not in the plan`);
    return entry;
  }
}

/** Whether an end is a failure that others are to be stopped for. */
const isBreak = ({ outcome, instance }: Entry): boolean =>
  (outcome?.state === "failed" || outcome?.state === "timed_out") &&
  outcome.allowed !== true &&
  instance.heldBy === undefined;

/** Asked anew after a move, of which the type checker knows nothing. */
const isCalling = ({ phase }: Entry): boolean => phase === "calling";
