import { isHandlerEdge } from "#core/model/edge-kinds";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Entry } from "./scheduler-entry";

/**
 * The entries that count as ended when a run begins: those that `settled` names, and the handlers and calls that only
 * they could have asked for. In the order in which they are to be told of.
 */
export function settledBefore(
  entries: readonly Entry[],
  settled: ReadonlyMap<InstanceId, Outcome>,
): ReadonlyMap<Entry, Outcome> {
  const ended = new Map<Entry, Outcome>();
  const endedIds = new Set<InstanceId>();
  const end = (entry: Entry, outcome: Outcome): void => {
    ended.set(entry, outcome);
    endedIds.add(entry.instance.id);
  };
  for (const entry of entries) {
    const outcome = settled.get(entry.instance.id);
    if (outcome !== undefined) end(entry, outcome);
  }
  const held = entries.filter(({ instance }) => instance.heldBy !== undefined);
  if (held.length === 0) return ended;
  const wanters = wantersOf(entries);
  for (let before = -1; before < ended.size;) {
    before = ended.size;
    for (const entry of held) {
      const by = entry.instance.heldBy;
      const isOver =
        ownersOf(entry).every((id) => endedIds.has(id)) &&
        (wanters.get(entry) ?? []).every((wanter) => ended.has(wanter));
      if (by !== undefined && isOver && !ended.has(entry))
        end(entry, { state: "skipped", reason: { kind: "not-called", by } });
    }
  }
  return ended;
}

/** Those whose end an entry handles. */
const ownersOf = ({ instance }: Entry): readonly InstanceId[] =>
  instance.edges.filter((edge) => isHandlerEdge(edge.kind)).map((edge) => edge.on);

/** For each entry those that need or may call it. */
function wantersOf(entries: readonly Entry[]): ReadonlyMap<Entry, readonly Entry[]> {
  const wanters = new Map<Entry, Entry[]>();
  for (const entry of entries) {
    for (const wanted of entry.wants) {
      const list = wanters.get(wanted);
      if (list === undefined) wanters.set(wanted, [entry]);
      else list.push(entry);
    }
  }
  return wanters;
}
