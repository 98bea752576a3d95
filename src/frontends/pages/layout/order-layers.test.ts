import { expect, test } from "bun:test";
import { assignLayers } from "./assign-layers";
import { makeLayeredGraph } from "./layered-graph";
import { crossings, orderLayers } from "./order-layers";
import { edgesOnCycles, strongComponents } from "./strong-components";

test("crossings are counted as by comparing every pair of edges", () => {
  // 0 1 2 above 3 4 5; the two outer edges cross the middle ones.
  const down = [[5], [3, 4], [3], [], [], []];
  const place = [0, 1, 2, 0, 1, 2];
  expect(
    crossings(
      { down },
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      place,
    ),
  ).toBe(4);
  expect(
    crossings(
      { down: [[3], [4], [5], [], [], []] },
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      place,
    ),
  ).toBe(0);
});

test("layers are ordered so that a tree does not cross itself", () => {
  const edges = [
    [0, 3],
    [1, 2],
    [2, 6],
    [3, 4],
    [3, 5],
  ] as const;
  const layer = assignLayers(7, edges);
  const graph = makeLayeredGraph(layer, edges);
  const layers = orderLayers(graph);
  const place: number[] = [];
  for (const one of layers) for (const [at, node] of one.entries()) place[node] = at;
  expect(crossings(graph, layers, place)).toBe(0);
});

test("a node with nothing above it moves down to what needs it least far", () => {
  // 0 → 1 → 2 → 3, and 4 → 3.
  expect(
    assignLayers(5, [
      [0, 1],
      [1, 2],
      [2, 3],
      [4, 3],
    ]),
  ).toEqual([0, 1, 2, 3, 2]);
});

test("a long edge goes through a point on every layer between", () => {
  const graph = makeLayeredGraph(
    [0, 1, 2, 3],
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ],
  );
  expect(graph.paths[3]).toEqual([0, 4, 5, 3]);
  expect(graph.layers).toEqual([[0], [1, 4], [2, 5], [3]]);
});

test("edges on cycles are those between nodes that reach each other", () => {
  const edges = [
    [0, 1],
    [1, 2],
    [2, 1],
    [2, 3],
    [4, 4],
  ] as const;
  const component = strongComponents(5, edges);
  expect(component[1]).toBe(component[2]!);
  expect(new Set(component).size).toBe(4);
  expect([...edgesOnCycles(5, edges)]).toEqual([1, 2, 4]);
});
