import type { InstanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";

/** Instances of the new plan that are not in the old one or would be run in another way. */
export function changedInstances(before: Plan, after: Plan): readonly InstanceId[] {
  const old = new Map(before.instances.map((instance) => [instance.id, meaningOf(instance, before)]));
  return after.instances
    .filter((instance) => old.get(instance.id) !== meaningOf(instance, after))
    .map(({ id }) => id);
}

/** Everything that decides how an instance is run, as text: not where it stands in the file, nor why it is in the plan. */
const meaningOf = (instance: Instance, plan: Plan): string =>
  JSON.stringify(
    [instance, plan.environments[instance.environment], plan.packages[instance.environment]],
    (key, value: unknown) => (LEFT_OUT.has(key) ? undefined : value),
  );

const LEFT_OUT = new Set(["place", "rank", "reason", "edges", "description", "tags"]);
