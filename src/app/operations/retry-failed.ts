import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { settledPart } from "#core/plan/failed-part";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Plan } from "#core/model/plan";
import type { StoredRun } from "#engine/history/stored-run";
import type { PlannedRun } from "./plan-run";

/** The part of a plan that an earlier run has left to be done. */
export interface FailedPart {
  /** The others, and how they ended. */
  readonly settled: ReadonlyMap<InstanceId, Outcome>;
  /** The plan without them. */
  readonly rest: Plan;
}

/** What a run has left of a plan; the plan's instances where it has left none. */
export function failedPart({ plan }: PlannedRun, run: StoredRun): Result<FailedPart, "nothing-failed"> {
  const before = new Map<InstanceId, Outcome>();
  // What had ended well in the run before that one did not take part in it.
  for (const id of run.carried ?? []) before.set(id, { state: "success" });
  for (const { id, outcome } of run.instances) before.set(id, outcome);
  const settled = settledPart(plan, before);
  if (settled.size === plan.instances.length) return err("nothing-failed");
  const isLeft = (id: InstanceId): boolean => !settled.has(id);
  return ok({
    settled,
    rest: {
      ...plan,
      requested: plan.requested.filter(isLeft),
      criticalPath: plan.criticalPath.filter(isLeft),
      instances: plan.instances
        .filter(({ id }) => isLeft(id))
        .map((instance) => ({ ...instance, edges: instance.edges.filter(({ on }) => isLeft(on)) })),
    },
  });
}
