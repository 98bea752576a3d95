import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import type { CacheSession } from "#engine/cache/cache-session";
import type { SameResult } from "#engine/cache/result-memory";
import type { EventHub } from "./event-hub";
import type { Outcomes } from "./plan-loop";

interface TellParts {
  readonly hub: EventHub;
  readonly cache: CacheSession | undefined;
  /** Whether the run has been told to stop. */
  readonly isOver: () => boolean;
}

/**
 * Tells once more what was told of the instances of a plan that have the results that they had. What of these is not in
 * place is put back first, many at once; where that fails, the instance and all behind it are left to be looked at.
 * Returns how those ended that have been told of.
 */
export async function tellSame(
  { instances }: Pick<Plan, "instances">,
  same: ReadonlyMap<InstanceId, SameResult>,
  { hub, cache, isOver }: TellParts,
): Promise<Outcomes> {
  const displaced = instances.filter(({ id }) => same.get(id)?.isInPlace === false);
  const placed = displaced.length === 0 ? undefined : cache?.putBack(displaced, isOver);
  const outcomes = new Map<InstanceId, Outcome>();
  const isReady = ({ edges }: Instance): boolean => edges.every(({ on }) => outcomes.has(on));
  for (const instance of instances) {
    const { id } = instance;
    const result = same.get(id);
    if (result === undefined) continue;
    const isThere = result.isInPlace || (await placed?.get(id)) === true;
    if (isOver()) break;
    if (!isThere || !isReady(instance)) continue;
    await tell(id, result, hub);
    cache?.recalled(id, result.finished.outcome);
    outcomes.set(id, result.finished.outcome);
  }
  return outcomes;
}

async function tell(id: InstanceId, { output, finished }: SameResult, hub: EventHub): Promise<void> {
  hub.emit({ type: "instance.queued", id });
  for (const chunk of output) await hub.output({ id, ...chunk });
  hub.emit(finished);
}
