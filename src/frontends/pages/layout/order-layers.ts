import type { LayeredGraph } from "./layered-graph";

/** So many nodes and points are gone over more often; a large graph is gone over as often as patience allows. */
const SMALL = 2000;

type Layers = number[][];

/**
 * The layers of a graph in an order in which its edges cross little: sweeps down and up, each layer sorted by the mean
 * place of what its nodes are joined with in the layer before (the barycenter of Sugiyama, Tagawa, Toda, 1981); the best
 * order of all sweeps, and in small graphs neighbours swapped while that helps (Gansner and others, 1993).
 */
export function orderLayers(graph: LayeredGraph): readonly (readonly number[])[] {
  const layers = firstOrder(graph);
  const place = new Array<number>(graph.layerOf.length).fill(0);
  const remember = (layer: readonly number[]): void => {
    for (const [at, node] of layer.entries()) place[node] = at;
  };
  for (const layer of layers) remember(layer);
  const isSmall = graph.layerOf.length <= SMALL;
  const sweeps = isSmall ? 24 : 8;
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(graph, layers, place);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const joined = isDown ? graph.up : graph.down;
    for (let step = 1; step < layers.length; step += 1) {
      const layer = layers[isDown ? step : layers.length - 1 - step] ?? [];
      sortByMeans(layer, joined, place);
      remember(layer);
    }
    if (isSmall) swapNeighbours(graph, layers, place);
    const found = crossings(graph, layers, place);
    if (found >= fewest) continue;
    fewest = found;
    best = layers.map((layer) => [...layer]);
  }
  return best;
}

/** As a walk from the first layer meets them, so that what belongs together starts together. */
function firstOrder({ layers, layerOf, down }: LayeredGraph): Layers {
  const ordered: Layers = layers.map(() => []);
  const seen = new Array<boolean>(layerOf.length).fill(false);
  for (const start of layers.flat()) {
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen[node] === true) continue;
      seen[node] = true;
      ordered[layerOf[node] ?? 0]?.push(node);
      open.push(...(down[node] ?? []).toReversed());
    }
  }
  return ordered;
}

/** What is joined with nothing stays where it is; the others are sorted around it. */
function sortByMeans(
  layer: number[],
  joined: readonly (readonly number[])[],
  place: readonly number[],
): void {
  const moving: { readonly node: number; readonly mean: number }[] = [];
  for (const node of layer) {
    const others = joined[node] ?? [];
    if (others.length === 0) continue;
    let sum = 0;
    for (const other of others) sum += place[other] ?? 0;
    moving.push({ node, mean: sum / others.length });
  }
  moving.sort((left, right) => left.mean - right.mean);
  let next = 0;
  for (const [at, node] of layer.entries()) {
    if ((joined[node] ?? []).length === 0) continue;
    layer[at] = moving[next]?.node ?? node;
    next += 1;
  }
}

function swapNeighbours({ up, down }: LayeredGraph, layers: Layers, place: number[]): void {
  for (const layer of layers) {
    for (let at = 0; at + 1 < layer.length; at += 1) {
      const [left = 0, right = 0] = [layer[at], layer[at + 1]];
      const before = pairCrossings(left, right, [up, down], place);
      const after = pairCrossings(right, left, [up, down], place);
      if (after >= before) continue;
      layer[at] = right;
      layer[at + 1] = left;
      place[right] = at;
      place[left] = at + 1;
    }
  }
}

/** Crossings of the edges of two nodes of a layer, the one to the left of the other. */
// oxlint-disable-next-line max-params -- four plain values of an inner loop
function pairCrossings(
  left: number,
  right: number,
  sides: readonly (readonly (readonly number[])[])[],
  place: readonly number[],
): number {
  let count = 0;
  for (const joined of sides)
    for (const a of joined[left] ?? [])
      for (const b of joined[right] ?? []) if ((place[a] ?? 0) > (place[b] ?? 0)) count += 1;
  return count;
}

/**
 * How often edges between neighbouring layers cross, counted by the tree of W. Barth, P. Mutzel, M. Jünger, Simple and
 * efficient bilayer cross counting, 2004.
 */
export function crossings(
  { down }: Pick<LayeredGraph, "down">,
  layers: readonly (readonly number[])[],
  place: readonly number[],
): number {
  let total = 0;
  for (const [at, layer] of layers.entries()) {
    const next = layers[at + 1];
    if (next === undefined) break;
    // The places of the lower ends, in the order of the upper ones.
    const ends = layer.flatMap((node) =>
      (down[node] ?? []).map((target) => place[target] ?? 0).sort((a, b) => a - b),
    );
    total += inversions(ends, next.length);
  }
  return total;
}

/** How many pairs of a list of numbers below `size` are in the wrong order. */
function inversions(values: readonly number[], size: number): number {
  let leaves = 1;
  while (leaves < size) leaves *= 2;
  const tree = new Int32Array(2 * leaves);
  let total = 0;
  for (const value of values) {
    let index = value + leaves;
    tree[index] = (tree[index] ?? 0) + 1;
    while (index > 1) {
      if (index % 2 === 0) total += tree[index + 1] ?? 0;
      index >>= 1;
      tree[index] = (tree[index] ?? 0) + 1;
    }
  }
  return total;
}
