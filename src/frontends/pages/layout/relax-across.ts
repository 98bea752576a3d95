import type { LayeredGraph } from "./layered-graph";
import type { AcrossOptions } from "./place-across";

const SWEEPS = 12;
/** How much a point of an edge is held to the next one, so that long edges bend little. */
const POINT_WEIGHT = 4;

type Layers = readonly (readonly number[])[];

/**
 * Where the middle of each node lies within its layer, at 0 or behind, for graphs in which straight edges would take too
 * much room: every layer is placed again and again as near as it can be to the middle of what its nodes are joined with,
 * above and below in turn, in the sense of least squares with neighbours keeping their gap. That is isotonic regression,
 * solved by pooling adjacent violators (M. Ayer and others, An empirical distribution function for sampling with
 * incomplete information, 1955).
 */
export function relaxAcross(graph: LayeredGraph, layers: Layers, options: AcrossOptions): readonly number[] {
  const { up, down, layerOf, real } = graph;
  const offsets = layers.map((layer) => offsetsOf(layer, options));
  const x = new Array<number>(layerOf.length).fill(0);
  for (const [at, layer] of layers.entries()) {
    const breadth = offsets[at]?.at(-1) ?? 0;
    for (const [index, node] of layer.entries()) x[node] = (offsets[at]?.[index] ?? 0) - breadth / 2;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isLast = sweep >= SWEEPS - 2;
    const order = sweep % 2 === 0 ? [...layers.keys()] : [...layers.keys()].reverse();
    for (const at of order) {
      const layer = layers[at] ?? [];
      const wishes = layer.map((node) => {
        const near = (sweep % 2 === 0 ? up : down)[node] ?? [];
        const others = isLast || near.length === 0 ? [...(up[node] ?? []), ...(down[node] ?? [])] : near;
        return wishOf(node, others, { x, real });
      });
      const placed = nearest(wishes, offsets[at] ?? []);
      for (const [index, node] of layer.entries()) x[node] = placed[index] ?? 0;
    }
  }
  const least = x.reduce((low, value, node) => Math.min(low, value - options.extent(node) / 2), Infinity);
  return x.map((value) => value - least);
}

/** How far each node of a layer is at least from the first. */
function offsetsOf(layer: readonly number[], { extent, gap }: AcrossOptions): readonly number[] {
  let offset = 0;
  return layer.map((node, at) => {
    const before = layer[at - 1];
    if (before !== undefined) offset += (extent(before) + extent(node)) / 2 + gap(before, node);
    return offset;
  });
}

interface Wish {
  readonly place: number;
  readonly weight: number;
}

function wishOf(
  node: number,
  others: readonly number[],
  { x, real }: { readonly x: readonly number[]; readonly real: number },
): Wish {
  let [sum, weight] = [0, 0];
  for (const other of others) {
    const own = node >= real && other >= real ? POINT_WEIGHT : 1;
    sum += own * (x[other] ?? 0);
    weight += own;
  }
  // What is joined with nothing gives way.
  return weight === 0 ? { place: x[node] ?? 0, weight: 0.01 } : { place: sum / weight, weight };
}

/** The places nearest to the wishes that are at least as far apart as the offsets. */
function nearest(wishes: readonly Wish[], offsets: readonly number[]): readonly number[] {
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [at, { place, weight }] of wishes.entries()) {
    pools.push({ sum: (place - (offsets[at] ?? 0)) * weight, weight, count: 1 });
    for (let last = pools.at(-1), before = pools.at(-2); last !== undefined && before !== undefined;) {
      if (before.sum / before.weight <= last.sum / last.weight) break;
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
      pools.pop();
      [last, before] = [before, pools.at(-2)];
    }
  }
  const base = pools.flatMap(({ sum, weight, count }) => new Array<number>(count).fill(sum / weight));
  return base.map((value, at) => value + (offsets[at] ?? 0));
}
