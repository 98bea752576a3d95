import type { LayoutEdge } from "#frontends/pages/layout/layout-types";
import type { GraphPageData, PageNode } from "./graph-data";

/** What of a graph is to be seen; an empty text means all. */
export interface GraphFilter {
  readonly package: string;
  readonly tag: string;
  /** A state, or `none` for what was never run. */
  readonly state: string;
  /** Only this node, what it needs and what needs it. */
  readonly focus?: number;
}

export const NO_FILTER: GraphFilter = { package: "", tag: "", state: "" };

/** The numbers of the nodes that a filter leaves, and of the edges between them. */
export interface VisibleGraph {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

export function visibleGraph({ nodes, edges }: GraphPageData, filter: GraphFilter): VisibleGraph {
  const { focus } = filter;
  const around = focus === undefined ? undefined : pathsThrough({ nodes, edges }, focus);
  const isKept = (node: PageNode, at: number): boolean =>
    at === focus || ((around === undefined || around.nodes.has(at)) && passes(node, filter));
  const kept = new Set(nodes.flatMap((node, at) => (isKept(node, at) ? [at] : [])));
  return {
    nodes: [...kept],
    edges: edges.flatMap(({ from, to }, at) => (kept.has(from) && kept.has(to) ? [at] : [])),
  };
}

function passes(node: PageNode, filter: GraphFilter): boolean {
  if (filter.package !== "" && node.package !== filter.package) return false;
  if (filter.tag !== "" && !node.tags.includes(filter.tag)) return false;
  return filter.state === "" || (node.state ?? "none") === filter.state;
}

/** All paths that go through a node: what it needs, what needs it, and the edges between. */
export function pathsThrough(
  { nodes, edges }: Pick<GraphPageData, "nodes" | "edges">,
  start: number,
): { readonly nodes: ReadonlySet<number>; readonly edges: ReadonlySet<number> } {
  const found = { nodes: new Set([start]), edges: new Set<number>() };
  for (const isForward of [true, false]) {
    const ends = edges.map(({ from, to }): LayoutEdge => (isForward ? [from, to] : [to, from]));
    const leaving: number[][] = nodes.map(() => []);
    for (const [place, [from]] of ends.entries()) leaving[from]?.push(place);
    const seen = new Set([start]);
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const place of leaving[node] ?? []) {
        found.edges.add(place);
        const end = ends[place]?.[1] ?? start;
        if (seen.has(end)) continue;
        seen.add(end);
        found.nodes.add(end);
        open.push(end);
      }
    }
  }
  return found;
}

/** Nodes whose name, description or tag holds every word of a search, the best first; none for an empty search. */
export function searchNodes({ nodes }: Pick<GraphPageData, "nodes">, text: string): readonly number[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const rank = ({ id, description = "", tags }: PageNode): number => {
    const [name, rest] = [id.toLowerCase(), `${description} ${tags.join(" ")}`.toLowerCase()];
    if (name === words.join(" ")) return 0;
    if (words.every((word) => name.includes(word))) return name.startsWith(words[0] ?? "") ? 1 : 2;
    return words.every((word) => name.includes(word) || rest.includes(word)) ? 3 : 4;
  };
  return nodes
    .map((node, at) => ({ at, rank: rank(node) }))
    .filter((one) => one.rank < 4)
    .sort((left, right) => left.rank - right.rank || left.at - right.at)
    .map(({ at }) => at);
}
