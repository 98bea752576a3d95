import { assignLayers } from "./assign-layers";
import { breakCycles } from "./break-cycles";
import { makeLayeredGraph } from "./layered-graph";
import type { LayeredGraph } from "./layered-graph";
import type { GraphLayout, LayoutDirection, LayoutEdge, LayoutNode, LayoutPoint } from "./layout-types";
import { orderLayers } from "./order-layers";
import { packParts } from "./pack-parts";
import { connectedParts } from "./connected-parts";
import { placeAcross } from "./place-across";
import type { AcrossOptions } from "./place-across";
import { relaxAcross } from "./relax-across";

/** Room between neighbours of a layer, between an edge and its neighbour, and between layers. */
const NODE_GAP = 14;
const POINT_GAP = 8;
const LAYER_GAP = { down: 44, right: 64 };
/** Straight edges may make a drawing so many times as broad as its fullest layer. */
const MOST_SPREAD = 1.7;
/** A bend of fewer pixels is none. */
const LEAST_BEND = 2.5;

export interface LayoutOptions {
  /** `auto` takes the one that fits better into `aspect`. */
  readonly direction: LayoutDirection | "auto";
  /** Width of the place to show it, in heights. */
  readonly aspect: number;
}

/**
 * Places a graph in layers: every edge leads to a later layer unless it closes a cycle, no two boxes overlap. The method
 * of Sugiyama, Tagawa, Toda, 1981, in the steps of the files beside this one. Parts that nothing joins are laid out each
 * by itself and packed. The same graph is always laid out in the same way. A thousand boxes with three thousand edges take
 * a tenth of a second, where the usual library (dagre) takes many.
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  { direction, aspect }: LayoutOptions,
): GraphLayout {
  const parts = connectedParts(nodes.length, edges).map((part) => {
    const number = new Map(part.nodes.map((node, at) => [node, at]));
    const own = part.edges.map((place): LayoutEdge => {
      const [from, to] = edges[place] ?? [0, 0];
      return [number.get(from) ?? 0, number.get(to) ?? 0];
    });
    return { ...part, own, boxes: part.nodes.map((node) => nodes[node] ?? { width: 0, height: 0 }) };
  });
  const layered = parts.map(({ boxes, own }) => layersOf(boxes.length, own));
  const chosen = direction === "auto" ? chooseDirection(nodes, layered, aspect) : direction;
  const drawn = parts.map(({ boxes, own }, at) =>
    drawPart(boxes, own, { graph: layered[at], direction: chosen }),
  );
  const { places, width, height } = packParts(drawn, aspect);
  const points = nodes.map((): LayoutPoint => ({ x: 0, y: 0 }));
  const routes = edges.map((): readonly LayoutPoint[] => []);
  for (const [at, part] of parts.entries()) {
    const { x, y } = places[at] ?? { x: 0, y: 0 };
    const move = (point: LayoutPoint): LayoutPoint => ({ x: point.x + x, y: point.y + y });
    for (const [index, node] of part.nodes.entries())
      points[node] = move(drawn[at]?.nodes[index] ?? { x: 0, y: 0 });
    for (const [index, edge] of part.edges.entries())
      routes[edge] = (drawn[at]?.edges[index] ?? []).map(move);
  }
  return { width, height, direction: chosen, nodes: points, edges: routes };
}

/** The graph in its layers, without edges from a node to itself and with edges between the same nodes once. */
function layersOf(count: number, edges: readonly LayoutEdge[]): LayeredGraph {
  const unique = new Map(breakCycles(count, edges).map((edge) => [edge[0] * count + edge[1], edge]));
  const acyclic = [...unique.values()];
  return makeLayeredGraph(assignLayers(count, acyclic), acyclic);
}

/** By how wide the graph would become in each. */
function chooseDirection(
  nodes: readonly LayoutNode[],
  graphs: readonly LayeredGraph[],
  aspect: number,
): LayoutDirection {
  let largest: LayeredGraph | undefined;
  for (const graph of graphs) if (graph.real > (largest?.real ?? 1)) largest = graph;
  if (largest === undefined) return "right";
  const { real, layers } = largest;
  const width = nodes.reduce((sum, node) => sum + node.width, 0) / nodes.length;
  const height = nodes.reduce((sum, node) => sum + node.height, 0) / nodes.length;
  const breadth = (size: number): number =>
    Math.max(
      ...layers.map((layer) =>
        layer.reduce((sum, node) => sum + (node < real ? size + NODE_GAP : POINT_GAP), 0),
      ),
    );
  const down = breadth(width) / (layers.length * (height + LAYER_GAP.down));
  const right = (layers.length * (width + LAYER_GAP.right)) / breadth(height);
  return Math.abs(Math.log(down / aspect)) <= Math.abs(Math.log(right / aspect)) ? "down" : "right";
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly LayoutPoint[];
  readonly edges: readonly (readonly LayoutPoint[])[];
}

function drawPart(
  boxes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  { graph, direction }: { readonly graph: LayeredGraph | undefined; readonly direction: LayoutDirection },
): Drawing {
  const [only] = boxes;
  if (graph === undefined || only === undefined) return { width: 0, height: 0, nodes: [], edges: [] };
  const isDown = direction === "down";
  const along = (node: number): number => (isDown ? boxes[node]?.height : boxes[node]?.width) ?? 0;
  const extent = (node: number): number => (isDown ? boxes[node]?.width : boxes[node]?.height) ?? 0;
  const layers = orderLayers(graph);
  const isPoint = (node: number): boolean => node >= graph.real;
  const across = acrossOf(graph, layers, {
    extent,
    gap: (left, right) => (isPoint(left) || isPoint(right) ? POINT_GAP : NODE_GAP),
  });
  const depths = layers.map((layer) => layer.reduce((most, node) => Math.max(most, along(node)), 0));
  const starts: number[] = [];
  let end = 0;
  for (const depth of depths) {
    starts.push(end);
    end += depth + LAYER_GAP[direction];
  }
  const middle = (node: number): number => {
    const layer = graph.layerOf[node] ?? 0;
    return (starts[layer] ?? 0) + (depths[layer] ?? 0) / 2;
  };
  const point = (side: number, way: number): LayoutPoint =>
    isDown ? { x: side, y: way } : { x: way, y: side };
  const at = (node: number): LayoutPoint => point(across[node] ?? 0, middle(node));
  const breadth = across.reduce((most, value, node) => Math.max(most, value + extent(node) / 2), 0);
  const length = Math.max(0, end - LAYER_GAP[direction]);
  const routes = new Map(graph.paths.map((path) => [keyOf(path), path]));
  const route = ([from, to]: LayoutEdge): readonly LayoutPoint[] => {
    const path = routes.get(`${from} ${to}`) ?? routes.get(`${to} ${from}`);
    if (path === undefined) return [];
    const points = path.map((node, index): LayoutPoint => {
      const half = index === 0 ? along(node) / 2 : index === path.length - 1 ? -along(node) / 2 : 0;
      return point(across[node] ?? 0, middle(node) + half);
    });
    return withoutStraight(routes.has(`${from} ${to}`) ? points : points.reverse(), direction);
  };
  return {
    ...(isDown ? { width: breadth, height: length } : { width: length, height: breadth }),
    nodes: boxes.map((_, node) => at(node)),
    edges: edges.map(route),
  };
}

/** With straight edges, unless that takes too much room. */
function acrossOf(
  graph: LayeredGraph,
  layers: readonly (readonly number[])[],
  options: AcrossOptions,
): readonly number[] {
  const { extent, gap } = options;
  const straight = placeAcross(graph, layers, options);
  const broad = straight.reduce((most, value, node) => Math.max(most, value + extent(node) / 2), 0);
  const fullest = Math.max(
    ...layers.map((layer) =>
      layer.reduce((sum, node, at) => sum + extent(node) + (at === 0 ? 0 : gap(layer[at - 1] ?? 0, node)), 0),
    ),
  );
  return broad <= MOST_SPREAD * fullest ? straight : relaxAcross(graph, layers, options);
}

const keyOf = (path: readonly number[]): string => `${path[0] ?? 0} ${path.at(-1) ?? 0}`;

/** A route without the points that lie nearly on the straight line from the last one that is kept to the next. */
function withoutStraight(points: readonly LayoutPoint[], direction: LayoutDirection): readonly LayoutPoint[] {
  const side = ({ x, y }: LayoutPoint): number => (direction === "down" ? x : y);
  const kept: LayoutPoint[] = [];
  for (const [at, point] of points.entries()) {
    const [before, after] = [kept.at(-1), points[at + 1]];
    const isStraight =
      before !== undefined &&
      after !== undefined &&
      Math.abs(side(before) - side(point)) < LEAST_BEND &&
      Math.abs(side(point) - side(after)) < LEAST_BEND;
    if (!isStraight) kept.push(point);
  }
  return kept;
}
