/**
 * A directed graph as lists: node `i` has edges to the nodes in `edges[i]`, read as "i needs j". Nodes are numbers so
 * that ten thousand of them cost nothing to look up; callers keep the names.
 */
export type Digraph = readonly (readonly number[])[];

/** An order in which every node comes after those it needs, or the nodes of one cycle. */
export type Sorted =
  | { readonly ok: true; readonly order: readonly number[] }
  | { readonly ok: false; readonly cycle: readonly number[] };

/**
 * Kahn's algorithm (A. B. Kahn, Topological sorting of large networks, 1962). Among nodes that are free at the same
 * time the lower number comes first in breadth, so the order is the same for the same graph.
 */
export function topologicalOrder(graph: Digraph): Sorted {
  const missing = graph.map((needs) => needs.length);
  const dependents = reverse(graph);
  const order: number[] = [];
  for (const [node, count] of missing.entries()) if (count === 0) order.push(node);
  for (let next = 0; next < order.length; next += 1) {
    for (const dependent of dependents[order[next] ?? -1] ?? []) {
      const left = (missing[dependent] ?? 0) - 1;
      missing[dependent] = left;
      if (left === 0) order.push(dependent);
    }
  }
  if (order.length === graph.length) return { ok: true, order };
  return { ok: false, cycle: cycleAmong(graph, missing) };
}

/** The same edges the other way round; lists are in ascending order. */
export function reverse(graph: Digraph): number[][] {
  const reversed: number[][] = graph.map(() => []);
  for (const [node, needs] of graph.entries()) for (const need of needs) reversed[need]?.push(node);
  return reversed;
}

/**
 * After Kahn's algorithm every node with missing edges lies on a cycle or behind one. Walking along missing edges from
 * any of them must come back to a node already met: the walk from there on is a cycle.
 */
function cycleAmong(graph: Digraph, missing: readonly number[]): number[] {
  const isLeft = (node: number): boolean => (missing[node] ?? 0) > 0;
  let node = missing.findIndex((count) => count > 0);
  const metAt = new Map<number, number>();
  const walk: number[] = [];
  while (!metAt.has(node)) {
    metAt.set(node, walk.length);
    walk.push(node);
    node = graph[node]?.find(isLeft) ?? node;
  }
  const cycle = walk.slice(metAt.get(node));
  const least = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(least), ...cycle.slice(0, least)];
}

/**
 * For each node the weight of the heaviest path that starts there and follows dependents, itself included: what is
 * still to be done once it starts. `order` is a topological order of the graph.
 */
export function remainingPath(
  graph: Digraph,
  order: readonly number[],
  weight: (node: number) => number,
): number[] {
  const longest = new Array<number>(graph.length).fill(0);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const node = order[at] ?? 0;
    const total = (longest[node] ?? 0) + weight(node);
    longest[node] = total;
    for (const need of graph[node] ?? []) longest[need] = Math.max(longest[need] ?? 0, total);
  }
  return longest;
}

/** The nodes of the heaviest path, first to last; ties go to the lower number. */
export function criticalPath(graph: Digraph, remaining: readonly number[]): number[] {
  if (graph.length === 0) return [];
  const dependents = reverse(graph);
  const path: number[] = [];
  let candidates: readonly number[] = graph.map((_, node) => node);
  while (candidates.length > 0) {
    let best = candidates[0] ?? 0;
    for (const node of candidates) if ((remaining[node] ?? 0) > (remaining[best] ?? 0)) best = node;
    path.push(best);
    candidates = dependents[best] ?? [];
  }
  return path;
}
