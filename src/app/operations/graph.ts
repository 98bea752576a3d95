import type { Plan } from "#core/model/plan";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { Workspace } from "#core/workspace/workspace";

/** A graph to look at: of tasks, of the instances of a plan, or of packages. `from` needs `to`. */
export interface GraphView {
  readonly v: 1;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly roots: readonly string[];
}

export interface GraphNode {
  readonly id: string;
  readonly package: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly critical: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
}

/** How a handler's edges are called in the graph of tasks. */
const HANDLER_KINDS: Partial<Readonly<Record<string, string>>> = {
  finally: "finally",
  success: "on_success",
  failure: "on_failure",
};

/** The instances of a plan. */
export function planGraph(plan: Plan): GraphView {
  const critical = new Set(plan.criticalPath);
  return {
    v: 1,
    nodes: plan.instances.map(({ id, package: pkg, description, tags }) => ({
      id,
      package: pkg,
      ...(description === undefined ? {} : { description }),
      tags,
      critical: critical.has(id),
    })),
    edges: plan.instances.flatMap((instance) => [
      // A handler hangs on what it follows, as in the graph of tasks.
      ...instance.edges.map(({ on, kind }) =>
        HANDLER_KINDS[kind] === undefined
          ? { from: instance.id, to: on, kind }
          : { from: on, to: instance.id, kind: HANDLER_KINDS[kind] },
      ),
      ...instance.calls.flat().map((to) => ({ from: instance.id, to, kind: "call" })),
    ]),
    roots: plan.requested,
  };
}

/** Every task of the workspace, whoever asks for it. */
export function taskGraph(workspace: Workspace): GraphView {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const idOf = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}:${name}`);
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      const { table } = pkg.resolve(entry);
      const id = idOf(pkg.prefix, entry.name);
      nodes.push({
        id,
        package: pkg.name,
        ...(table.description === undefined ? {} : { description: table.description }),
        tags: table.tags ?? [],
        critical: false,
      });
      const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
      for (const link of taskLinks(table)) {
        for (const target of resolveReference(workspace, origin, parseReference(link.name).name)) {
          edges.push({ from: id, to: idOf(target.pkg.prefix, target.entry.name), kind: link.role });
        }
      }
    }
  }
  const needed = new Set(edges.map((edge) => edge.to));
  return { v: 1, nodes, edges, roots: nodes.map((node) => node.id).filter((id) => !needed.has(id)) };
}

/** The packages of the workspace. */
export function packageGraph(workspace: Workspace): GraphView {
  const packages = [...workspace.packages.values()];
  const edges = packages.flatMap((pkg) => pkg.deps.map((to) => ({ from: pkg.name, to, kind: "package" })));
  const needed = new Set(edges.map((edge) => edge.to));
  return {
    v: 1,
    nodes: packages.map((pkg) => ({ id: pkg.name, package: pkg.name, tags: pkg.tags, critical: false })),
    edges,
    roots: packages.map((pkg) => pkg.name).filter((name) => !needed.has(name)),
  };
}

export interface GraphCut {
  /** Start from these nodes; none: from the roots. */
  readonly from: readonly string[];
  /** Follow what needs a node instead of what it needs. */
  readonly reverse: boolean;
  /** Steps from the start; undefined: all. */
  readonly depth?: number;
  /** Keep only what lies before or behind this node. */
  readonly focus?: string;
}

/** The part of a graph that can be reached as the cut says. */
export function cutGraph(graph: GraphView, cut: GraphCut): GraphView {
  const edges = cut.reverse
    ? graph.edges.map((edge) => ({ ...edge, from: edge.to, to: edge.from }))
    : graph.edges;
  const starts = cut.from.length > 0 ? cut.from : cut.reverse ? leaves(graph) : graph.roots;
  let kept = reach(starts, edges, cut.depth);
  const { focus } = cut;
  if (focus !== undefined) {
    const around = new Set([
      ...reach([focus], graph.edges),
      ...reach(
        [focus],
        graph.edges.map((edge) => ({ from: edge.to, to: edge.from })),
      ),
    ]);
    kept = new Set([...kept].filter((id) => around.has(id)));
  }
  return {
    v: 1,
    nodes: graph.nodes.filter((node) => kept.has(node.id)),
    edges: edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
    roots: starts.filter((id) => kept.has(id)),
  };
}

function leaves(graph: GraphView): string[] {
  const needing = new Set(graph.edges.map((edge) => edge.from));
  return graph.nodes.map((node) => node.id).filter((id) => !needing.has(id));
}

function reach(
  starts: readonly string[],
  edges: readonly Pick<GraphEdge, "from" | "to">[],
  depth = Number.POSITIVE_INFINITY,
): Set<string> {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const reached = new Set(starts);
  let frontier: readonly string[] = starts;
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    const found = frontier
      .flatMap((id) => (next.get(id) ?? []).map((edge) => edge.to))
      .filter((id) => !reached.has(id));
    for (const id of found) reached.add(id);
    frontier = [...new Set(found)];
  }
  return reached;
}
