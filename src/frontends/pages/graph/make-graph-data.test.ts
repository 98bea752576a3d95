import { describe, expect, test } from "bun:test";
import type { GraphFacts } from "#app/operations/graph-facts";
import type { GraphView } from "#app/operations/graph";
import { makeGraphData } from "./make-graph-data";
import { NO_FILTER, pathsThrough, searchNodes, visibleGraph } from "./visible-graph";
import { longestChain } from "./longest-chain";

const node = (id: string, more: Partial<GraphView["nodes"][number]> = {}): GraphView["nodes"][number] => ({
  id,
  package: id.includes(":") ? id.split(":")[0]! : "",
  tags: [],
  critical: false,
  ...more,
});

const GRAPH: GraphView = {
  v: 1,
  nodes: [
    node("all", { tags: ["ci"] }),
    node("a:build"),
    node("b:build"),
    node("lint", { description: "Look for mistakes" }),
  ],
  edges: [
    { from: "all", to: "a:build", kind: "deps" },
    { from: "all", to: "b:build", kind: "deps" },
    { from: "a:build", to: "b:build", kind: "ready" },
  ],
  roots: ["all"],
};

const FACTS: GraphFacts = new Map([
  ["a:build", { state: "failed", durationMs: 500, wallMs: 1 }],
  ["b:build", { state: "success", durationMs: 900, wallMs: 1 }],
]);

const OPTIONS = { title: "x", of: "tasks", marksAffected: false, showsCritical: false } as const;
const data = makeGraphData(GRAPH, FACTS, OPTIONS);
const ids = (numbers: readonly number[]): string[] => numbers.map((at) => data.nodes[at]!.id);

describe("makeGraphData", () => {
  test("gives nodes their last state and edges what they say beyond needing", () => {
    expect(data.nodes[1]).toMatchObject({ id: "a:build", state: "failed", durationMs: 500 });
    expect(data.nodes[0]?.state).toBeUndefined();
    expect(data.edges.map(({ note }) => note)).toEqual([undefined, undefined, "waits until ready"]);
  });

  test("marks the chain that took longest where there is no plan", () => {
    expect(data.isMeasured).toBe(true);
    expect(data.nodes.filter(({ critical }) => critical).map(({ id }) => id)).toEqual([
      "all",
      "a:build",
      "b:build",
    ]);
    expect(data.edges.map(({ critical }) => critical === true)).toEqual([true, false, true]);
  });

  test("marks the critical path of a plan as the plan has it", () => {
    const nodes = GRAPH.nodes.map((one) => ({ ...one, critical: one.id === "all" || one.id === "b:build" }));
    const planned = makeGraphData({ ...GRAPH, nodes }, FACTS, OPTIONS);
    expect(planned.nodes.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(["all", "b:build"]);
    expect(planned.edges.map(({ critical }) => critical === true)).toEqual([false, true, false]);
  });

  test("marks the edges of a cycle", () => {
    const edges = [...GRAPH.edges, { from: "b:build", to: "a:build", kind: "deps" }];
    const circle = makeGraphData({ ...GRAPH, edges }, FACTS, OPTIONS);
    expect(circle.edges.map(({ cycle }) => cycle === true)).toEqual([false, false, true, true]);
  });

  test("leaves out an edge to what is not there", () => {
    const edges = [{ from: "all", to: "gone", kind: "deps" }];
    expect(makeGraphData({ ...GRAPH, edges }, FACTS, OPTIONS).edges).toEqual([]);
  });
});

describe("visibleGraph", () => {
  test("filters by package, tag and state, with the edges between what is left", () => {
    expect(ids(visibleGraph(data, { ...NO_FILTER, package: "a" }).nodes)).toEqual(["a:build"]);
    expect(ids(visibleGraph(data, { ...NO_FILTER, tag: "ci" }).nodes)).toEqual(["all"]);
    expect(ids(visibleGraph(data, { ...NO_FILTER, state: "none" }).nodes)).toEqual(["all", "lint"]);
    expect(visibleGraph(data, { ...NO_FILTER, state: "none" }).edges).toEqual([]);
    expect(visibleGraph(data, NO_FILTER).edges).toEqual([0, 1, 2]);
  });

  test("a focus leaves a node and its paths, also where a filter would hide the node", () => {
    expect(ids(visibleGraph(data, { ...NO_FILTER, focus: 1 }).nodes)).toEqual(["all", "a:build", "b:build"]);
    expect(ids(visibleGraph(data, { ...NO_FILTER, state: "success", focus: 1 }).nodes)).toEqual([
      "a:build",
      "b:build",
    ]);
  });

  test("paths through a node are what it needs and what needs it, and no more", () => {
    const { nodes, edges } = pathsThrough(data, 2);
    expect(ids([...nodes].sort())).toEqual(["all", "a:build", "b:build"]);
    expect([...pathsThrough(data, 1).edges].sort()).toEqual([0, 2]);
    expect(edges.size).toBe(3);
  });
});

test("a search finds all words in names first, then in descriptions and tags", () => {
  expect(ids(searchNodes(data, "build"))).toEqual(["a:build", "b:build"]);
  expect(ids(searchNodes(data, "B:Build"))).toEqual(["b:build"]);
  expect(ids(searchNodes(data, "mistakes"))).toEqual(["lint"]);
  expect(ids(searchNodes(data, "ci"))).toEqual(["all"]);
  expect(searchNodes(data, " ")).toEqual([]);
  expect(searchNodes(data, "build lint")).toEqual([]);
});

test("the longest chain is by weight, not by number of nodes", () => {
  const weights = [1, 10, 1, 1];
  expect(
    longestChain(
      4,
      [
        [0, 1],
        [0, 2],
        [2, 3],
      ],
      (at) => weights[at]!,
    ),
  ).toEqual([0, 1]);
  expect(
    longestChain(
      4,
      [
        [0, 1],
        [0, 2],
        [2, 3],
      ],
      () => 1,
    ),
  ).toEqual([0, 2, 3]);
  expect(
    longestChain(
      2,
      [
        [0, 1],
        [1, 0],
      ],
      () => 1,
    ),
  ).toEqual([0, 1]);
  expect(longestChain(0, [], () => 1)).toEqual([]);
});
