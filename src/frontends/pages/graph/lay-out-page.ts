import { layoutGraph } from "#frontends/pages/layout/layout-graph";
import type { LayoutOptions } from "#frontends/pages/layout/layout-graph";
import type { GraphLayout } from "#frontends/pages/layout/layout-types";
import type { GraphPageData } from "./graph-data";
import { nodeBox } from "./node-box";
import type { VisibleGraph } from "./visible-graph";

/** Places what is visible of a graph; the results are in the order of `visible`. */
export function layOutPage(
  { nodes, edges }: GraphPageData,
  visible: VisibleGraph,
  options: LayoutOptions,
): GraphLayout {
  const number = new Map(visible.nodes.map((node, at) => [node, at]));
  const boxes = visible.nodes.map((node) => nodeBox(nodes[node]?.id ?? ""));
  const ends = visible.edges.map((edge): readonly [number, number] => [
    number.get(edges[edge]?.from ?? -1) ?? 0,
    number.get(edges[edge]?.to ?? -1) ?? 0,
  ]);
  return layoutGraph(boxes, ends, options);
}
