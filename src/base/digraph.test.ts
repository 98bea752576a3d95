import { describe, expect, test } from "bun:test";
import { criticalPath, remainingPath, reverse, topologicalOrder } from "./digraph";

describe("the order of a graph", () => {
  test("of nothing is nothing", () => {
    expect(topologicalOrder([])).toEqual({ ok: true, order: [] });
    expect(criticalPath([], [])).toEqual([]);
  });

  test("puts what is free first, in the order of the numbers, level by level", () => {
    expect(topologicalOrder([[3], [], [3], [], [0, 2]])).toEqual({ ok: true, order: [1, 3, 0, 2, 4] });
  });

  test("of a chain of a hundred thousand is found without a stack", () => {
    const chain = Array.from({ length: 100_000 }, (_, node) => (node === 0 ? [] : [node - 1]));
    const sorted = topologicalOrder(chain);
    expect(sorted.ok && sorted.order.length).toBe(100_000);
    const ring = [[99_999], ...chain.slice(1)];
    const circle = topologicalOrder(ring);
    expect(!circle.ok && circle.cycle.length).toBe(100_000);
  });

  test("is missing where a node needs itself, or a cycle stands behind others", () => {
    expect(topologicalOrder([[0]])).toEqual({ ok: false, cycle: [0] });
    expect(topologicalOrder([[1], [2], [3], [1], []])).toEqual({ ok: false, cycle: [1, 2, 3] });
  });
});

test("the remaining path counts a node and the heaviest way through what waits for it", () => {
  const graph = [[], [0], [0], [1, 2]];
  const weights = [1, 5, 2, 1];
  const remaining = remainingPath(graph, [0, 1, 2, 3], (node) => weights[node] ?? 0);
  expect(remaining).toEqual([7, 6, 3, 1]);
  expect(criticalPath(graph, remaining)).toEqual([0, 1, 3]);
});

test("of two heaviest paths the one through the lower number is told", () => {
  const graph = [[], [], [0, 1]];
  expect(
    criticalPath(
      graph,
      remainingPath(graph, [0, 1, 2], () => 1),
    ),
  ).toEqual([0, 2]);
});

test("turned around, each node has those that need it in ascending order", () => {
  expect(reverse([[2], [2], []])).toEqual([[], [], [0, 1]]);
});
