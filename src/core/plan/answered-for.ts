import type { InstanceId } from "#core/model/ids";
import { wentWell } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";

/**
 * Whether the end of an instance is one that its caller answers for, and that has ended well: a step that may fail has
 * called it, or a task that may fail. What the called needs counts with it.
 */
export function isAnsweredFor(
  instance: Instance,
  byId: ReadonlyMap<InstanceId, Instance>,
  outcomes: ReadonlyMap<InstanceId, Outcome>,
): boolean {
  for (let at = instance; at.heldBy !== undefined;) {
    const { kind } = at.reason;
    if (kind !== "call" && kind !== "dep" && kind !== "serial-dep") return false;
    if (kind === "call" && wentWell(outcomes.get(at.heldBy))) return true;
    const owner = byId.get(at.heldBy);
    if (owner === undefined || owner === at) return false;
    at = owner;
  }
  return false;
}
