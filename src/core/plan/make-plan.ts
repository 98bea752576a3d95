import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import type { Workspace } from "#core/workspace/workspace";
import { Planner } from "./planner";
import type { Planned, PlanRequest } from "./request";

/**
 * Turns a request into a plan: which instances, in which order, and why each of them. It starts nothing and reads
 * nothing; the same request over the same configuration gives the same plan.
 */
export function makePlan(workspace: Workspace, request: PlanRequest): Planned<Plan> {
  const planner = new Planner(workspace, request);
  const requested = new Set<InstanceId>();
  for (const target of request.targets) for (const id of planner.request(target)) requested.add(id);
  return planner.finish([...requested]);
}
