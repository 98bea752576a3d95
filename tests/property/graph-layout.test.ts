import { expect, test } from "bun:test";
import fc from "fast-check";
import { layoutGraph } from "#frontends/pages/layout/layout-graph";
import type { LayoutEdge } from "#frontends/pages/layout/layout-types";
import { edgesOnCycles } from "#frontends/pages/layout/strong-components";

/** Graphs of all kinds: with cycles, edges to themselves, double edges, and nodes that nothing joins. */
const graphs = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.record({
    nodes: fc.array(fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.constant(30) }), {
      minLength: count,
      maxLength: count,
    }),
    edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 80 }),
    direction: fc.constantFrom("down" as const, "right" as const, "auto" as const),
    aspect: fc.double({ min: 0.3, max: 4, noNaN: true }),
  }),
);

test("no two boxes overlap, everything is inside, and only edges of cycles lead back", () => {
  fc.assert(
    fc.property(graphs, ({ nodes, edges, ...options }) => {
      const layout = layoutGraph(nodes, edges, options);
      const near = 0.001;
      for (const [at, a] of layout.nodes.entries()) {
        const { width, height } = nodes[at]!;
        expect(Math.min(a.x - width / 2, a.y - height / 2)).toBeGreaterThan(-near);
        expect(a.x + width / 2).toBeLessThan(layout.width + near);
        expect(a.y + height / 2).toBeLessThan(layout.height + near);
        for (const [other, b] of layout.nodes.entries()) {
          if (other <= at) continue;
          const isBeside = Math.abs(a.x - b.x) > (width + nodes[other]!.width) / 2 - near;
          const isBelow = Math.abs(a.y - b.y) > (height + nodes[other]!.height) / 2 - near;
          expect(isBeside || isBelow).toBe(true);
        }
      }
      const cycles = edgesOnCycles(nodes.length, edges as readonly LayoutEdge[]);
      for (const [place, points] of layout.edges.entries()) {
        if (cycles.has(place)) continue;
        const way = points.map(({ x, y }) => (layout.direction === "down" ? y : x));
        expect(way.length).toBeGreaterThan(1);
        expect(way).toEqual(way.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 200 },
  );
});
