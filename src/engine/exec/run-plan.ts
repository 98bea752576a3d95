import type { Plan } from "#core/model/plan";
import type { InstanceId } from "#core/model/ids";
import type { StopReason } from "#core/model/outcome";
import { interruptExitCode, outcomesExitCode, TIMEOUT_EXIT_CODE } from "./exit-code";
import { LiveRun } from "./live-run";
import type { LiveRunOptions } from "./live-run";
import { PlanLoop } from "./plan-loop";
import type { Outcomes } from "./plan-loop";

export interface RunOptions extends Omit<LiveRunOptions, "root" | "workflow"> {
  readonly failFast: boolean;
  readonly killOnFail: boolean;
  /** Of the whole run. */
  readonly timeoutMs?: number;
  /** Instances that have ended before this run: what needs them goes on by it, and they are neither told of nor run. */
  readonly settled?: Outcomes;
}

/** The way a run is influenced while it goes on. */
export interface RunControl {
  /** Stop everything, let clean-ups run. A second time: kill everything. */
  readonly interrupt: (signal: string) => void;
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

/** Runs a plan. Everything that happens is told to the subscribers; the result only says how it ended. */
export function runPlan(plan: Plan, options: RunOptions, exit: ExitPolicy): StartedRun {
  const run = new PlanRun(plan, options, exit);
  return { control: run, result: run.execute() };
}

class PlanRun implements RunControl {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #exit: ExitPolicy;
  readonly #live: LiveRun;
  #loop: PlanLoop | undefined;
  #interrupted: string | undefined;
  #isTimedOut = false;

  constructor(plan: Plan, options: RunOptions, exit: ExitPolicy) {
    this.#plan = plan;
    this.#options = options;
    this.#exit = exit;
    this.#live = new LiveRun({ ...options, root: plan.root });
  }

  async execute(): Promise<RunResult> {
    const { timeoutMs, jobs, failFast, killOnFail, settled } = this.#options;
    const plan = this.#plan;
    await this.#live.open(settled === undefined ? plan : withoutSettled(plan, settled));
    const loop = new PlanLoop(plan, this.#live, {
      jobs,
      failFast,
      killOnFail,
      ...(settled === undefined ? {} : { settled }),
    });
    this.#loop = loop;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#timeOut(), timeoutMs);
    const going = loop.run();
    // An interrupt that came before there was anything to stop.
    if (this.#interrupted !== undefined) loop.cancel({ kind: "interrupt", signal: this.#interrupted });
    const outcomes = await going;
    clearTimeout(timer);
    const exitCode = this.#exitCode(outcomes);
    const interrupted = this.#interrupted;
    await this.#live.close({ exitCode, ...(interrupted === undefined ? {} : { interrupted }) });
    return { outcomes, interrupted, isTimedOut: this.#isTimedOut, exitCode };
  }

  interrupt(signal: string): void {
    const loop = this.#loop;
    // A terminal's Ctrl-C goes to whoever has the terminal: an interactive task decides for itself what it means.
    if (signal === "SIGINT" && loop?.hasTerminal() === true) return;
    const reason: StopReason = { kind: "interrupt", signal };
    const isSecond = this.#interrupted !== undefined;
    this.#interrupted ??= signal;
    if (isSecond) loop?.abort(reason);
    else loop?.cancel(reason);
  }

  #timeOut(): void {
    this.#isTimedOut = true;
    this.#loop?.cancel({ kind: "run-timeout" });
  }

  #exitCode(outcomes: Outcomes): number {
    if (this.#interrupted !== undefined) return interruptExitCode(this.#interrupted);
    if (this.#isTimedOut) return TIMEOUT_EXIT_CODE;
    return outcomesExitCode(outcomes, this.#exit.ownCode ? this.#plan.requested : []);
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
