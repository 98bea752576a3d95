import type { Plan } from "#core/model/plan";
import type { InstanceId } from "#core/model/ids";
import type { RunHooks } from "#core/model/run-hooks";
import type { SameResult } from "#engine/cache/result-memory";
import { interruptExitCode, outcomesExitCode, TIMEOUT_EXIT_CODE } from "./exit-code";
import { LiveRun } from "./live-run";
import type { LiveRunOptions } from "./live-run";
import { LoopControl } from "./loop-control";
import { PlanLoop } from "./plan-loop";
import type { Outcomes } from "./plan-loop";
import type { HookedRun } from "./run-hooks";

export interface RunOptions extends Omit<LiveRunOptions, "root" | "workflow" | "taskHooks"> {
  /** What `[hooks]` runs around this run and around its tasks. */
  readonly hooks?: RunHooks;
  readonly failFast: boolean;
  readonly killOnFail: boolean;
  /** Of the whole run. */
  readonly timeoutMs?: number;
  /** Instances that have ended before this run: what needs them goes on by it, and they are neither told of nor run. */
  readonly settled?: Outcomes;
  /** Instances that have the results that they had: they are told of first, and not run. */
  readonly same?: ReadonlyMap<InstanceId, SameResult>;
}

/** The way a run is influenced while it goes on. */
export interface RunControl {
  /** Stop everything, let clean-ups run. A second time: kill everything. */
  readonly interrupt: (signal: string) => void;
}

/** The way the run of a single plan is influenced. */
export interface PlanControl extends RunControl {
  /** Stop these instances to start them again in another run; everything else goes on. */
  readonly restart: (ids: Iterable<InstanceId>) => void;
  /** Stop these instances as far as they run; what needs them is not run, everything else goes on. */
  readonly stop: (ids: Iterable<InstanceId>) => void;
  /**
   * Hold these instances where they are, or let them go on. What runs elsewhere, or has the terminal, is not held. Their
   * time limits go on meanwhile.
   */
  readonly pause: (ids: Iterable<InstanceId>, isPaused: boolean) => void;
}

export interface RunResult {
  readonly outcomes: Outcomes;
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

/** A run of a single plan. */
export interface StartedPlan extends StartedRun {
  readonly control: PlanControl;
}

/** Runs a plan. Everything that happens is told to the subscribers; the result only says how it ended. */
export function runPlan(plan: Plan, options: RunOptions, exit: ExitPolicy): StartedPlan {
  const run = new PlanRun(plan, options, exit);
  return { control: run.control, result: run.execute() };
}

const NOTHING: Outcomes = new Map();

class PlanRun {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #exit: ExitPolicy;
  readonly #live: LiveRun;
  readonly control = new LoopControl(() => this.#options.cache?.stopReading());

  constructor(plan: Plan, options: RunOptions, exit: ExitPolicy) {
    this.#plan = plan;
    this.#options = options;
    this.#exit = exit;
    const tasks = options.hooks?.tasks;
    this.#live = new LiveRun({
      ...options,
      root: plan.root,
      ...(tasks === undefined || tasks.size === 0 ? {} : { taskHooks: tasks }),
    });
  }

  async execute(): Promise<RunResult> {
    const { timeoutMs, settled, hooks } = this.#options;
    const plan = this.#plan;
    const told = settled === undefined ? plan : withoutSettled(plan, settled);
    const around = hooks === undefined ? undefined : await import("./run-hooks");
    await this.#live.open(
      around === undefined || hooks === undefined ? told : around.announceWithHooks(told, hooks),
    );
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.control.timeOut(), timeoutMs);
    const before =
      hooks === undefined || around === undefined ? NOTHING : await around.runBefore(hooks, this.#hooked());
    const blocked = around?.blockAll(before, told.instances, this.#live);
    const outcomes = blocked ?? (await this.#carryOut());
    clearTimeout(timer);
    const ended = this.#exitCode(outcomes);
    if (hooks !== undefined && around !== undefined) {
      const facts = {
        outcomes: new Map([...before, ...outcomes]),
        exitCode: ended,
        isInterrupted: this.control.interrupted !== undefined,
        isAborted: this.control.isAborted,
      };
      await around.runAfter(hooks, facts, this.#hooked());
    }
    // What came after may have been interrupted too.
    const exitCode =
      this.control.interrupted === undefined ? ended : interruptExitCode(this.control.interrupted);
    const interrupted = this.control.interrupted;
    this.control.isDone = true;
    await this.#live.close(
      { exitCode, ...(interrupted === undefined ? {} : { interrupted }) },
      this.control.over,
    );
    return { outcomes, interrupted, isTimedOut: this.control.isTimedOut, exitCode };
  }

  async #carryOut(): Promise<Outcomes> {
    const { jobs, failFast, killOnFail, settled, same } = this.#options;
    const told =
      same === undefined || same.size === 0
        ? NOTHING
        : await (
            await import("./tell-same")
          ).tellSame(this.#plan, same, {
            hub: this.#live.hub,
            cache: this.#options.cache,
            isOver: () => this.control.stopped() !== undefined,
          });
    const before = new Map([...(settled ?? NOTHING), ...told]);
    const loop = new PlanLoop(this.#plan, this.#live, {
      jobs,
      failFast,
      killOnFail,
      ...(before.size === 0 ? {} : { settled: before }),
    });
    this.control.loop = loop;
    const going = loop.run();
    // A stop that came before there was anything to stop.
    const reason = this.control.stopped();
    if (reason !== undefined) loop.cancel(reason);
    return new Map([...told, ...(await going)]);
  }

  #hooked(): HookedRun {
    return {
      live: this.#live,
      jobs: this.#options.jobs,
      looping: (loop) => (this.control.loop = loop),
      stopped: () => this.control.stopped(),
    };
  }

  #exitCode(outcomes: Outcomes): number {
    if (this.control.interrupted !== undefined) return interruptExitCode(this.control.interrupted);
    if (this.control.isTimedOut) return TIMEOUT_EXIT_CODE;
    const own = this.#exit.ownCode ? this.#plan.requested : [];
    return outcomesExitCode(outcomes, { plan: this.#plan, own });
  }
}

/** What there is to tell of a plan of which a part has ended before. */
function withoutSettled(
  { instances, requested, criticalPath }: Plan,
  settled: Outcomes,
): Pick<Plan, "instances" | "requested" | "criticalPath"> {
  const isLeft = (id: InstanceId): boolean => !settled.has(id);
  return {
    instances: instances.filter(({ id }) => isLeft(id)),
    requested: requested.filter(isLeft),
    criticalPath: criticalPath.filter(isLeft),
  };
}
