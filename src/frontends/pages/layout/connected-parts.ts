import type { LayoutEdge } from "./layout-types";

/** A part of a graph that nothing joins with the rest; edges are places in the list of all edges. */
export interface ConnectedPart {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

/** The parts of a graph, the largest first; among those of one size the one with the lowest node. */
export function connectedParts(count: number, edges: readonly LayoutEdge[]): readonly ConnectedPart[] {
  const parent = Array.from({ length: count }, (_, node) => node);
  const find = (start: number): number => {
    let node = start;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node] ?? node] ?? node;
      node = parent[node] ?? node;
    }
    return node;
  };
  for (const [from, to] of edges) {
    const [a, b] = [find(from), find(to)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, { readonly nodes: number[]; readonly edges: number[] }>();
  for (let node = 0; node < count; node += 1) {
    const part = parts.get(find(node));
    if (part === undefined) parts.set(find(node), { nodes: [node], edges: [] });
    else part.nodes.push(node);
  }
  for (const [place, [from]] of edges.entries()) parts.get(find(from))?.edges.push(place);
  return [...parts.values()].sort((left, right) => right.nodes.length - left.nodes.length);
}
