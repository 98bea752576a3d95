import { isNeed } from "#core/model/edge-kinds";
import type { InstanceId } from "#core/model/ids";
import { wentWell } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";

export interface RerunOptions {
  readonly plan: Plan;
  /** Instances that are run again for what they depend on; others only where they are named or needed. */
  readonly followed: ReadonlySet<InstanceId>;
  /** Instances to run again, dependents not among them. */
  readonly direct: Iterable<InstanceId>;
  /** How instances ended when they were last run. */
  readonly outcomes: ReadonlyMap<InstanceId, Outcome>;
  /** Long-running instances that run. */
  readonly alive: ReadonlySet<InstanceId>;
  /** Of those, the ones that are to be stopped and started again where they are affected. */
  readonly restartable: ReadonlySet<InstanceId>;
}

/** What a re-run is made of. */
export interface RerunSelection {
  /** In the plan's order. */
  readonly run: readonly InstanceId[];
  /** Running instances to stop first. */
  readonly restart: readonly InstanceId[];
  /** All others, for the run to take as they are. */
  readonly settled: ReadonlyMap<InstanceId, Outcome>;
}

const UNTOUCHED: Outcome = { state: "skipped" };
const UP: Outcome = { state: "success" };

/**
 * Chooses what to run again: the given instances, everything that depends on them, and of what they need that which has
 * not ended well. Long-running instances that run are left alone, unless they are to be restarted. An instance that
 * another one calls goes with its caller; handlers go with what they handle.
 */
export function selectRerun(options: RerunOptions): RerunSelection {
  const { plan, followed, outcomes, alive, restartable } = options;
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  const dependents = dependentsOf(plan);
  const chosen = new Set<InstanceId>();
  const queue: InstanceId[] = [];
  const choose = (id: InstanceId): void => {
    if (chosen.has(id) || !byId.has(id) || (alive.has(id) && !restartable.has(id))) return;
    chosen.add(id);
    queue.push(id);
  };
  const isSettled = (id: InstanceId): boolean => alive.has(id) || wentWell(outcomes.get(id));
  for (const id of options.direct) choose(id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const instance = byId.get(id);
    if (instance === undefined) continue;
    if (instance.heldBy !== undefined) choose(instance.heldBy);
    for (const dependent of dependents.get(id) ?? []) if (followed.has(dependent)) choose(dependent);
    for (const { on, kind } of instance.edges) if (isNeed(kind) && !isSettled(on)) choose(on);
    for (const call of instance.calls.flat()) choose(call);
    // What an instance has shared is gone with the run that it was part of.
    for (const value of instance.late ?? []) if (value.kind === "output") choose(value.of);
  }
  const settled = new Map<InstanceId, Outcome>();
  for (const { id, heldBy } of plan.instances) {
    // What is held ends with its owner: the run works that out by itself.
    if (chosen.has(id) || heldBy !== undefined) continue;
    settled.set(id, alive.has(id) ? UP : (outcomes.get(id) ?? UNTOUCHED));
  }
  const run = plan.instances.map(({ id }) => id).filter((id) => chosen.has(id));
  return { run, restart: run.filter((id) => alive.has(id)), settled };
}

/** Who needs each instance; who merely comes after it needs nothing of it. */
function dependentsOf(plan: Plan): ReadonlyMap<InstanceId, readonly InstanceId[]> {
  const dependents = new Map<InstanceId, InstanceId[]>();
  for (const { id, edges, heldBy } of plan.instances) {
    for (const { on, kind } of edges) {
      // A handler does not pull in what else it handles.
      if (kind === "order" || (heldBy !== undefined && !isNeed(kind))) continue;
      const list = dependents.get(on);
      if (list === undefined) dependents.set(on, [id]);
      else list.push(id);
    }
  }
  return dependents;
}

/** Instances of a plan that stay up once they have been started: servers, and tasks that are restarted by changes. */
export const longRunning = (
  plan: Plan,
  restartable: (id: InstanceId) => boolean,
): ReadonlySet<Instance["id"]> =>
  new Set(
    plan.instances
      .filter(({ id, persistent, steps }) => persistent || (steps.length > 0 && restartable(id)))
      .map(({ id }) => id),
  );
