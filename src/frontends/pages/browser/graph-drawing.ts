import { edgePath } from "#frontends/pages/graph/edge-path";
import type { GraphPageData, PageNode } from "#frontends/pages/graph/graph-data";
import { nodeBox, nodeLabel } from "#frontends/pages/graph/node-box";
import type { VisibleGraph } from "#frontends/pages/graph/visible-graph";
import type { GraphLayout } from "#frontends/pages/layout/layout-types";
import { drawn } from "./elements";
import { stateText } from "./graph-panel";

/** The elements of what is drawn, by the numbers of nodes and edges. */
export interface GraphDrawing {
  readonly edges: SVGGElement;
  readonly nodes: SVGGElement;
  readonly nodeOf: ReadonlyMap<number, SVGGElement>;
  readonly edgeOf: ReadonlyMap<number, SVGPathElement>;
}

export function drawGraph(data: GraphPageData, visible: VisibleGraph, layout: GraphLayout): GraphDrawing {
  const onCycle = new Set(data.edges.flatMap((edge) => (edge.cycle === true ? [edge.from, edge.to] : [])));
  const nodeOf = new Map<number, SVGGElement>();
  const edgeOf = new Map<number, SVGPathElement>();
  for (const [at, place] of visible.edges.entries()) {
    const edge = data.edges[place];
    const d = edgePath(layout.edges[at] ?? [], layout.direction);
    if (edge === undefined || d === "") continue;
    const look = ["edge"];
    if (edge.note !== undefined) look.push("noted");
    if (edge.cycle === true) look.push("cycle");
    if (edge.critical === true) look.push("critical");
    edgeOf.set(place, drawn("path", { class: look.join(" "), d }));
  }
  for (const [at, place] of visible.nodes.entries()) {
    const node = data.nodes[place];
    const center = layout.nodes[at];
    if (node === undefined || center === undefined) continue;
    const { width, height } = nodeBox(node.id);
    const look = ["node", node.state ?? "none"];
    if (node.critical === true) look.push("critical");
    if (node.affected === true) look.push("affected");
    if (onCycle.has(place)) look.push("cycle");
    const group = drawn(
      "g",
      {
        class: look.join(" "),
        id: `node-${place}`,
        "data-node": String(place),
        role: "option",
        "aria-label": node.id,
        transform: `translate(${center.x - width / 2} ${center.y - height / 2})`,
      },
      [
        drawn("title", {}, [hoverText(node)]),
        drawn("rect", { class: "box", width: String(width), height: String(height), rx: "6" }),
        drawn("rect", { class: "stripe", x: "5", y: "6", width: "4", height: String(height - 12), rx: "2" }),
        drawn("text", { x: "15", y: String(height / 2 + 4) }, [nodeLabel(node.id)]),
      ],
    );
    nodeOf.set(place, group);
  }
  return {
    edges: drawn("g", {}, [...edgeOf.values()]),
    nodes: drawn("g", {}, [...nodeOf.values()]),
    nodeOf,
    edgeOf,
  };
}

/** What is told where the pointer rests: the whole name, and how it ended. */
const hoverText = ({ id, state }: PageNode): string =>
  state === undefined ? id : `${id}\n${stateText(state)}`;

/** Shows other states in a drawing of the same graph. */
export function drawStates(data: GraphPageData, { nodeOf }: GraphDrawing, states: readonly string[]): void {
  for (const [place, group] of nodeOf) {
    const node = data.nodes[place];
    const state = node?.state ?? "none";
    const title = group.querySelector("title");
    if (title !== null && node !== undefined) title.textContent = hoverText(node);
    for (const other of states) if (other !== state) group.classList.remove(other);
    group.classList.add(state);
  }
}
