import type { LayoutEdge } from "./layout-types";

/**
 * A graph whose edges lead from one layer to the next: where an edge was longer, a point stands on each layer between.
 * The first nodes are those of the graph, the rest are such points.
 */
export interface LayeredGraph {
  /** Nodes of the graph itself. */
  readonly real: number;
  readonly layerOf: readonly number[];
  /** Nodes by layer; the order is theirs from left to right. */
  readonly layers: readonly (readonly number[])[];
  /** Nodes of the next layer that a node is joined with. */
  readonly down: readonly (readonly number[])[];
  /** Nodes of the layer before. */
  readonly up: readonly (readonly number[])[];
  /** The nodes that each edge goes through, both ends included, in the order of the edges. */
  readonly paths: readonly (readonly number[])[];
}

/** @param edges without cycles, leading from lower layers to higher ones */
export function makeLayeredGraph(layer: readonly number[], edges: readonly LayoutEdge[]): LayeredGraph {
  const layerOf = [...layer];
  const down: number[][] = layer.map(() => []);
  const up: number[][] = layer.map(() => []);
  const join = (from: number, to: number): void => {
    down[from]?.push(to);
    up[to]?.push(from);
  };
  const paths = edges.map(([from, to]) => {
    const path = [from];
    const last = layer[to] ?? 0;
    for (let at = (layer[from] ?? 0) + 1; at < last; at += 1) {
      const point = layerOf.length;
      layerOf.push(at);
      down.push([]);
      up.push([]);
      join(path.at(-1) ?? from, point);
      path.push(point);
    }
    join(path.at(-1) ?? from, to);
    path.push(to);
    return path;
  });
  const count = layerOf.reduce((most, value) => Math.max(most, value + 1), 0);
  const layers: number[][] = Array.from({ length: count }, () => []);
  for (const [node, value] of layerOf.entries()) layers[value]?.push(node);
  return { real: layer.length, layerOf, layers, down, up, paths };
}
