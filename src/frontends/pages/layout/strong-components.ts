import type { LayoutEdge } from "./layout-types";

/** For each node the nodes that its edges lead to. */
export function targetsOf(count: number, edges: readonly LayoutEdge[]): number[][] {
  const targets: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) targets[from]?.push(to);
  return targets;
}

/**
 * The number of the strongly connected component of each node. Two nodes have the same one if each can be reached from
 * the other. R. Tarjan, Depth-first search and linear graph algorithms, 1972, with a stack of its own instead of calls.
 */
export function strongComponents(count: number, edges: readonly LayoutEdge[]): readonly number[] {
  const search: Search = {
    targets: targetsOf(count, edges),
    component: new Array<number>(count).fill(-1),
    index: new Array<number>(count).fill(-1),
    low: new Array<number>(count).fill(0),
    open: [],
    met: 0,
    components: 0,
  };
  for (let start = 0; start < count; start += 1) if (search.index[start] === -1) visit(start, search);
  return search.component;
}

/** The state of Tarjan's search; lists are by node. */
interface Search {
  readonly targets: readonly (readonly number[])[];
  readonly component: number[];
  /** When it was met; -1 before. */
  readonly index: number[];
  /** The first met of those that it leads back to. */
  readonly low: number[];
  readonly open: number[];
  met: number;
  components: number;
}

function visit(start: number, search: Search): void {
  const { targets, component, index, low } = search;
  const calls = [{ node: start, at: 0 }];
  for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
    const { node } = call;
    if (call.at === 0) meet(node, search);
    const target = targets[node]?.[call.at];
    call.at += 1;
    if (target !== undefined) {
      if (index[target] === -1) calls.push({ node: target, at: 0 });
      else if (component[target] === -1) low[node] = Math.min(low[node] ?? 0, index[target] ?? 0);
      continue;
    }
    if (low[node] === index[node]) close(node, search);
    calls.pop();
    const parent = calls.at(-1)?.node;
    if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
  }
}

function meet(node: number, search: Search): void {
  search.index[node] = search.met;
  search.low[node] = search.met;
  search.met += 1;
  search.open.push(node);
}

/** Everything met since a node that leads back to nothing before it is one component with it. */
function close(node: number, search: Search): void {
  for (let member = search.open.pop(); member !== undefined; member = search.open.pop()) {
    search.component[member] = search.components;
    if (member === node) break;
  }
  search.components += 1;
}

/** The edges that lie on a cycle, as their places in the list; an edge from a node to itself is one. */
export function edgesOnCycles(count: number, edges: readonly LayoutEdge[]): ReadonlySet<number> {
  const component = strongComponents(count, edges);
  const found = new Set<number>();
  for (const [place, [from, to]] of edges.entries()) if (component[from] === component[to]) found.add(place);
  return found;
}
