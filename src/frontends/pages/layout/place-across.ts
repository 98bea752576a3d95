import type { LayeredGraph } from "./layered-graph";

export interface AcrossOptions {
  /** How much room each node takes within its layer; 0 for a point of an edge. */
  readonly extent: (node: number) => number;
  /** Room between two neighbours of a layer. */
  readonly gap: (left: number, right: number) => number;
}

type Layers = readonly (readonly number[])[];

/**
 * Where the middle of each node lies within its layer, at 0 or behind: edges become straight where that is possible,
 * nodes stand in the middle of what they are joined with, and neighbours keep their gap. U. Brandes, B. Köpf, Fast and
 * simple horizontal coordinate assignment, 2001, with the four drawings packed as longest paths over their blocks.
 */
export function placeAcross(graph: LayeredGraph, layers: Layers, options: AcrossOptions): readonly number[] {
  const conflicts = markConflicts(graph, layers);
  const drawings: number[][] = [];
  for (const isUp of [true, false]) {
    for (const isLeft of [true, false]) {
      const ordered = isLeft ? layers : layers.map((layer) => layer.toReversed());
      const blocks = align(graph, ordered, { isUp, conflicts });
      const placed = pack(ordered, blocks, options);
      drawings.push(isLeft ? placed : placed.map((value) => -value));
    }
  }
  return combine(drawings, graph.layerOf.length, options.extent);
}

/**
 * Edges that cross the inner part of a long edge, which is to stay straight, as `upper end * nodes + lower end`.
 * Where two inner parts cross, the second gives way.
 */
function markConflicts({ up, real, layerOf }: LayeredGraph, layers: Layers): ReadonlySet<number> {
  const count = layerOf.length;
  const place = placesOf(layers, count);
  const marked = new Set<number>();
  for (let at = 1; at < layers.length; at += 1) {
    const layer = layers[at] ?? [];
    const width = layers[at - 1]?.length ?? 0;
    let before = 0;
    let scanned = 0;
    for (const [index, node] of layer.entries()) {
      const inner = node < real ? undefined : (up[node] ?? []).find((other) => other >= real);
      if (inner === undefined && index < layer.length - 1) continue;
      const limit = inner === undefined ? width : (place[inner] ?? 0);
      for (; scanned <= index; scanned += 1) {
        const lower = layer[scanned] ?? 0;
        const crossing = (up[lower] ?? []).filter((upper) => isOutside(place[upper] ?? 0, before, limit));
        for (const upper of crossing) marked.add(upper * count + lower);
      }
      before = Math.max(before, limit);
    }
  }
  return marked;
}

const isOutside = (value: number, low: number, high: number): boolean => value < low || value > high;

function placesOf(layers: Layers, count: number): number[] {
  const place = new Array<number>(count).fill(0);
  for (const layer of layers) for (const [at, node] of layer.entries()) place[node] = at;
  return place;
}

/** The block that each node belongs to, called after its first node. */
function align(
  { up, down, layerOf }: LayeredGraph,
  layers: Layers,
  { isUp, conflicts }: { readonly isUp: boolean; readonly conflicts: ReadonlySet<number> },
): readonly number[] {
  const count = layerOf.length;
  const place = placesOf(layers, count);
  const block = Array.from({ length: count }, (_, node) => node);
  const taken = new Array<boolean>(count).fill(false);
  const joined = isUp ? up : down;
  for (const layer of isUp ? layers : layers.toReversed()) {
    let last = -1;
    for (const node of layer) {
      const others = (joined[node] ?? []).toSorted((a, b) => (place[a] ?? 0) - (place[b] ?? 0));
      const middle = (others.length - 1) / 2;
      const medians = others.slice(Math.floor(middle), Math.ceil(middle) + 1);
      for (const other of medians) {
        const where = place[other] ?? 0;
        const edge = isUp ? other * count + node : node * count + other;
        if (where <= last || taken[other] === true || conflicts.has(edge)) continue;
        taken[other] = true;
        block[node] = block[other] ?? other;
        last = where;
        break;
      }
    }
  }
  return block;
}

interface BlockEdge {
  readonly to: number;
  readonly distance: number;
}

/** Blocks side by side: each as far to the left as its neighbours let it, then as far to the right as they let it. */
function pack(layers: Layers, block: readonly number[], { extent, gap }: AcrossOptions): number[] {
  const right = new Map<number, BlockEdge[]>();
  const left = new Map<number, BlockEdge[]>();
  for (const layer of layers) {
    for (let at = 1; at < layer.length; at += 1) {
      const [a = 0, b = 0] = [layer[at - 1], layer[at]];
      const distance = (extent(a) + extent(b)) / 2 + gap(a, b);
      const [from = a, to = b] = [block[a], block[b]];
      push(right, from, { to, distance });
      push(left, to, { to: from, distance });
    }
  }
  const order = blockOrder(new Set(block), right, left);
  const x = new Map<number, number>();
  for (const name of order)
    x.set(
      name,
      (left.get(name) ?? []).reduce(
        (most, { to, distance }) => Math.max(most, (x.get(to) ?? 0) + distance),
        0,
      ),
    );
  for (const name of order.toReversed()) {
    const room = (right.get(name) ?? []).reduce(
      (least, { to, distance }) => Math.min(least, (x.get(to) ?? 0) - distance),
      Infinity,
    );
    // What has nothing to its right stays; everything else moves up to what it belongs to.
    if (room !== Infinity) x.set(name, Math.max(x.get(name) ?? 0, room));
  }
  return block.map((name) => x.get(name) ?? 0);
}

function push(map: Map<number, BlockEdge[]>, from: number, edge: BlockEdge): void {
  const list = map.get(from);
  if (list === undefined) map.set(from, [edge]);
  else list.push(edge);
}

/** Blocks never cross, so that there is always one with nothing left of it that has no place yet. */
function blockOrder(
  names: ReadonlySet<number>,
  right: ReadonlyMap<number, readonly BlockEdge[]>,
  left: ReadonlyMap<number, readonly BlockEdge[]>,
): readonly number[] {
  const missing = new Map([...names].map((name) => [name, left.get(name)?.length ?? 0]));
  const order = [...names].filter((name) => missing.get(name) === 0);
  for (let at = 0; at < order.length; at += 1)
    for (const { to } of right.get(order[at] ?? -1) ?? []) {
      const count = (missing.get(to) ?? 0) - 1;
      missing.set(to, count);
      if (count === 0) order.push(to);
    }
  return order;
}

/** The mean of the middle two of four drawings, all moved to where the narrowest is. */
function combine(
  drawings: readonly (readonly number[])[],
  count: number,
  extent: (node: number) => number,
): readonly number[] {
  const bounds = drawings.map((drawing) => {
    let [low, high] = [Infinity, -Infinity];
    for (const [node, x] of drawing.entries()) {
      low = Math.min(low, x - extent(node) / 2);
      high = Math.max(high, x + extent(node) / 2);
    }
    return { low, high };
  });
  let narrow = { low: 0, high: Infinity };
  for (const bound of bounds) if (bound.high - bound.low < narrow.high - narrow.low) narrow = bound;
  const shifts = bounds.map(({ low, high }, number) =>
    number % 2 === 0 ? narrow.low - low : narrow.high - high,
  );
  const placed: number[] = [];
  let least = Infinity;
  for (let node = 0; node < count; node += 1) {
    const values = drawings.map((drawing, number) => (drawing[node] ?? 0) + (shifts[number] ?? 0));
    values.sort((a, b) => a - b);
    const middle = ((values[1] ?? 0) + (values[2] ?? 0)) / 2;
    placed.push(middle);
    least = Math.min(least, middle - extent(node) / 2);
  }
  return placed.map((value) => value - least);
}
