import type { Place } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import type { Plan } from "#core/model/plan";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { Package, Workspace } from "#core/workspace/workspace";

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
  /** There where it was asked what a change affects, and this is. */
  readonly affected?: true;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  /** Of packages: where the one is said to depend on the other. */
  readonly declared?: readonly DeclaredEdge[];
}

/** A dependency between packages as some file declares it. */
export interface DeclaredEdge {
  /** The file's own word, such as `devDependencies`. */
  readonly kind: string;
  /** Path from the workspace root. */
  readonly file: string;
  /** From 1; there where lines were asked for. */
  readonly line?: number;
}

/** The graph with what lies in affected packages marked. */
export function markAffected(graph: GraphView, affected: ReadonlySet<string>, root: string): GraphView {
  const isAffected = (name: string): boolean => affected.has(name === "" ? root : name);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (isAffected(node.package) ? { ...node, affected: true } : node)),
  };
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
  return { v: 1, nodes, edges, roots: rootsOf(nodes, edges) };
}

/** What nothing needs; of what is needed by nothing but a circle that it is in, the first. */
function rootsOf(nodes: readonly Pick<GraphNode, "id">[], edges: readonly GraphEdge[]): readonly string[] {
  const needed = new Set(edges.map(({ to }) => to));
  const roots = nodes.map(({ id }) => id).filter((id) => !needed.has(id));
  const reached = reach(roots, edges);
  for (const { id } of nodes) {
    if (reached.has(id)) continue;
    roots.push(id);
    for (const other of reach([id], edges)) reached.add(other);
  }
  return roots;
}

/** The packages of the workspace. `lineOf` gives the lines of places, which takes a second reading of the files. */
export function packageGraph(workspace: Workspace, lineOf?: (place: Place) => number): GraphView {
  const packages = [...workspace.packages.values()];
  const edges = packages.flatMap((pkg) => packageEdges(pkg, workspace, lineOf));
  const nodes = packages.map(({ name, tags }) => ({ id: name, package: name, tags, critical: false }));
  return { v: 1, nodes, edges, roots: rootsOf(nodes, edges) };
}

/** One edge for each package that is depended on, with everything that says so. */
export function packageEdges(
  { name, edges }: Package,
  { root }: Workspace,
  lineOf?: (place: Place) => number,
): readonly GraphEdge[] {
  const targets = new Map<string, DeclaredEdge[]>();
  for (const { on, kind, place } of edges) {
    const declared: DeclaredEdge = {
      kind,
      file: relativeTo(root, place.file),
      ...(lineOf === undefined ? {} : { line: lineOf(place) }),
    };
    const known = targets.get(on);
    if (known === undefined) targets.set(on, [declared]);
    else known.push(declared);
  }
  return [...targets].map(([to, declared]) => ({ from: name, to, kind: "package", declared }));
}

/** The part of a graph that lies in some packages. What nothing in it needs becomes a root of it. */
export function graphOfPackages(graph: GraphView, packages: ReadonlySet<string>): GraphView {
  const nodes = graph.nodes.filter((node) => packages.has(node.package));
  const kept = new Set(nodes.map(({ id }) => id));
  const edges = graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
  const needed = new Set(edges.map(({ to }) => to));
  const isRoot = (id: string): boolean => graph.roots.includes(id) || !needed.has(id);
  return { v: 1, nodes, edges, roots: nodes.map(({ id }) => id).filter(isRoot) };
}

export interface GraphCut {
  /** Start from these nodes; none: from the roots. */
  readonly from: readonly string[];
  /** Follow what needs a node instead of what it needs. */
  readonly reverse: boolean;
  /** Steps from the start; undefined: all. */
  readonly depth?: number;
  /** Keep only what lies before or behind these nodes, where there are any. */
  readonly focus?: readonly string[];
}

/** The part of a graph that can be reached as the cut says. */
export function cutGraph(graph: GraphView, cut: GraphCut): GraphView {
  const edges = cut.reverse
    ? graph.edges.map((edge) => ({ ...edge, from: edge.to, to: edge.from }))
    : graph.edges;
  const starts = cut.from.length > 0 ? cut.from : cut.reverse ? rootsOf(graph.nodes, edges) : graph.roots;
  let kept = reach(starts, edges, cut.depth);
  const { focus = [] } = cut;
  if (focus.length > 0) {
    const around = new Set([
      ...reach(focus, graph.edges),
      ...reach(
        focus,
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
