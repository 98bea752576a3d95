import { criticalPath, remainingPath } from "#base/digraph";
import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";

/** How long an instance is expected to run, in milliseconds; undefined where nobody knows. */
export type ExpectedDuration = (id: InstanceId) => number | undefined;

/**
 * The plan with ranks and critical path by expected durations instead of numbers of instances. What nobody knows counts
 * as the middle one of those that are known; the plan is the same where none is.
 */
export function rankPlan(plan: Plan, expected: ExpectedDuration): Plan {
  const { instances } = plan;
  const known = instances.flatMap(({ id }) => expected(id) ?? []).sort((a, b) => a - b);
  const middle = known[known.length >> 1];
  if (middle === undefined) return plan;
  const numbers = new Map(instances.map(({ id }, index) => [id, index]));
  const graph = instances.map(({ edges }) =>
    edges.length === 0 ? [] : [...new Set(edges.flatMap(({ on }) => numbers.get(on) ?? []))],
  );
  // A handler or a callee is not in anybody's way, as in a plan without durations.
  const weight = (index: number): number => {
    const instance = instances[index];
    if (instance === undefined || instance.heldBy !== undefined || instance.steps.length === 0) return 0;
    return instance.persistent ? 0 : (expected(instance.id) ?? middle);
  };
  const remaining = remainingPath(
    graph,
    graph.map((_, index) => index),
    weight,
  );
  const path = criticalPath(graph, remaining).flatMap((index) => {
    const instance = instances[index];
    return instance === undefined || instance.heldBy !== undefined ? [] : instance.id;
  });
  return {
    ...plan,
    instances: instances.map((instance, index) => ({ ...instance, rank: remaining[index] ?? 0 })),
    criticalPath: path,
  };
}
