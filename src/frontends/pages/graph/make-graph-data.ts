import type { GraphView } from "#app/operations/graph";
import type { GraphFacts } from "#app/operations/graph-facts";
import { edgeNote } from "#frontends/output/graph-text";
import type { LayoutEdge } from "#frontends/pages/layout/layout-types";
import { edgesOnCycles } from "#frontends/pages/layout/strong-components";
import type { GraphPageData, LiveAddresses, PageEdge, PageNode } from "./graph-data";
import { longestChain } from "./longest-chain";

export interface GraphDataOptions {
  readonly title: string;
  readonly of: GraphPageData["of"];
  readonly marksAffected: boolean;
  readonly showsCritical: boolean;
  readonly live?: LiveAddresses;
}

/**
 * A graph as its page takes it: cycles found, the critical path marked. A plan knows its own; elsewhere it is the chain
 * of tasks that took longest when they were last run.
 */
export function makeGraphData(graph: GraphView, facts: GraphFacts, options: GraphDataOptions): GraphPageData {
  const number = new Map(graph.nodes.map(({ id }, at) => [id, at]));
  const known = graph.edges.flatMap((edge) => {
    const [from, to] = [number.get(edge.from), number.get(edge.to)];
    return from === undefined || to === undefined ? [] : [{ edge, ends: [from, to] as const }];
  });
  const ends: readonly LayoutEdge[] = known.map((one) => one.ends);
  const cycles = edgesOnCycles(graph.nodes.length, ends);
  const critical = criticalNodes(graph, facts, ends);
  const edges = known.map(({ edge, ends: [from, to] }, place): PageEdge => {
    const note = edgeNote(edge);
    return {
      from,
      to,
      ...(note === undefined ? {} : { note }),
      ...(cycles.has(place) ? { cycle: true } : {}),
      ...(critical.next.get(from) === to || critical.next.get(to) === from ? { critical: true } : {}),
    };
  });
  const nodes = graph.nodes.map(({ id, package: pkg, description, tags, affected }, at): PageNode => {
    const fact = facts.get(id);
    return {
      id,
      package: pkg,
      ...(description === undefined ? {} : { description }),
      tags,
      ...(critical.nodes.has(at) ? { critical: true } : {}),
      ...(affected === true ? { affected } : {}),
      ...(fact === undefined ? {} : { state: fact.state, durationMs: fact.durationMs, wallMs: fact.wallMs }),
    };
  });
  return { v: 1, ...options, isMeasured: critical.isMeasured, nodes, edges };
}

interface Critical {
  readonly nodes: ReadonlySet<number>;
  /** The node that follows each of them on the path. */
  readonly next: ReadonlyMap<number, number>;
  readonly isMeasured: boolean;
}

function criticalNodes(graph: GraphView, facts: GraphFacts, edges: readonly LayoutEdge[]): Critical {
  const times = graph.nodes.map(({ id }) => facts.get(id)?.durationMs);
  const sorted = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  // What was never run is taken to be as long as the middle one of the others.
  const usual = sorted[sorted.length >> 1] ?? 1;
  const planned = graph.nodes.flatMap(({ critical }, at) => (critical ? [at] : []));
  const among = planned.length === 0 ? undefined : new Set(planned);
  const inside = among === undefined ? edges : edges.filter(([from, to]) => among.has(from) && among.has(to));
  const weight = (node: number): number =>
    among === undefined ? (times[node] ?? usual) : among.has(node) ? 1 : 0;
  const path = edges.length === 0 ? [] : longestChain(graph.nodes.length, inside, weight);
  return {
    nodes: new Set(planned.length === 0 ? path : planned),
    next: new Map(path.slice(1).map((node, at) => [path[at] ?? -1, node])),
    isMeasured: sorted.length > 0,
  };
}
