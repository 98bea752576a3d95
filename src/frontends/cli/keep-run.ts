import { isKeepable } from "#app/kept-plan";
import { completePlanOf } from "#app/tools/equip-plan";
import { isNews, isTellable, keepRun, ToldKeeper } from "#app/kept-runs";
import type { RunLook } from "#app/kept-runs";
import type { PlannedRun, RunnablePlan } from "#app/operations/plan-run";
import { historySetting } from "#app/run-history";
import type { RunSubscriber } from "#core/model/event";
import type { Instance } from "#core/model/plan";
import { EarlyLook } from "#engine/cache/early-look";
import { noteAgain } from "#engine/cache/read-facts";
import type { ReadFacts } from "#engine/cache/read-facts";
import { ResultMemory } from "#engine/cache/result-memory";
import type { Invocation } from "#engine/history/stored-run";
import { copyReadTrace, endReadTrace } from "#system/fs/read-trace";
import type { Host } from "#system/host";
import { isTerminal } from "#system/stdio/is-terminal";
import type { Recollection } from "./recollection";

/** Keeps a run, or its plan, for the next time that the same is asked for. */
export interface RunKeeper {
  readonly subscriber: RunSubscriber;
  /** What the run is to tell of its results. */
  readonly memory: ResultMemory;
  /** To be called when everything has been written, with the way in which it was shown; without one only the plan is kept. */
  readonly finish: (look?: RunLook) => Promise<void>;
}

/** A plan that is about to be run, and the same without its workspace where it may be written down. */
export interface KeptPlan {
  readonly planned: RunnablePlan;
  readonly complete: RunnablePlan | undefined;
}

interface KeeperSetting {
  readonly recollection: Recollection;
  readonly invocation: Invocation;
  /** There where the plan has been kept before. */
  readonly again?: {
    readonly memory: ResultMemory;
    readonly facts: ReadFacts;
    readonly changed: readonly string[];
    /** Whether those facts are about more than the plan. */
    readonly isWhole: boolean;
  };
}

/** A plan to run, and what keeps it. */
export interface PreparedRun {
  readonly planned: RunnablePlan;
  readonly keep: RunKeeper | undefined;
}

/** The plan to run, and what keeps it; no keeper where it can't be kept: then nothing is noted any more. */
export async function preparedToKeep(
  planned: PlannedRun,
  setting: KeeperSetting & { readonly host: Host },
): Promise<PreparedRun> {
  // Parameters may be secrets, and what is kept is not masked.
  const mayKeep = !planned.plan.instances.some(takesParameters);
  const complete = mayKeep && (await isKeepable(planned)) ? completePlanOf(planned, setting.host) : undefined;
  const keep =
    complete !== undefined || (mayKeep && isTellable(planned))
      ? keeperOf({ planned, complete }, setting)
      : undefined;
  if (keep === undefined) endReadTrace();
  return { planned: complete ?? planned, keep };
}

/** Whether some of its parameters may come from the command line. */
const takesParameters = ({ reason, params }: Instance): boolean =>
  reason.kind === "requested" && Object.keys(params).length > 0;

/** What keeps the run of a plan for another time. */
export function keeperOf(
  { planned, complete }: KeptPlan,
  { recollection, invocation, again }: KeeperSetting,
): RunKeeper {
  const { place, trace, beganMs, said } = recollection;
  const subscriber = new ToldKeeper(isTellable(planned));
  const memory = again?.memory ?? new ResultMemory();
  const planReads = copyReadTrace(trace);
  const early = again === undefined ? new EarlyLook(planReads.paths) : undefined;
  return {
    subscriber,
    memory,
    finish: async (look) => {
      const told = look === undefined ? undefined : subscriber.told();
      if (said === undefined || (again !== undefined && !isNews(told, memory))) return;
      const { root, instances } = planned.plan;
      const history = historySetting(planned, invocation);
      await keepRun(told, {
        place,
        trace,
        ...(early === undefined ? {} : { planReads, early }),
        beganMs,
        setting: {
          said,
          root,
          ...(look === undefined ? {} : { look: { ...look, terminals: [isTerminal(1), isTerminal(2)] } }),
          ...(history === undefined ? {} : { history }),
        },
        complete,
        instances: instances.length,
        isWell: subscriber.isWell,
        memory,
        ...(again === undefined
          ? {}
          : { known: { index: noteAgain(again.facts, again.changed, trace), isWhole: again.isWhole } }),
      });
    },
  };
}
