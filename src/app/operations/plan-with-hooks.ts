import type { Plan } from "#core/model/plan";
import type { RunnablePlan } from "./plan-run";

/** Everything that a run is going to tell of: the plan, and what runs before and after it. */
export function planWithHooks({ plan, hooks }: Pick<RunnablePlan, "plan" | "hooks">): Plan {
  if (hooks === undefined) return plan;
  const { beforeRun, afterRun } = hooks;
  return {
    ...plan,
    instances: [...(beforeRun?.instances ?? []), ...plan.instances, ...(afterRun?.instances ?? [])],
  };
}
