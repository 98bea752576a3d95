import { isHandlerEdge } from "#core/model/edge-kinds";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";

/**
 * The instances of a plan to which nothing has happened, neither to themselves nor to anything before them. What calls
 * others, may be called, or is handled by others is never among them: what comes of those has to be seen.
 *
 * @param instances each behind all that it has edges to.
 * @param isSame whether an instance that runs commands still has its result, as far as that depends on itself.
 */
export function untouchedOf(
  instances: readonly Instance[],
  isSame: (id: InstanceId) => boolean,
): ReadonlySet<InstanceId> {
  const handled = new Set<InstanceId>();
  for (const { edges } of instances)
    for (const { on, kind } of edges) if (isHandlerEdge(kind)) handled.add(on);
  const untouched = new Set<InstanceId>();
  for (const { id, steps, edges, calls, heldBy } of instances) {
    if (heldBy !== undefined || calls.length > 0 || handled.has(id)) continue;
    if (steps.length > 0 && !isSame(id)) continue;
    if (edges.every(({ on }) => untouched.has(on))) untouched.add(id);
  }
  return untouched;
}
