import { reverse, topologicalOrder } from "#base/digraph";
import type { LayoutEdge } from "./layout-types";
import { targetsOf } from "./strong-components";

/** Enough for chains of nodes to move one after the other; usually a few passes change nothing any more. */
const MOST_PASSES = 40;

/**
 * A layer for each node of a graph without cycles, so that every edge leads to a higher number. Longest paths first;
 * then nodes are moved to where their edges are shorter, as long as that shortens anything, which is what the network
 * simplex of E. Gansner and others, A technique for drawing directed graphs, 1993, does exactly.
 */
export function assignLayers(count: number, edges: readonly LayoutEdge[]): readonly number[] {
  const targets = targetsOf(count, edges);
  const sources = reverse(targets);
  const sorted = topologicalOrder(sources);
  const order = sorted.ok ? sorted.order : [];
  const layer = new Array<number>(count).fill(0);
  for (const node of order)
    for (const target of targets[node] ?? [])
      layer[target] = Math.max(layer[target] ?? 0, (layer[node] ?? 0) + 1);
  const above = (node: number): number =>
    (sources[node] ?? []).reduce((most, source) => Math.max(most, layer[source] ?? 0), -1);
  const below = (node: number): number =>
    (targets[node] ?? []).reduce((least, target) => Math.min(least, layer[target] ?? 0), Infinity);
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    let hasMoved = false;
    const nodes = pass % 2 === 0 ? order.toReversed() : order;
    for (const node of nodes) {
      const pull = (targets[node]?.length ?? 0) - (sources[node]?.length ?? 0);
      const wanted = pull > 0 ? below(node) - 1 : pull < 0 ? above(node) + 1 : layer[node];
      if (wanted === undefined || wanted === layer[node]) continue;
      layer[node] = wanted;
      hasMoved = true;
    }
    if (!hasMoved) break;
  }
  const first = layer.reduce((least, value) => Math.min(least, value), Infinity);
  return layer.map((value) => value - first);
}
