import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { criticalPath, remainingPath, reverse, topologicalOrder } from "#base/digraph";
import type { Digraph } from "#base/digraph";

const graphOf = (nodes: number, edges: readonly (readonly [number, number])[]): Digraph => {
  const lists = Array.from({ length: nodes }, () => new Set<number>());
  for (const [from, to] of edges) lists[from % nodes]?.add(to % nodes);
  return lists.map((set) => [...set]);
};
const edge = fc.tuple(fc.nat(30), fc.nat(30));
const anyGraph = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.array(edge, { maxLength: 20 }))
  .map(([nodes, edges]) => graphOf(nodes, edges));
/** Edges lead to smaller numbers only, so that there is no cycle. */
const acyclicGraph = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.array(edge, { maxLength: 24 }))
  .map(([nodes, edges]) =>
    graphOf(
      nodes,
      edges.map(([a, b]) => [a % nodes, b % nodes] as const).filter(([a, b]) => a > b),
    ),
  );

/** By following every way from every node: right for any graph, and slow. */
function hasCycle(graph: Digraph): boolean {
  const reaches = (node: number, path: readonly number[]): boolean =>
    path.includes(node) || (graph[node] ?? []).some((need) => reaches(need, [...path, node]));
  return graph.some((_, node) => reaches(node, []));
}

describe("the order of a graph", () => {
  test("has every node once, each behind those it needs", () => {
    fc.assert(
      fc.property(acyclicGraph, (graph) => {
        const sorted = topologicalOrder(graph);
        if (!sorted.ok) throw new Error("there is no cycle");
        expect(sorted.order.toSorted((a, b) => a - b)).toEqual([...graph.keys()]);
        const position = new Map(sorted.order.map((node, index) => [node, index]));
        for (const [node, needs] of graph.entries()) {
          for (const need of needs) expect(position.get(need) ?? -1).toBeLessThan(position.get(node) ?? -1);
        }
      }),
    );
  });

  test("is missing exactly where there is a cycle", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => expect(topologicalOrder(graph).ok).toBe(!hasCycle(graph))),
      { numRuns: 1000 },
    );
  });

  test("a cycle that is told is one: each node needs the next, the last the first, none twice, the least first", () => {
    let cycles = 0;
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const sorted = topologicalOrder(graph);
        if (sorted.ok) return;
        cycles += 1;
        const { cycle } = sorted;
        expect(new Set(cycle).size).toBe(cycle.length);
        expect(cycle[0]).toBe(Math.min(...cycle));
        for (const [index, node] of cycle.entries())
          expect(graph[node]).toContain(cycle[(index + 1) % cycle.length] ?? -1);
      }),
      { numRuns: 1000 },
    );
    expect(cycles).toBeGreaterThan(50);
  });

  test("is the same for the same graph", () => {
    fc.assert(
      fc.property(anyGraph, (graph) =>
        expect(topologicalOrder(structuredClone(graph))).toEqual(topologicalOrder(graph)),
      ),
    );
  });
});

describe("the critical path", () => {
  /** The weight of the heaviest way through dependents from a node, by trying all. */
  const heaviest = (graph: Digraph, weights: readonly number[], node: number): number =>
    (weights[node] ?? 0) +
    Math.max(0, ...(reverse(graph)[node] ?? []).map((next) => heaviest(graph, weights, next)));

  test("weighs what the heaviest of all ways weighs, and is a way", () => {
    fc.assert(
      fc.property(acyclicGraph, fc.array(fc.nat(9), { minLength: 9, maxLength: 9 }), (graph, weights) => {
        const sorted = topologicalOrder(graph);
        if (!sorted.ok) throw new Error("there is no cycle");
        const remaining = remainingPath(graph, sorted.order, (node) => weights[node] ?? 0);
        for (const node of graph.keys()) expect(remaining[node]).toBe(heaviest(graph, weights, node));
        const path = criticalPath(graph, remaining);
        const weight = path.reduce((sum, node) => sum + (weights[node] ?? 0), 0);
        expect(weight).toBe(Math.max(...graph.keys().map((node) => heaviest(graph, weights, node))));
        for (const [index, node] of path.slice(1).entries()) expect(graph[node]).toContain(path[index] ?? -1);
      }),
      { numRuns: 500 },
    );
  });
});

test("turned around twice a graph is the same but for the order of its lists", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      expect(reverse(reverse(graph))).toEqual(graph.map((needs) => needs.toSorted((a, b) => a - b)));
    }),
  );
});
