import { escaped } from "#frontends/pages/markup";
import { edgePath } from "./edge-path";
import type { GraphPageData } from "./graph-data";
import { layOutPage } from "./lay-out-page";
import { nodeBox, nodeLabel } from "./node-box";
import { NO_FILTER, visibleGraph } from "./visible-graph";

/** As wide as a page in which it may be shown. */
const ASPECT = 1.5;

/** Colours of both appearances; states are told by the stripe at the left of a box. */
const STYLE = `svg{--bg:#fff;--fg:#1f2328;--box:#f6f8fa;--line:#b0b8c1;--edge:#8c959f;--critical:#bc4c00;--affected:#fff1c2;--cycle:#cf222e;--good:#1a7f37;--cached:#0969da;--bad:#cf222e;--idle:#8c959f}
@media (prefers-color-scheme:dark){svg{--bg:#0d1117;--fg:#e6edf3;--box:#1b222c;--line:#3d444d;--edge:#6e7681;--critical:#f0883e;--affected:#4d3b00;--cycle:#ff7b72;--good:#3fb950;--cached:#58a6ff;--bad:#ff7b72;--idle:#6e7681}}
.bg{fill:var(--bg)}text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--fg)}
.box{fill:var(--box);stroke:var(--line)}.edge{fill:none;stroke:var(--edge)}.head{fill:var(--edge)}.noted{stroke-dasharray:4 3}
.critical .box{stroke:var(--critical);stroke-width:2}.edge.critical{stroke:var(--critical);stroke-width:2}
.affected .box{fill:var(--affected)}.edge.cycle{stroke:var(--cycle);stroke-width:2}
.stripe{fill:none}.success{fill:var(--good)}.cached{fill:var(--cached)}.failed,.timed_out{fill:var(--bad)}.blocked,.canceled,.skipped{fill:var(--idle)}`;

/** A graph as a drawing in one file that loads nothing and follows the appearance of the page around it. */
export function graphSvg(data: GraphPageData): string {
  const visible = visibleGraph(data, NO_FILTER);
  const layout = layOutPage(data, visible, { direction: "auto", aspect: ASPECT });
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  const marks = (one: { readonly critical?: true; readonly cycle?: true } | undefined): string =>
    `${data.showsCritical && one?.critical === true ? " critical" : ""}${one?.cycle === true ? " cycle" : ""}`;
  const edges = data.edges.map((edge, at) => {
    const path = edgePath(layout.edges[at] ?? [], layout.direction);
    const note = edge.note === undefined ? "" : `<title>${escaped(edge.note)}</title>`;
    const look = `edge${edge.note === undefined ? "" : " noted"}${marks(edge)}`;
    return path === "" ? "" : `<path class="${look}" d="${path}" marker-end="url(#head)">${note}</path>`;
  });
  const nodes = data.nodes.map((node, at) => {
    const { width: w, height: h } = nodeBox(node.id);
    const { x, y } = layout.nodes[at] ?? { x: 0, y: 0 };
    const about = [node.id, node.description, node.state].filter((text) => text !== undefined).join("\n");
    const look = `node${marks(node)}${node.affected === true ? " affected" : ""}`;
    return `<g class="${look}" transform="translate(${round(x - w / 2)} ${round(y - h / 2)})"><title>${escaped(about)}</title><rect class="box" width="${w}" height="${h}" rx="6"/><rect class="stripe ${node.state ?? ""}" x="5" y="6" width="4" height="${h - 12}" rx="2"/><text x="15" y="${h / 2 + 4}">${escaped(nodeLabel(node.id))}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(data.title)}</title>
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="bg" width="${width}" height="${height}"/>
${[...edges, ...nodes].filter((line) => line !== "").join("\n")}
</svg>
`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
