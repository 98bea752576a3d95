import { isHandlerEdge, isNeed } from "#core/model/edge-kinds";
import type { InstanceId } from "#core/model/ids";
import { wentWell } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import { isAnsweredFor } from "./answered-for";

/**
 * The instances of a plan that need not be run again, with how they ended: those that ended well before and need
 * nothing that did not. What runs again brings along the servers that it needs, what it calls and what handles its end.
 *
 * @param before how instances ended, in the run before; one that is not there is run.
 */
export function settledPart(
  plan: Plan,
  before: ReadonlyMap<InstanceId, Outcome>,
): ReadonlyMap<InstanceId, Outcome> {
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  const again = new Set<InstanceId>();
  for (const instance of plan.instances)
    if (isLeft(instance, before) && !isAnsweredFor(instance, byId, before))
      again.add(ownerOf(instance, byId));
  // The plan's order respects every edge: what an instance needs has been decided before it.
  for (const instance of plan.instances)
    if (instance.heldBy === undefined && needsOneOf(instance, again)) again.add(instance.id);
  bringAlong(again, plan, byId);
  const settled = new Map<InstanceId, Outcome>();
  for (const { id } of plan.instances) {
    if (again.has(id)) continue;
    settled.set(id, before.get(id) ?? { state: "skipped" });
  }
  return settled;
}

const needsOneOf = (instance: Instance, again: ReadonlySet<InstanceId>): boolean =>
  instance.edges.some(({ on, kind }) => isNeed(kind) && again.has(on));

const isHandlerOf = (instance: Instance, again: ReadonlySet<InstanceId>): boolean =>
  instance.edges.some(({ on, kind }) => isHandlerEdge(kind) && again.has(on));

function isLeft({ id, heldBy }: Instance, before: ReadonlyMap<InstanceId, Outcome>): boolean {
  const outcome = before.get(id);
  // What nobody has called for is not missing.
  if (outcome === undefined) return heldBy === undefined;
  return !wentWell(outcome);
}

/** Whoever has to run for this instance to run: itself, or who calls it or is handled by it. */
function ownerOf(instance: Instance, byId: ReadonlyMap<InstanceId, Instance>): InstanceId {
  let owner = instance;
  for (let next = byId.get(owner.heldBy ?? owner.id); next !== undefined && next !== owner;) {
    owner = next;
    next = byId.get(owner.heldBy ?? owner.id);
  }
  return owner.id;
}

/**
 * What runs again takes with it what it calls, what handles its end, and the servers that it needs; so do these. A
 * server that ended well was stopped at the end of its run: whoever needs it needs it up again.
 */
function bringAlong(
  again: Set<InstanceId>,
  { instances }: Plan,
  byId: ReadonlyMap<InstanceId, Instance>,
): void {
  const held = instances.filter(({ heldBy }) => heldBy !== undefined);
  for (let before = -1; before < again.size;) {
    before = again.size;
    // What is added on the way is looked at too.
    for (const id of again)
      for (const { on, kind } of byId.get(id)?.edges ?? [])
        if (isNeed(kind) && byId.get(on)?.persistent === true) again.add(on);
    for (const instance of held)
      if ((instance.heldBy !== undefined && again.has(instance.heldBy)) || isHandlerOf(instance, again))
        again.add(instance.id);
  }
}
