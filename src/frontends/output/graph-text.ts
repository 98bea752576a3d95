import type { GraphEdge, GraphNode, GraphView } from "#app/operations/graph";

export const GRAPH_FORMATS = ["ascii", "dot", "json", "mermaid"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export interface GraphTextOptions {
  readonly unicode: boolean;
  /** Mark the critical path. */
  readonly critical: boolean;
}

/** A graph in one of the formats, ending with a newline. */
export function renderGraph(graph: GraphView, format: GraphFormat, options: GraphTextOptions): string {
  switch (format) {
    case "ascii":
      return asciiGraph(graph, options);
    case "dot":
      return dotGraph(graph, options);
    case "json":
      return `${JSON.stringify(graph, undefined, 2)}\n`;
    case "mermaid":
      return mermaidGraph(graph, options);
  }
}

/** A tree for each root. A node is opened once; met again it is only named, with a mark that it stands above. */
function asciiGraph(graph: GraphView, { unicode, critical }: GraphTextOptions): string {
  const needs = Map.groupBy(graph.edges, (edge) => edge.from);
  const marked = new Set(critical ? graph.nodes.filter((node) => node.critical).map((node) => node.id) : []);
  const affected = new Set(graph.nodes.filter((node) => node.affected).map((node) => node.id));
  const opened = new Set<string>();
  const lines: string[] = [];
  const [tee, elbow, bar] = unicode ? ["├─ ", "└─ ", "│  "] : ["|- ", "`- ", "|  "];
  // An explicit stack: a chain of ten thousand tasks is no reason to run out of it.
  const stack = graph.roots.toReversed().map((id) => ({ id, lead: "", branch: "", about: "" }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { id, lead, branch, about } = next;
    const children = needs.get(id) ?? [];
    const isRepeated = opened.has(id) && children.length > 0;
    opened.add(id);
    const note = [
      about === "" ? undefined : about,
      marked.has(id) ? "critical" : undefined,
      affected.has(id) ? "affected" : undefined,
      isRepeated ? "see above" : undefined,
    ].filter((text) => text !== undefined);
    lines.push(`${lead}${branch}${id}${note.length > 0 ? ` (${note.join(", ")})` : ""}`);
    if (isRepeated) continue;
    const inner = branch === "" ? lead : lead + (branch === elbow ? "   " : bar);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const edge = children[index];
      if (edge !== undefined)
        stack.push({
          id: edge.to,
          lead: inner,
          branch: index === children.length - 1 ? elbow : tee,
          about: edgeNote(edge) ?? "",
        });
    }
  }
  return lines.length === 0 ? "no tasks\n" : `${lines.join("\n")}\n`;
}

/** What an edge says beyond "needs". */
const KIND_NOTES: Readonly<Record<string, string>> = {
  ready: "waits until ready",
  serial: "in order",
  order: "after, if it runs",
  wait_for: "after, if it runs",
  finally: "always after",
  success: "after success of",
  failure: "after failure of",
  on_success: "after success",
  on_failure: "after failure",
  call: "called",
  cmds: "called",
};

/** What is worth saying of an edge; of packages the words by which it is declared. */
export const edgeNote = ({ kind, declared }: GraphEdge): string | undefined =>
  declared === undefined ? KIND_NOTES[kind] : [...new Set(declared.map((edge) => edge.kind))].join(", ");

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

function dotGraph(graph: GraphView, { critical }: GraphTextOptions): string {
  const lines = ["digraph zr {", "  rankdir=LR;", "  node [shape=box];"];
  for (const node of graph.nodes) lines.push(`  ${quoted(node.id)}${dotLook(node, critical)};`);
  for (const { from, to, kind } of graph.edges)
    lines.push(
      `  ${quoted(from)} -> ${quoted(to)}${KIND_NOTES[kind] === undefined ? "" : ` [label=${quoted(KIND_NOTES[kind] ?? "")}, style=dashed]`};`,
    );
  return `${lines.join("\n")}\n}\n`;
}

function dotLook(node: GraphNode, critical: boolean): string {
  const look = [
    ...(critical && node.critical ? ["penwidth=3"] : []),
    ...(node.affected === true ? ["style=filled", 'fillcolor="#ffe08a"'] : []),
  ];
  return look.length === 0 ? "" : ` [${look.join(", ")}]`;
}

function mermaidGraph(graph: GraphView, { critical }: GraphTextOptions): string {
  const names = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = ["graph LR"];
  for (const node of graph.nodes)
    lines.push(
      `  ${names.get(node.id) ?? ""}["${node.id.replaceAll('"', "#quot;")}"]${critical && node.critical ? ":::critical" : ""}`,
    );
  for (const { from, to, kind } of graph.edges) {
    const note = KIND_NOTES[kind];
    lines.push(
      `  ${names.get(from) ?? ""} ${note === undefined ? "-->" : `-. "${note}" .->`} ${names.get(to) ?? ""}`,
    );
  }
  const affected = graph.nodes.filter((node) => node.affected).map((node) => names.get(node.id) ?? "");
  if (affected.length > 0)
    lines.push(`  class ${affected.join(",")} affected`, "  classDef affected fill:#ffe08a");
  if (critical) lines.push("  classDef critical stroke-width:4px");
  return `${lines.join("\n")}\n`;
}
