import { formatDuration } from "#base/duration";
import type { StageState } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { ConditionSource, Instance, Plan } from "#core/model/plan";
import type { WorkflowEndPlan, WorkflowPlan, WorkflowStage } from "#core/model/workflow";
import { instancesById, plannedStages, withNeeds } from "#core/plan/workflow-parts";
import type { Verdict } from "./conditions";
import { badOnes, interruptExitCode, TIMEOUT_EXIT_CODE } from "./exit-code";
import { LiveRun } from "./live-run";
import { LoopControl } from "./loop-control";
import { PlanLoop } from "./plan-loop";
import type { Outcomes } from "./plan-loop";
import type { HookedRun, RunFacts } from "./run-hooks";
import type { RunOptions, RunResult, StartedPlan } from "./run-plan";

/** How a stage ended, as later conditions may ask and as a resumed run has to know. */
export interface StageEnd {
  readonly name: string;
  readonly state: StageState;
  readonly durationMs: number;
}

/** Decides the conditions of stages. Made by whoever starts the run; the executor knows no expressions. */
export interface StageConditions {
  readonly decide: (condition: ConditionSource) => Promise<Verdict>;
  /** Whether a condition speaks of earlier stages, and so is asked even after one of them has failed. */
  readonly looksBack: (condition: ConditionSource) => boolean;
  /** The question of a stage as it is to be put now. */
  readonly question: (approval: string) => string;
  readonly ended: (end: StageEnd) => void;
}

/** A stage that is not to be run, and what counts as its end. */
export interface SkippedStage {
  readonly state: StageState;
  readonly why: string;
}

export interface WorkflowOptions extends Omit<RunOptions, "settled"> {
  readonly stages: StageConditions;
  /** Stages that are not asked for, or that a former run has done. */
  readonly skip: ReadonlyMap<string, SkippedStage>;
  /** Instances that have ended in a former run. */
  readonly settled: Outcomes;
  /** Whether somebody has agreed to a stage beforehand. */
  readonly isApproved: (stage: string) => boolean;
  /**
   * Waits for the workflow's turn among runs of its group; gives the way to let the next one in, or undefined where
   * `stopped` was settled first. Not there where it has no group.
   */
  readonly enter?: (turn: {
    readonly waiting: (run: string) => void;
    readonly stopped: Promise<void>;
  }) => Promise<(() => Promise<void>) | undefined>;
  /** Told after each stage and at the end, for a run that is resumed later; what comes next waits for it. */
  readonly onProgress: (stages: readonly StageEnd[], outcomes: Outcomes, isEnd: boolean) => Promise<void>;
}

/** Runs a workflow: its stages one after another, each as far as no earlier one has done its work; then its ends. */
export function runWorkflow(workflow: WorkflowPlan, options: WorkflowOptions): StartedPlan {
  const run = new WorkflowRun(workflow, options);
  return { control: run.control, result: run.execute() };
}

class WorkflowRun {
  readonly #workflow: WorkflowPlan;
  readonly #options: WorkflowOptions;
  readonly #live: LiveRun;
  readonly #byId: ReadonlyMap<InstanceId, Instance>;
  /** Of this run and of the one that it resumes. */
  readonly #outcomes: Map<InstanceId, Outcome>;
  readonly #ends: StageEnd[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly control = new LoopControl(() => {
    this.#options.cache?.stopReading();
    this.#stopped.resolve();
  });
  #retriesLeft: number;
  #hasFailed = false;

  constructor(workflow: WorkflowPlan, options: WorkflowOptions) {
    const { plan, name } = workflow;
    this.#workflow = workflow;
    this.#options = options;
    const tasks = options.hooks?.tasks;
    this.#live = new LiveRun({
      ...options,
      root: plan.root,
      workflow: name,
      ...(tasks === undefined || tasks.size === 0 ? {} : { taskHooks: tasks }),
    });
    this.#byId = instancesById(plan);
    this.#outcomes = new Map(options.settled);
    this.#retriesLeft = workflow.retryBudget ?? Number.POSITIVE_INFINITY;
  }

  async execute(): Promise<RunResult> {
    const { plan, stages, ends } = this.#workflow;
    const timeoutMs = earlier(this.#workflow.timeoutMs, this.#options.timeoutMs);
    const isLeft = (id: InstanceId): boolean => !this.#options.settled.has(id);
    const { hooks } = this.#options;
    const around = hooks === undefined ? undefined : await import("./run-hooks");
    const told = {
      instances: plan.instances.filter(({ id }) => isLeft(id)),
      requested: plan.requested.filter(isLeft),
      criticalPath: plan.criticalPath.filter(isLeft),
      stages: plannedStages(this.#workflow).map((stage) => ({
        ...stage,
        instances: stage.instances.filter(isLeft),
      })),
    };
    await this.#live.open(
      hooks === undefined || around === undefined ? told : around.announceWithHooks(told, hooks),
    );
    const leave = await this.#enter();
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.control.timeOut(), timeoutMs);
    const before =
      hooks === undefined || around === undefined ? NOTHING : await around.runBefore(hooks, this.#hooked());
    this.control.loop = undefined;
    const blocked = around?.blockAll(before, told.instances, this.#live);
    if (blocked === undefined) {
      for (const [index, stage] of stages.entries()) await this.#runStage(stage, index);
      clearTimeout(timer);
      this.control.isEnding = true;
      for (const end of ends) await this.#runEnd(end);
      this.#sweep();
    } else {
      clearTimeout(timer);
      this.control.isEnding = this.#hasFailed = true;
      for (const stage of stages) this.#stageBlocked(stage);
    }
    if (hooks !== undefined && around !== undefined)
      await around.runAfter(hooks, this.#facts(blocked ?? this.#outcomes, before), this.#hooked());
    const exitCode = this.#exitCode();
    const interrupted = this.control.interrupted;
    await this.#options.onProgress(this.#ends, this.#outcomes, true);
    await leave?.();
    this.control.isDone = true;
    await this.#live.close(
      { exitCode, ...(interrupted === undefined ? {} : { interrupted }) },
      this.control.over,
    );
    return { outcomes: this.#outcomes, interrupted, isTimedOut: this.control.isTimedOut, exitCode };
  }

  #hooked(): HookedRun {
    return {
      live: this.#live,
      jobs: this.#options.jobs,
      looping: (loop) => (this.control.loop = loop),
      stopped: () => this.control.stopped(),
    };
  }

  #facts(outcomes: Outcomes, before: Outcomes): RunFacts {
    return {
      outcomes: new Map([...before, ...outcomes]),
      exitCode: this.#exitCode(),
      isInterrupted: this.control.interrupted !== undefined,
      isAborted: this.control.isAborted,
    };
  }

  /** A stage that a hook keeps from being run; its instances have ended already. */
  #stageBlocked({ name }: WorkflowStage): void {
    const end: StageEnd = { name, state: "canceled", durationMs: 0 };
    this.#ends.push(end);
    this.#options.stages.ended(end);
    this.#live.emit({ type: "stage.finished", stage: name, state: end.state, durationMs: 0, why: BLOCKED });
  }

  async #enter(): Promise<(() => Promise<void>) | undefined> {
    const group = this.#workflow.concurrency?.group ?? "";
    return this.#options.enter?.({
      waiting: (run) =>
        this.#live.emit({ type: "note", level: "info", text: `waiting for run ${run} of group '${group}'` }),
      stopped: this.#stopped.promise,
    });
  }

  get #isStopped(): boolean {
    return this.control.interrupted !== undefined || this.control.isTimedOut;
  }

  async #runStage(stage: WorkflowStage, index: number): Promise<void> {
    const startedAt = this.#live.elapsedMs();
    const end = (state: StageState, why?: string): Promise<void> =>
      this.#stageEnded(stage, { state, why, durationMs: this.#live.elapsedMs() - startedAt, index });
    const skipped = this.#options.skip.get(stage.name);
    if (skipped !== undefined) return end(skipped.state, skipped.why);
    if (this.#isStopped) return end("canceled", this.#stopText());
    const { condition } = stage;
    const isAsked = condition !== undefined && this.#options.stages.looksBack(condition);
    if (this.#hasFailed && !isAsked) return end("skipped", "an earlier stage has failed");
    if (condition !== undefined) {
      const verdict = await this.#options.stages.decide(condition);
      if (verdict.kind === "error") return end("failed", verdict.message);
      if (!verdict.value) return end("skipped", `condition is false: ${condition.source}`);
    }
    const refusal = await this.#askFirst(stage);
    if (refusal !== undefined) return end(...refusal);
    this.#live.emit({ type: "stage.started", stage: stage.name });
    const timer =
      stage.timeoutMs === undefined
        ? undefined
        : setTimeout(
            () => this.control.loop?.cancel({ kind: "stage-timeout", stage: stage.name }),
            stage.timeoutMs,
          );
    const outcomes = await this.#carryOut(stage.requested, {
      retries: stage.retries,
      failFast: stage.failFast ?? this.#options.failFast,
    });
    clearTimeout(timer);
    const bad = badOnes(outcomes, this.#workflow.plan);
    if (this.#isStopped) return end("canceled", this.#stopText());
    if (bad.some(([, { reason }]) => reason?.kind === "stage-timeout")) {
      // Where the stage may fail it may fail so, too.
      if (!stage.allowFailure) this.control.isTimedOut = true;
      return end("failed", `took longer than ${formatDuration(stage.timeoutMs ?? 0)}`);
    }
    return end(bad.length === 0 ? "success" : "failed");
  }

  /** Why a stage that needs a person's consent is not run; undefined where it has it. */
  async #askFirst({ name, approval }: WorkflowStage): Promise<readonly [StageState, string] | undefined> {
    if (approval === undefined || this.#options.isApproved(name)) return undefined;
    const over = new AbortController();
    const answer = await Promise.race([
      this.#options.confirm(this.#options.stages.question(approval), over.signal),
      this.#stopped.promise.then(() => "stopped" as const),
    ]);
    if (answer === "stopped") {
      over.abort();
      return ["canceled", this.#stopText()];
    }
    if (answer === true) return undefined;
    return answer === false
      ? ["failed", "not approved"]
      : ["failed", `it needs approval, and nobody can be asked: --approve='${name}' gives it`];
  }

  #stopText(): string {
    return this.control.interrupted === undefined
      ? "the workflow ran out of time"
      : `${this.control.interrupted} came`;
  }

  async #stageEnded(stage: WorkflowStage, { state, why, durationMs, index }: StageClose): Promise<void> {
    const { name, allowFailure } = stage;
    if (state === "failed" && !allowFailure) this.#hasFailed = true;
    const end: StageEnd = { name, state, durationMs };
    this.#ends.push(end);
    this.#options.stages.ended(end);
    const nothingRan = state !== "success" && why !== undefined;
    if (nothingRan) this.#drop(stage, index, { state, why });
    this.#live.emit({
      type: "stage.finished",
      stage: name,
      state,
      durationMs,
      ...(why === undefined ? {} : { why }),
    });
    await this.#options.onProgress(this.#ends, this.#outcomes, false);
  }

  /** What a stage would have run and no later one can. */
  #drop({ name, requested }: WorkflowStage, index: number, end: { state: StageState; why: string }): void {
    const { stages, ends } = this.#workflow;
    const later = [...stages.slice(index + 1), ...ends].flatMap((part) => part.requested);
    const wanted = withNeeds(later, this.#byId);
    const state = end.state === "skipped" || end.state === "success" ? "skipped" : "canceled";
    for (const id of withNeeds(requested, this.#byId)) {
      if (this.#outcomes.has(id) || wanted.has(id)) continue;
      this.#finish(id, { state, reason: { kind: "stage", stage: name, why: end.why } });
    }
  }

  async #runEnd({ role, requested, always }: WorkflowEndPlan): Promise<void> {
    const isBadEnd = this.#hasFailed || this.#isStopped;
    const isCalled = role === "finally" || (role === "on_failure") === isBadEnd;
    if (!isCalled || this.control.isAborted || (this.#isStopped && !always)) return;
    const startedAt = this.#live.elapsedMs();
    this.#live.emit({ type: "stage.started", stage: role });
    const outcomes = await this.#carryOut(requested, { retries: 0, failFast: false });
    const hasFailed = badOnes(outcomes, this.#workflow.plan).length > 0;
    if (hasFailed) this.#hasFailed = true;
    this.#live.emit({
      type: "stage.finished",
      stage: role,
      state: hasFailed ? "failed" : "success",
      durationMs: this.#live.elapsedMs() - startedAt,
    });
  }

  /** Runs what is requested and what that needs, as far as it has not ended; everything else counts as left out. */
  async #carryOut(requested: readonly InstanceId[], how: StageManner): Promise<Outcomes> {
    const { plan } = this.#workflow;
    const wanted = withNeeds(requested, this.#byId);
    const settled = new Map<InstanceId, Outcome>();
    for (const { id, heldBy } of plan.instances) {
      const outcome = this.#outcomes.get(id);
      if (outcome !== undefined) settled.set(id, outcome);
      else if (heldBy === undefined && !wanted.has(id)) settled.set(id, LEFT_OUT);
    }
    const loop = new PlanLoop(how.retries === 0 ? plan : withRetries(plan, how.retries), this.#live, {
      jobs: this.#options.jobs,
      failFast: how.failFast,
      killOnFail: this.#options.killOnFail,
      retriesLeft: this.#retriesLeft,
      settled,
    });
    this.control.loop = loop;
    const outcomes = await loop.run();
    this.control.loop = undefined;
    this.#retriesLeft -= loop.retriesUsed;
    for (const [id, outcome] of outcomes) this.#outcomes.set(id, outcome);
    return outcomes;
  }

  /** Every planned instance finishes, also one that no stage came to. What was not called for in the end was not stopped. */
  #sweep(): void {
    const { plan, ends } = this.#workflow;
    const uncalled = withNeeds(
      ends.flatMap((end) => end.requested),
      this.#byId,
    );
    const signal = this.control.interrupted;
    const stopped: Outcome =
      signal === undefined ? LEFT_OUT : { state: "canceled", reason: { kind: "interrupt", signal } };
    for (const { id, heldBy } of plan.instances) {
      if (this.#outcomes.has(id)) continue;
      const outcome = uncalled.has(id) ? LEFT_OUT : stopped;
      this.#finish(id, heldBy === undefined ? outcome : notCalled(heldBy));
    }
  }

  #finish(id: InstanceId, outcome: Outcome): void {
    this.#outcomes.set(id, outcome);
    this.#live.emit({ type: "instance.finished", id, outcome, durationMs: 0, attempts: 0 });
  }

  #exitCode(): number {
    if (this.control.interrupted !== undefined) return interruptExitCode(this.control.interrupted);
    if (this.control.isTimedOut) return TIMEOUT_EXIT_CODE;
    return this.#hasFailed ? 1 : 0;
  }
}

/** The shorter of two limits that may be there. */
const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

interface StageClose {
  readonly state: StageState;
  readonly why: string | undefined;
  readonly durationMs: number;
  readonly index: number;
}

interface StageManner {
  readonly retries: number;
  readonly failFast: boolean;
}

const NOTHING: Outcomes = new Map();

const BLOCKED = "before_run of [hooks] has failed";

const LEFT_OUT: Outcome = { state: "skipped", reason: { kind: "not-reached" } };

const notCalled = (by: InstanceId): Outcome => ({ state: "skipped", reason: { kind: "not-called", by } });

/** The plan with further attempts for each instance that does not say itself how often to try. */
function withRetries(plan: Plan, max: number): Plan {
  const retry = {
    max,
    delayMs: 0,
    backoff: "constant" as const,
    maxDelayMs: 0,
    jitter: false,
    onExit: [],
    onOutput: [],
  };
  return { ...plan, instances: plan.instances.map((instance) => ({ retry, ...instance })) };
}
