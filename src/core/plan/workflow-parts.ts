import { isNeed } from "#core/model/edge-kinds";
import type { PlannedStage } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Edge, Instance, Plan } from "#core/model/plan";
import type { WorkflowPlan } from "#core/model/workflow";

type ById = ReadonlyMap<InstanceId, Instance>;

/** Some instances and all that these need. What only orders them brings nothing in. */
export function withNeeds(requested: readonly InstanceId[], byId: ById): ReadonlySet<InstanceId> {
  const found = new Set(requested);
  for (const id of found) {
    for (const { on, kind } of byId.get(id)?.edges ?? []) if (isNeed(kind)) found.add(on);
  }
  return found;
}

/** What a workflow would run without some of its stages: what the others and its ends need, call and are handled by. */
export function instancesWithout(
  { plan, stages, ends }: WorkflowPlan,
  isLeftOut: (stage: string) => boolean,
): readonly Instance[] {
  const parts = [...stages.filter(({ name }) => !isLeftOut(name)), ...ends];
  const found = new Set(
    withNeeds(
      parts.flatMap(({ requested }) => requested),
      instancesById(plan),
    ),
  );
  const held = plan.instances.filter(({ heldBy }) => heldBy !== undefined);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { id, heldBy, edges } of held)
      if (heldBy !== undefined && (found.has(heldBy) || edges.some(isHandling(found)))) found.add(id);
  }
  return plan.instances.filter(({ id }) => found.has(id));
}

const isHandling =
  (ids: ReadonlySet<InstanceId>) =>
  ({ on, kind }: Edge): boolean =>
    (kind === "finally" || kind === "success" || kind === "failure") && ids.has(on);

export const instancesById = ({ instances }: Plan): ById =>
  new Map(instances.map((instance) => [instance.id, instance]));

/** The stages and ends of a workflow with the instances that each is the first to need. */
export function plannedStages({ plan, stages, ends }: WorkflowPlan): readonly PlannedStage[] {
  const byId = instancesById(plan);
  const seen = new Set<InstanceId>();
  const own = (requested: readonly InstanceId[]): InstanceId[] => {
    const needed = withNeeds(requested, byId);
    // In the plan's order, in which what is needed comes first.
    const fresh = plan.instances.flatMap(({ id }) => (needed.has(id) && !seen.has(id) ? [id] : []));
    for (const id of fresh) seen.add(id);
    return fresh;
  };
  return [
    ...stages.map(({ name, requested }) => ({ name, role: "stage" as const, instances: own(requested) })),
    ...ends.map(({ role, requested }) => ({ name: role, role, instances: own(requested) })),
  ];
}
