import { expect, test } from "bun:test";
import { sourceGraphs } from "./source-graphs";

const EDGES = [
  [0, 1, "required"],
  [2, 0, "required"],
];
const GRAPH = new Map([
  ["web:build", ["core:build"]],
  ["core:build", []],
  ["web:test", ["web:build"]],
]);

test("moon's graph is read as version 1 and version 2 print it", () => {
  const nodes = ["web:build", "core:build", "web:test"].map((target) => ({ target }));
  const read = sourceGraphs.moon?.read;
  expect(read?.({ graph: { nodes, edges: EDGES } })).toEqual(GRAPH);
  expect(read?.({ data: { ...nodes }, graph: { nodes: [0, 1, 2], edges: EDGES } })).toEqual(GRAPH);
  expect(read?.({ error: "no workspace" })).toBeUndefined();
});
