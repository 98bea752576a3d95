import type { EnvSource } from "#core/model/environment";
import type { InstanceId } from "#core/model/ids";
import type { Outcome, StopReason } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import type { RunHooks } from "#core/model/run-hooks";
import { isBad } from "./exit-code";
import type { Announcement, LiveRun } from "./live-run";
import { PlanLoop } from "./plan-loop";
import type { Outcomes } from "./plan-loop";

/** How long what comes after a run may take where the run was stopped. */
const AFTER_STOP_MS = 10_000;

/** The run that hooks run around. */
export interface HookedRun {
  readonly live: LiveRun;
  readonly jobs: number;
  /** Told of each loop, for signals to reach it. */
  readonly looping: (loop: PlanLoop) => void;
  /** Why the run has been stopped; undefined where it has not. */
  readonly stopped: () => StopReason | undefined;
}

/** How a run ended, as what comes after it is told. */
export interface RunFacts {
  readonly outcomes: Outcomes;
  readonly exitCode: number;
  readonly isInterrupted: boolean;
  /** Whether everything was to be killed: then nothing comes after it. */
  readonly isAborted: boolean;
}

/** What there is to tell of a run and of what runs before and after it. */
export function announceWithHooks<A extends Pick<Announcement, "instances">>(
  main: A,
  { beforeRun, afterRun }: RunHooks,
): A {
  const instances = [...(beforeRun?.instances ?? []), ...main.instances, ...(afterRun?.instances ?? [])];
  return { ...main, instances };
}

/** Runs what comes before a run; gives what became of it. */
export async function runBefore({ beforeRun }: RunHooks, run: HookedRun): Promise<Outcomes> {
  if (beforeRun === undefined) return new Map();
  const loop = new PlanLoop(beforeRun, run.live, { jobs: run.jobs, failFast: true, killOnFail: false });
  run.looping(loop);
  const going = loop.run();
  // A stop that came before there was anything to stop.
  const reason = run.stopped();
  if (reason !== undefined) loop.cancel(reason);
  return going;
}

/** Where something before the run has failed: how every instance of the run ends, which is told; else undefined. */
export function blockAll(
  before: Outcomes,
  instances: readonly Pick<Instance, "id">[],
  live: LiveRun,
): Outcomes | undefined {
  for (const [of, outcome] of before) {
    if (!isBad(outcome)) continue;
    return endAll(
      instances,
      { state: "blocked", reason: { kind: "upstream", of, state: outcome.state } },
      live,
    );
  }
  return undefined;
}

function endAll(instances: readonly Pick<Instance, "id">[], outcome: Outcome, live: LiveRun): Outcomes {
  for (const { id } of instances)
    live.emit({ type: "instance.finished", id, outcome, durationMs: 0, attempts: 0 });
  return new Map(instances.map(({ id }) => [id, outcome]));
}

/**
 * Runs what comes after a run, told by its environment how that ended: after one that was stopped too, but then not for
 * long.
 */
export async function runAfter({ afterRun }: RunHooks, facts: RunFacts, run: HookedRun): Promise<void> {
  if (afterRun === undefined) return;
  const reason = run.stopped();
  if (facts.isAborted && reason !== undefined)
    return void endAll(afterRun.instances, { state: "canceled", reason }, run.live);
  const plan = withFacts(afterRun, facts, run.live.elapsedMs());
  const loop = new PlanLoop(plan, run.live, { jobs: run.jobs, failFast: false, killOnFail: false });
  run.looping(loop);
  const isOver = (): void => loop.cancel({ kind: "after-stop", limitMs: AFTER_STOP_MS });
  const timer = reason === undefined ? undefined : setTimeout(isOver, AFTER_STOP_MS);
  await loop.run();
  clearTimeout(timer);
}

function withFacts(plan: Plan, facts: RunFacts, durationMs: number): Plan {
  const { outcomes, isInterrupted, exitCode } = facts;
  const variables = {
    ZR_RUN_STATUS: isInterrupted ? "interrupted" : exitCode === 0 ? "success" : "failed",
    ZR_EXIT_CODE: String(exitCode),
    ZR_FAILED: failedIds(outcomes).join(" "),
    ZR_DURATION_MS: String(Math.round(durationMs)),
  };
  const source: EnvSource = {
    layer: "task-env",
    entries: Object.entries(variables).map(([name, text]) => ({
      name,
      value: { kind: "text", text, expand: false },
    })),
  };
  return {
    ...plan,
    instances: plan.instances.map((instance) => ({ ...instance, env: [...instance.env, source] })),
  };
}

const failedIds = (outcomes: Outcomes): readonly InstanceId[] =>
  [...outcomes].flatMap(([id, { state }]) => (state === "failed" || state === "timed_out" ? [id] : []));
