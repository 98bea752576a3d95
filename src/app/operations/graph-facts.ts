import type { InstanceState } from "#core/model/outcome";
import { isGood } from "#core/model/outcome";
import type { Workspace } from "#core/workspace/workspace";
import { readHistory } from "#app/history";
import type { LastState } from "#engine/history/last-states";
import { lastStates } from "#engine/history/last-states";
import type { HistoryWarning } from "#engine/history/open-history";

/** What the past says about a node of a graph. */
export interface NodeFact {
  readonly state: InstanceState | "running";
  readonly durationMs: number;
  /** When that was, milliseconds since 1970. */
  readonly wallMs: number;
}

/** By the node's name. */
export type GraphFacts = ReadonlyMap<string, NodeFact>;

/** What the history of a workspace says about the nodes of its graphs, of tasks and of instances. */
export async function graphFacts(
  workspace: Workspace,
): Promise<{ readonly facts: GraphFacts; readonly warnings: readonly HistoryWarning[] }> {
  const { value = [], warnings } = await readHistory(workspace, lastStates);
  return { facts: factsOf(value), warnings };
}

/** A task that was run in several combinations ended as the worst of those of its last run, and took the longest. */
export function factsOf(states: readonly LastState[]): GraphFacts {
  const facts = new Map<string, NodeFact>();
  for (const { id, state, durationMs, wallMs } of states) {
    const fact = { state, durationMs, wallMs };
    facts.set(id, fact);
    const task = /^[^[#]+(?=[[#])/.exec(id)?.[0];
    if (task === undefined) continue;
    const known = facts.get(task);
    if (known === undefined || known.wallMs < wallMs) facts.set(task, fact);
    else if (known.wallMs === wallMs)
      facts.set(task, {
        state: known.state === "running" || !isGood(known.state) ? known.state : state,
        durationMs: Math.max(known.durationMs, durationMs),
        wallMs,
      });
  }
  return facts;
}
