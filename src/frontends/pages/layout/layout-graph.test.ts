import { describe, expect, test } from "bun:test";
import { layoutGraph } from "./layout-graph";
import type { GraphLayout, LayoutEdge, LayoutNode } from "./layout-types";

const boxes = (count: number): LayoutNode[] =>
  Array.from({ length: count }, (_, at) => ({ width: 60 + (at % 7) * 25, height: 30 }));

/** The same every time; every edge leads from a lower number to a higher one. */
function pseudoRandomEdges(count: number, edges: number, span: number): LayoutEdge[] {
  let seed = 7;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  return Array.from({ length: edges }, (): LayoutEdge => {
    const from = Math.floor(next() * (count - 1));
    return [from, Math.min(count - 1, from + 1 + Math.floor(next() * span))];
  });
}

function overlaps(nodes: readonly LayoutNode[], { nodes: places }: GraphLayout): number {
  let found = 0;
  const order = [...places.keys()].sort((a, b) => places[a]!.x - places[b]!.x);
  for (const [at, left] of order.entries()) {
    for (const right of order.slice(at + 1)) {
      const [a, b] = [places[left]!, places[right]!];
      if (b.x - a.x > 250) break;
      const isBeside = Math.abs(a.x - b.x) >= (nodes[left]!.width + nodes[right]!.width) / 2 - 0.01;
      const isBelow = Math.abs(a.y - b.y) >= (nodes[left]!.height + nodes[right]!.height) / 2 - 0.01;
      if (!isBeside && !isBelow) found += 1;
    }
  }
  return found;
}

/** Edges that somewhere go against the direction of the drawing. */
const backward = ({ edges, direction }: GraphLayout): number =>
  edges.filter((points) =>
    points.some((point, at) => {
      const before = points[at - 1];
      if (before === undefined) return false;
      return direction === "down" ? point.y < before.y : point.x < before.x;
    }),
  ).length;

describe("layoutGraph", () => {
  test.each(["down", "right"] as const)("lets no two boxes overlap and every edge go %s", (direction) => {
    for (const [count, edges, span] of [
      [2, 1, 1],
      [30, 60, 8],
      [300, 700, 80],
    ] as const) {
      const nodes = boxes(count);
      const layout = layoutGraph(nodes, pseudoRandomEdges(count, edges, span), { direction, aspect: 1.5 });
      expect(overlaps(nodes, layout)).toBe(0);
      expect(backward(layout)).toBe(0);
      expect(layout.edges.every((points) => points.length >= 2)).toBe(true);
    }
  });

  test("keeps everything inside its size", () => {
    const nodes = boxes(80);
    const layout = layoutGraph(nodes, pseudoRandomEdges(80, 120, 20), { direction: "auto", aspect: 1 });
    for (const [at, { x, y }] of layout.nodes.entries()) {
      expect(x - nodes[at]!.width / 2).toBeGreaterThanOrEqual(0);
      expect(y - nodes[at]!.height / 2).toBeGreaterThanOrEqual(0);
      expect(x + nodes[at]!.width / 2).toBeLessThanOrEqual(layout.width);
      expect(y + nodes[at]!.height / 2).toBeLessThanOrEqual(layout.height);
    }
  });

  test("begins an edge at the border of the one box and ends it at the border of the other", () => {
    const { nodes, edges } = layoutGraph(boxes(2), [[0, 1]], { direction: "down", aspect: 1 });
    expect(edges[0]).toEqual([
      { x: nodes[0]!.x, y: nodes[0]!.y + 15 },
      { x: nodes[1]!.x, y: nodes[1]!.y - 15 },
    ]);
  });

  test("draws a chain as a straight line", () => {
    const { nodes } = layoutGraph(
      boxes(4),
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      { direction: "down", aspect: 1 },
    );
    expect(new Set(nodes.map(({ x }) => x)).size).toBe(1);
    expect(nodes.map(({ y }) => y)).toEqual(nodes.map(({ y }) => y).toSorted((a, b) => a - b));
  });

  test("uncrosses what need not cross", () => {
    const { nodes } = layoutGraph(
      boxes(4),
      [
        [0, 3],
        [1, 2],
        [0, 2],
      ],
      { direction: "down", aspect: 1 },
    );
    expect(Math.sign(nodes[0]!.x - nodes[1]!.x)).toBe(Math.sign(nodes[3]!.x - nodes[2]!.x));
  });

  test("draws cycles, edges to itself and double edges without losing any", () => {
    const edges: LayoutEdge[] = [
      [0, 1],
      [1, 2],
      [2, 0],
      [1, 1],
      [0, 1],
    ];
    const nodes = boxes(3);
    const layout = layoutGraph(nodes, edges, { direction: "down", aspect: 1 });
    expect(overlaps(nodes, layout)).toBe(0);
    expect(layout.edges[0]).toEqual(layout.edges[4]!);
    // The one that closes the circle goes up, from its own beginning to its own end.
    expect(layout.edges[2]![0]!.y).toBeGreaterThan(layout.edges[2]!.at(-1)!.y);
    expect(layout.edges[3]).toEqual([]);
  });

  test("packs parts that nothing joins beside each other", () => {
    const nodes = boxes(100);
    const layout = layoutGraph(nodes, [], { direction: "auto", aspect: 1.5 });
    expect(overlaps(nodes, layout)).toBe(0);
    expect(layout.width / layout.height).toBeGreaterThan(0.7);
    expect(layout.width / layout.height).toBeLessThan(3);
  });

  test("gives nothing for nothing", () => {
    expect(layoutGraph([], [], { direction: "auto", aspect: 1 }).nodes).toEqual([]);
  });

  test("lays out a thousand boxes and three thousand edges with the same result every time", () => {
    const nodes = boxes(1000);
    const edges = pseudoRandomEdges(1000, 3000, 60);
    const layout = layoutGraph(nodes, edges, { direction: "auto", aspect: 1.5 });
    expect(overlaps(nodes, layout)).toBe(0);
    expect(backward(layout)).toBe(0);
    expect(layoutGraph(nodes, edges, { direction: "auto", aspect: 1.5 })).toEqual(layout);
  });
});
