import type { GraphView } from "#app/operations/graph";

/** One line of a tree. */
export interface TreeRow {
  /** The branches before the name. */
  readonly lead: string;
  readonly id: string;
  /** It stands above with all that it needs. */
  readonly isRepeated: boolean;
}

/** A graph of any size is one that somebody looks at: more lines than this nobody reads. */
const MOST_ROWS = 5000;

/** A graph as a tree for each root. A node is opened once; met again it is only named. */
export function treeRows(graph: GraphView, hasUnicode: boolean): readonly TreeRow[] {
  const needs = Map.groupBy(graph.edges, ({ from }) => from);
  const opened = new Set<string>();
  const rows: TreeRow[] = [];
  const [tee, elbow, bar] = hasUnicode ? ["├─ ", "└─ ", "│  "] : ["|- ", "`- ", "|  "];
  // An explicit stack: a chain of thousands of tasks is no reason to run out of it.
  const stack = graph.roots.toReversed().map((id) => ({ id, lead: "", branch: "" }));
  for (let next = stack.pop(); next !== undefined && rows.length < MOST_ROWS; next = stack.pop()) {
    const { id, lead, branch } = next;
    const children = needs.get(id) ?? [];
    const isRepeated = opened.has(id) && children.length > 0;
    opened.add(id);
    rows.push({ lead: lead + branch, id, isRepeated });
    if (isRepeated) continue;
    const inner = branch === "" ? lead : lead + (branch === elbow ? "   " : bar);
    for (const [index, { to }] of [...children.entries()].toReversed())
      stack.push({ id: to, lead: inner, branch: index === children.length - 1 ? elbow : tee });
  }
  return rows;
}
