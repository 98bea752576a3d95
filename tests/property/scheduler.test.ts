import { expect, test } from "bun:test";
import fc from "fast-check";
import type { InstanceId } from "#core/model/ids";
import { isGood } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import type { Edge, Instance, Plan } from "#core/model/plan";
import { Scheduler } from "#engine/exec/scheduler";
import type { SchedulerAction, SchedulerInput, SchedulerOptions } from "#engine/exec/scheduler-steps";
import { HANDLER_KINDS, ID, NEEDS, planOf, wish } from "./scheduler-plans";

type Phase = "unseen" | "ready" | "running" | "delayed" | "calling" | "resumable" | "settled";

interface State {
  readonly instance: Instance;
  readonly index: number;
  phase: Phase;
  attempts: number;
  nextCall: number;
  isUp: boolean;
  /** What it was last seen to have of memory, while it runs. */
  memory: number;
  toldToStop: boolean;
  outcome: Outcome | undefined;
}

const INTERRUPT = { kind: "interrupt", signal: "SIGINT" } as const;

/** Plays the world's part in a run, holds what the scheduler does against the rules, and keeps what was said. */
class World {
  readonly inputs: SchedulerInput[] = [];
  readonly said: (readonly SchedulerAction[])[] = [];
  readonly states: ReadonlyMap<InstanceId, State>;
  readonly #plan: Plan;
  readonly #options: SchedulerOptions;
  readonly #scheduler: Scheduler;
  readonly #draw: () => number;
  #mode: "running" | "failing" | "canceling" | "aborting" = "running";
  #isGateOpen: boolean;
  /** The world was looked at before the last event; now something has to happen in it. */
  #isMeasured = false;
  #isDone = false;

  constructor(plan: Plan, options: SchedulerOptions, draw: () => number) {
    this.#plan = plan;
    this.#options = options;
    this.#isGateOpen = options.isGateClosed !== true;
    this.#draw = draw;
    this.#scheduler = new Scheduler(plan, options);
    this.states = new Map(
      plan.instances.map((instance, index) => [
        instance.id,
        {
          instance,
          index,
          phase: "unseen",
          attempts: 0,
          nextCall: 0,
          isUp: false,
          memory: 0,
          toldToStop: false,
          outcome: undefined,
        },
      ]),
    );
    for (const [id, outcome] of options.settled ?? [])
      Object.assign(this.#state(id), { phase: "settled", outcome });
  }

  /** To the end; `interrupts` are the numbers of events before which Ctrl-C is pressed. */
  play(interrupts: readonly number[]): void {
    try {
      this.#playThrough(interrupts);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${this.#transcript()}`, {
        cause: error,
      });
    }
  }

  #transcript(): string {
    const plan = this.#plan.instances.map(({ id, edges, calls, limits, persistent, reason }) =>
      JSON.stringify({
        id,
        edges: edges.map(({ on, kind }) => `${kind} ${on}`),
        calls,
        limits,
        persistent,
        reason: reason.kind,
      }),
    );
    const steps = this.inputs.map(
      (input, index) => `${JSON.stringify(input)}\n  => ${JSON.stringify(this.said[index])}`,
    );
    return [...plan, ...steps].join("\n");
  }

  #playThrough(interrupts: readonly number[]): void {
    this.#give({ type: "begin" });
    for (let count = 0; !this.#isDone; count += 1) {
      if (count > 2000) throw new Error("it does not come to an end");
      if (interrupts.includes(count)) this.#interrupt();
      else this.#event();
    }
    for (const state of this.states.values())
      if (!this.#mayBeUntold(state)) expect(state.phase).toBe("settled");
    expect(this.#scheduler.unsettled).toBe(0);
    if (this.#mode !== "aborting") for (const state of this.states.values()) this.#checkCleanup(state);
  }

  /** Clean-ups of what has been started are never left out. */
  #checkCleanup({ instance, outcome }: State): void {
    const isCalledFor = instance.edges.some(({ on, kind }) => {
      const owner = this.#state(on);
      return (
        kind === "finally" &&
        owner.attempts > 0 &&
        !["skipped", "cached"].includes(owner.outcome?.state ?? "")
      );
    });
    if (isCalledFor) expect(["not-needed", "not-called"]).not.toContain(outcome?.reason?.kind ?? "");
  }

  #interrupt(): void {
    const isSecond = this.#mode === "canceling";
    this.#mode = isSecond ? "aborting" : "canceling";
    this.#give({ type: isSecond ? "abort" : "cancel", reason: INTERRUPT });
    if (!isSecond) return;
    for (const state of this.states.values()) {
      if (state.phase === "running") expect(state.toldToStop).toBe(true);
      else expect(this.#mayBeUntold(state) ? "settled" : state.phase).toBe("settled");
    }
  }

  #event(): void {
    const all = [...this.states.values()];
    this.#isMeasured = !this.#isMeasured && this.#options.totalMemoryBytes !== undefined;
    if (this.#isMeasured && this.#draw() % 3 === 0) return this.#measure();
    const moving = all.filter(
      ({ phase, instance, isUp, toldToStop }) =>
        phase === "delayed" || (phase === "running" && (!instance.persistent || !isUp || toldToStop)),
    );
    const servers = all.filter(({ phase, instance }) => phase === "running" && instance.persistent);
    const crashes = this.#draw() % 20 === 0 ? servers : [];
    // With nothing else left, the servers that were asked for end as somebody stops them.
    const asked =
      moving.length === 0 ? servers.filter(({ instance }) => instance.reason.kind === "requested") : [];
    const candidates = [...moving, ...crashes, ...asked];
    const state = candidates[this.#draw() % candidates.length];
    if (state === undefined)
      throw new Error(`deadlock: ${JSON.stringify(all.map(({ instance, phase }) => [instance.id, phase]))}`);
    this.#give(this.#happening(state));
  }

  /** A look at the machine: its load, or what running instances have of memory. */
  #measure(): void {
    if (this.#draw() % 2 === 0) return this.#give({ type: "gate", isOpen: this.#draw() % 2 === 0 });
    const running = [...this.states.values()].filter(({ phase }) => phase === "running");
    const observed = new Map(
      running
        .filter(() => this.#draw() % 2 === 0)
        .map(({ instance }) => [instance.id, this.#draw() % 6] as const),
    );
    this.#give({ type: "memory", observed });
  }

  #happening(state: State): SchedulerInput {
    const { instance, phase } = state;
    const { id } = instance;
    if (phase === "delayed") return { type: "timer", id };
    if (instance.persistent && !state.isUp && !state.toldToStop && this.#draw() % 4 > 0)
      return { type: "ready", id };
    if (state.nextCall < instance.calls.length && !state.toldToStop && this.#draw() % 4 > 0) {
      state.nextCall += 1;
      return { type: "call", id, call: state.nextCall - 1 };
    }
    return { type: "ended", id, outcome: this.#outcome(state), facts: { exitCode: 1 }, random: 0 };
  }

  #outcome({ toldToStop }: State): Outcome {
    if (toldToStop && this.#draw() % 4 > 0) return { state: "canceled", reason: INTERRUPT };
    const states = ["success", "success", "success", "failed", "timed_out", "skipped", "cached"] as const;
    return { state: states[this.#draw() % states.length] ?? "success" };
  }

  #give(input: SchedulerInput): void {
    this.inputs.push(input);
    this.#enact(input);
    const live = [...this.states.values()].filter(({ phase }) => phase === "running" || phase === "calling");
    const actions = this.#scheduler.step(input);
    this.said.push(actions);
    for (const action of actions) this.#take(action);
    if (input.type === "cancel")
      for (const state of live) if (!this.#mayCleanUp(state.instance)) expect(state.toldToStop).toBe(true);
    for (const state of this.states.values()) if (isWaiting(state)) expect(this.#fits(state)).toBe(false);
  }

  #enact(input: SchedulerInput): void {
    if (input.type === "gate") this.#isGateOpen = input.isOpen;
    if (input.type === "memory") for (const [id, bytes] of input.observed) this.#state(id).memory = bytes;
    if (!("id" in input)) return;
    const state = this.#state(input.id);
    if (input.type === "call" || input.type === "ended") state.memory = 0;
    if (input.type === "call") state.phase = "calling";
    if (input.type === "ready") state.isUp = true;
    if (input.type === "ended" || input.type === "timer") state.phase = "unseen";
  }

  #take(action: SchedulerAction): void {
    expect(this.#isDone).toBe(false);
    if (action.type === "done") {
      this.#isDone = true;
      return;
    }
    const state = this.#state(action.id);
    expect(state.phase).not.toBe("settled");
    switch (action.type) {
      case "queued":
        state.phase = "ready";
        return;
      case "start":
        return this.#start(state, action.attempt);
      case "resume":
        expect(state.phase).toBe("calling");
        for (const id of state.instance.calls[state.nextCall - 1] ?? [])
          expect(this.#hasAnswered(this.#state(id))).toBe(true);
        expect(this.#fits(state)).toBe(true);
        state.phase = "running";
        return;
      case "wait":
        state.phase = "delayed";
        return;
      case "stop":
      case "kill":
        expect(["running", "calling"]).toContain(state.phase);
        state.toldToStop = true;
        return;
      case "settle":
        return this.#settle(state, action.outcome);
    }
  }

  #start(state: State, attempt: number): void {
    const { instance } = state;
    expect(state.phase).toBe("ready");
    expect(attempt).toBe(state.attempts + 1);
    expect(attempt).toBeLessThanOrEqual(1 + (instance.retry?.max ?? 0));
    for (const edge of instance.edges)
      if (!HANDLER_KINDS.has(edge.kind)) expect(this.#holds(edge)).toBe(true);
    if (instance.heldBy === undefined) expect(this.#mode).toBe("running");
    expect(this.#fits(state)).toBe(true);
    for (const other of this.states.values()) {
      if (other !== state && isWaiting(other) && this.#fits(other))
        expect(comesBefore(other, state)).toBe(false);
    }
    state.attempts = attempt;
    state.nextCall = 0;
    state.phase = "running";
  }

  #settle(state: State, outcome: Outcome): void {
    state.phase = "settled";
    state.outcome = outcome;
    const isFailure = outcome.state === "failed" || outcome.state === "timed_out";
    if (
      isFailure &&
      outcome.allowed !== true &&
      state.instance.heldBy === undefined &&
      this.#options.failFast &&
      this.#mode === "running"
    )
      this.#mode = "failing";
  }

  #holds({ on, kind }: Edge): boolean {
    const { phase, outcome, isUp, instance } = this.#state(on);
    if (isUp) return true;
    if (this.#mayBeUntold({ phase, instance })) return kind === "order";
    if (phase !== "settled" || outcome === undefined) return false;
    return kind === "order" || isGood(outcome.state) || outcome.allowed === true;
  }

  /** What only those could have asked for that had ended before has ended with them, without a word. */
  #mayBeUntold({ phase, instance }: Pick<State, "phase" | "instance">): boolean {
    return this.#options.settled !== undefined && phase === "unseen" && instance.heldBy !== undefined;
  }

  /** Whether a clean-up can have asked for it: it handles an end, or one that does needs or calls it. */
  #mayCleanUp({ id, heldBy, edges }: Instance): boolean {
    if (heldBy === undefined) return false;
    if (edges.some(({ kind }) => HANDLER_KINDS.has(kind))) return true;
    return this.#plan.instances.some(
      (other) =>
        (other.edges.some(({ on, kind }) => on === id && NEEDS.has(kind)) ||
          other.calls.flat().includes(id)) &&
        this.#mayCleanUp(other),
    );
  }

  #hasAnswered({ phase, instance, isUp }: State): boolean {
    return phase === "settled" || (instance.persistent && isUp);
  }

  /** The rules on limits, written down once more. */
  #fits({ instance, phase }: State): boolean {
    const running = [...this.states.values()].filter(({ phase }) => phase === "running");
    const { limits, persistent, task } = instance;
    const others = running.filter((other) => !(other.instance.persistent && other.isUp));
    if (others.some((other) => other.instance.limits.exclusive)) return false;
    if (limits.exclusive && others.length > 0) return false;
    const used = running.reduce(
      (sum, other) => sum + (other.instance.persistent ? 0 : other.instance.limits.weight),
      0,
    );
    if (!persistent && used + limits.weight > this.#options.jobs) return false;
    const sameTask = running.filter(
      (other) => other.instance.task === task && other.instance.limits.maxConcurrent !== undefined,
    );
    if (limits.maxConcurrent !== undefined && sameTask.length >= limits.maxConcurrent) return false;
    const isHeldBack =
      (!this.#isGateOpen && phase !== "calling") || !this.#hasMemoryFor(limits.memoryBytes ?? 0, running);
    if (isHeldBack && others.length > 0) return false;
    return limits.groups.every(
      (group) =>
        running.filter((other) => other.instance.limits.groups.includes(group)).length <
        (this.#plan.groups[group] ?? 1),
    );
  }

  #hasMemoryFor(wanted: number, running: readonly State[]): boolean {
    const { totalMemoryBytes } = this.#options;
    const used = running.reduce(
      (sum, { instance, memory }) => sum + Math.max(memory, instance.limits.memoryBytes ?? 0),
      0,
    );
    return totalMemoryBytes === undefined || used + wanted <= totalMemoryBytes;
  }

  #state(id: InstanceId): State {
    const state = this.states.get(id);
    if (state === undefined) throw new Error(`no instance ${id}`);
    return state;
  }
}

/** The options of a setting; memory is limited in half of them. */
const optionsOf = ({ jobs, failFast, killOnFail, memory }: Setting): SchedulerOptions => ({
  jobs,
  failFast,
  killOnFail,
  ...(memory === undefined ? {} : { totalMemoryBytes: memory, isGateClosed: memory === 3 }),
});

const isWaiting = ({ phase }: State): boolean => phase === "ready";

function comesBefore(a: State, b: State): boolean {
  const key = ({ instance, index }: State): readonly number[] => [
    -instance.limits.priority,
    -instance.rank,
    index,
  ];
  const [first, second] = [key(a), key(b)];
  const at = first.findIndex((value, index) => value !== second[index]);
  return (first[at] ?? 0) < (second[at] ?? 0);
}

const setting = fc.record({
  wishes: fc.array(wish, { minLength: 1, maxLength: 14 }),
  jobs: fc.integer({ min: 1, max: 4 }),
  failFast: fc.boolean(),
  killOnFail: fc.boolean(),
  memory: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  draws: fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }),
  interrupts: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(30), { maxLength: 2 }) },
  ),
});

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** Numbers that differ from round to round though the list is short. */
function drawer(draws: readonly number[]): () => number {
  let at = 0;
  return () => {
    at += 1;
    return (draws[at % draws.length] ?? 0) + Math.floor(at / draws.length);
  };
}

test("whatever the plan and whatever happens, limits hold, no slot idles while something fits, the order is by priority, rank and place, and every instance ends exactly once", () => {
  fc.assert(
    fc.property(setting, (given) => {
      const world = new World(planOf(given.wishes, given.jobs), optionsOf(given), drawer(given.draws));
      world.play(given.interrupts);
    }),
    { numRuns: 3000, includeErrorInReport: true },
  );
});

test("what has ended before is neither told of nor run, nor keeps anything else from its end", () => {
  const ended = fc.array(
    fc.record({ at: fc.nat(13), state: fc.constantFrom("success", "failed", "skipped") }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(setting, ended, (given, before) => {
      const { wishes, jobs, draws, interrupts } = given;
      const settled = new Map(before.map(({ at, state }) => [ID(at % wishes.length), { state }]));
      const world = new World(planOf(wishes, jobs), { ...optionsOf(given), settled }, drawer(draws));
      world.play(interrupts);
    }),
    { numRuns: 2000, includeErrorInReport: true },
  );
});

test("the same inputs give the same actions", () => {
  fc.assert(
    fc.property(setting, (given) => {
      const plan = planOf(given.wishes, given.jobs);
      const world = new World(plan, optionsOf(given), drawer(given.draws));
      world.play(given.interrupts);
      const again = new Scheduler(plan, optionsOf(given));
      expect(world.inputs.map((input) => again.step(input))).toEqual(world.said);
    }),
    { numRuns: 300, includeErrorInReport: true },
  );
});

test("a chain of ten thousand whose first fails is blocked to its end", () => {
  const wishes = Array.from({ length: 10_000 }, (_, index) => index);
  const instances = wishes.map(
    (index) =>
      ({
        id: ID(index),
        task: "t",
        reason: { kind: "requested" },
        edges: index === 0 ? [] : [{ on: ID(index - 1), kind: "dep" }],
        calls: [],
        persistent: false,
        limits: { weight: 1, groups: [], exclusive: false, priority: 0 },
        allowFailure: false,
        rank: 10_000 - index,
      }) as unknown as Instance,
  );
  const plan: Plan = {
    v: 1,
    root: "/",
    requested: [],
    instances,
    criticalPath: [],
    environments: {},
    groups: {},
    packages: {},
  };
  const scheduler = new Scheduler(plan, { jobs: 2, failFast: false, killOnFail: false });
  scheduler.step({ type: "begin" });
  const actions = scheduler.step({
    type: "ended",
    id: ID(0),
    outcome: { state: "failed" },
    facts: {},
    random: 0,
  });
  expect(actions.filter(({ type }) => type === "settle")).toHaveLength(10_000);
  expect(actions.at(-1)).toEqual({ type: "done" });
});
