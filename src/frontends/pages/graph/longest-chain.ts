import { criticalPath, remainingPath, reverse, topologicalOrder } from "#base/digraph";
import { breakCycles } from "#frontends/pages/layout/break-cycles";
import type { LayoutEdge } from "#frontends/pages/layout/layout-types";
import { targetsOf } from "#frontends/pages/layout/strong-components";

/**
 * The heaviest path through a graph, first node to last, edges that close a cycle left out; among equals the one with
 * the lowest nodes.
 */
export function longestChain(
  count: number,
  edges: readonly LayoutEdge[],
  weight: (node: number) => number,
): readonly number[] {
  const sources = reverse(targetsOf(count, breakCycles(count, edges)));
  const sorted = topologicalOrder(sources);
  return sorted.ok ? criticalPath(sources, remainingPath(sources, sorted.order, weight)) : [];
}
