import type { InstanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import type { ExpectedDuration } from "./rank-plan";

/** One part of a plan that is divided among machines. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** A part of a plan, and how the whole was divided. */
export interface ShardedPlan {
  readonly plan: Plan;
  /** Instances that this part is for. The others in it are needed by these. */
  readonly units: readonly InstanceId[];
  /** All such instances of the whole plan. */
  readonly unitCount: number;
  /** How these are divided: those of each part, in the order of the plan. The same on every machine, if all is well. */
  readonly division: readonly (readonly InstanceId[])[];
  /** Those of the part that other parts run too. */
  readonly repeated: readonly InstanceId[];
  /** Time that each part is expected to take one after the other, in milliseconds, or the number of its instances. */
  readonly loads: readonly number[];
  /** Whether the loads are times. */
  readonly isTimed: boolean;
}

/**
 * Divides a plan into parts that together run every instance. What is divided are the requested instances, a group among
 * them being what it stands for; each is in exactly one part, with all that it needs, so what several need is repeated.
 *
 * The longest first, each to the part that it leaves the least loaded (R. L. Graham, Bounds on multiprocessing timing
 * anomalies, 1969), where what a part runs already costs nothing more. Ties go by name and number: the same plan and
 * durations give the same parts everywhere, without a word between the machines.
 */
export function shardPlan(plan: Plan, { index, count }: Shard, expected: ExpectedDuration): ShardedPlan {
  const graph = new PlanGraph(plan);
  const units = graph.units();
  const weigh = weightOf(plan, expected);
  const closures = new Map(units.map((id) => [id, graph.closure(id)]));
  const costOf = (ids: Iterable<InstanceId>): number => {
    let cost = 0;
    for (const id of ids) cost += weigh.of(id);
    return cost;
  };
  const costs = new Map(units.map((id) => [id, costOf(closures.get(id) ?? [])]));
  const longestFirst = [...units].sort(
    (a, b) => (costs.get(b) ?? 0) - (costs.get(a) ?? 0) || (a < b ? -1 : a > b ? 1 : 0),
  );
  const parts = Array.from({ length: count }, () => ({
    units: new Set<InstanceId>(),
    members: new Set<InstanceId>(),
    load: 0,
  }));
  for (const id of longestFirst) {
    const closure = closures.get(id) ?? new Set([id]);
    let best: (typeof parts)[number] | undefined;
    let bestLoad = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      let load = part.load;
      for (const member of closure) if (!part.members.has(member)) load += weigh.of(member);
      if (load < bestLoad) [best, bestLoad] = [part, load];
    }
    if (best === undefined) continue;
    best.units.add(id);
    best.load = bestLoad;
    for (const member of closure) best.members.add(member);
  }
  const own = parts[index - 1] ?? { units: new Set<InstanceId>(), members: new Set<InstanceId>() };
  const isKept = (id: InstanceId): boolean => own.members.has(id);
  return {
    plan: partOf(plan, own.units, isKept),
    units: units.filter((id) => own.units.has(id)),
    unitCount: units.length,
    division: parts.map((part) => units.filter((id) => part.units.has(id))),
    repeated: plan.instances
      .map(({ id }) => id)
      .filter((id) => isKept(id) && parts.some((part, at) => at !== index - 1 && part.members.has(id))),
    loads: parts.map(({ load }) => load),
    isTimed: weigh.isTimed,
  };
}

function partOf(plan: Plan, requested: ReadonlySet<InstanceId>, isKept: (id: InstanceId) => boolean): Plan {
  return {
    ...plan,
    requested: plan.instances.map(({ id }) => id).filter((id) => requested.has(id)),
    criticalPath: plan.criticalPath.filter(isKept),
    instances: plan.instances
      .filter(({ id }) => isKept(id))
      // An edge that only orders may lead to another part.
      .map((instance) => ({ ...instance, edges: instance.edges.filter(({ on }) => isKept(on)) })),
  };
}

/** What an instance counts: its expected time; where none is known of any, one each. */
function weightOf(
  { instances }: Plan,
  expected: ExpectedDuration,
): { readonly of: (id: InstanceId) => number; readonly isTimed: boolean } {
  const known = instances.flatMap(({ id }) => expected(id) ?? []).sort((a, b) => a - b);
  const middle = known[known.length >> 1];
  const weights = new Map<InstanceId, number>();
  for (const { id, steps, persistent } of instances)
    weights.set(id, steps.length === 0 || persistent ? 0 : (expected(id) ?? middle ?? 1));
  return { of: (id) => weights.get(id) ?? 0, isTimed: middle !== undefined };
}

/** What instances need, in a form that is quick to walk. */
class PlanGraph {
  readonly #plan: Plan;
  readonly #byId: ReadonlyMap<InstanceId, Instance>;
  /** What comes along with an instance: what handles its end, and what its steps may call. */
  readonly #along = new Map<InstanceId, InstanceId[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
    for (const { id, heldBy, edges, calls } of plan.instances) {
      if (heldBy !== undefined) this.#bring(heldBy, id);
      for (const { on, kind } of edges)
        if (kind === "finally" || kind === "success" || kind === "failure") this.#bring(on, id);
      for (const called of calls.flat()) this.#bring(id, called);
    }
  }

  /** What was requested, each group among it being what it stands for. */
  units(): readonly InstanceId[] {
    const units = new Set<InstanceId>();
    const seen = new Set<InstanceId>();
    const open = [...this.#plan.requested];
    for (const id of open) {
      if (seen.has(id)) continue;
      seen.add(id);
      const instance = this.#byId.get(id);
      if (instance === undefined) continue;
      if (this.#isGroup(instance)) open.push(...instance.edges.map(({ on }) => on));
      else units.add(id);
    }
    // What another unit needs comes with that one.
    for (const id of units) for (const needed of this.closure(id)) if (needed !== id) units.delete(needed);
    return this.#plan.instances.map(({ id }) => id).filter((id) => units.has(id));
  }

  /** An instance with all that it needs and brings along. */
  closure(start: InstanceId): ReadonlySet<InstanceId> {
    const found = new Set([start]);
    // What is added on the way is looked at too.
    for (const id of found) {
      for (const { on, kind } of this.#byId.get(id)?.edges ?? []) if (kind !== "order") found.add(on);
      for (const other of this.#along.get(id) ?? []) found.add(other);
    }
    return found;
  }

  /** It runs nothing itself, nothing handles its end, and it waits for its parts in no order. */
  #isGroup({ id, steps, edges }: Instance): boolean {
    return (
      steps.length === 0 &&
      edges.length > 0 &&
      edges.every(({ kind }) => kind === "dep" || kind === "ready") &&
      !this.#along.has(id)
    );
  }

  #bring(owner: InstanceId, id: InstanceId): void {
    const list = this.#along.get(owner);
    if (list === undefined) this.#along.set(owner, [id]);
    else list.push(id);
  }
}
