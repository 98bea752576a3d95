import type { Plan } from "#core/model/plan";
import { rankPlan } from "#core/plan/rank-plan";
import type { ExpectedDuration } from "#core/plan/rank-plan";
import { readDurations } from "#engine/history/durations";
import { historyFolder } from "#engine/history/history-folder";

/** How long the instances of a workspace usually take: the median of the last times that they ended well. */
export async function expectedDurations(root: string): Promise<ExpectedDuration> {
  const recorded = await readDurations(historyFolder(root).durations);
  return (id) => {
    const list = recorded.get(id);
    return list === undefined ? undefined : [...list].sort((a, b) => a - b)[list.length >> 1];
  };
}

/** The plan in the order that what was recorded suggests. */
export const rankByHistory = async (plan: Plan): Promise<Plan> =>
  rankPlan(plan, await expectedDurations(plan.root));
