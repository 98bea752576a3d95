import type { LayoutEdge } from "./layout-types";
import { targetsOf } from "./strong-components";

/**
 * The edges, those turned round that lead back to where a walk through the graph has come from, so that no cycle is
 * left. Edges from a node to itself are left out. The first step of K. Sugiyama, S. Tagawa, M. Toda, Methods for visual
 * understanding of hierarchical system structures, 1981.
 */
export function breakCycles(count: number, edges: readonly LayoutEdge[]): readonly LayoutEdge[] {
  const targets = targetsOf(count, edges);
  const state = new Array<"new" | "open" | "done">(count).fill("new");
  const back = new Set<string>();
  for (let start = 0; start < count; start += 1) {
    if (state[start] !== "new") continue;
    const walk = [{ node: start, at: 0 }];
    state[start] = "open";
    for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
      const target = targets[step.node]?.[step.at];
      step.at += 1;
      if (target === undefined) {
        state[step.node] = "done";
        walk.pop();
      } else if (state[target] === "open") back.add(`${step.node} ${target}`);
      else if (state[target] === "new") {
        state[target] = "open";
        walk.push({ node: target, at: 0 });
      }
    }
  }
  return edges
    .filter(([from, to]) => from !== to)
    .map((edge) => (back.has(`${edge[0]} ${edge[1]}`) ? [edge[1], edge[0]] : edge));
}
