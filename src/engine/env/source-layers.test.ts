import { expect, test } from "bun:test";

import type { EnvSource } from "#core/model/environment";

import { resolveEnvironment } from "./layers";
import { sourceFiles, sourceLayers } from "./source-layers";

const sources: readonly EnvSource[] = [
  {
    layer: "package-dotenv",
    entries: [],
    files: [
      { path: "/w/.env", optional: false },
      { path: "/w/.env.local", optional: true },
    ],
  },
  {
    layer: "task-env",
    place: { file: "/w/zr.toml", path: ["tasks", "a", "env"] },
    entries: [
      { name: "T", value: { kind: "text", text: "$A!", expand: true } },
      { name: "L", value: { kind: "text", text: "$A", expand: false } },
      { name: "U", value: { kind: "unset" } },
      { name: "F", value: { kind: "file", path: "/w/key" }, secret: true },
      { name: "D", value: { kind: "declared" }, required: true, description: "needed" },
    ],
  },
];

test("a plan's sources become layers with their files' contents", () => {
  expect(sourceFiles(sources)).toEqual(["/w/.env", "/w/.env.local", "/w/key"]);
  const contents = new Map([
    ["/w/.env", "A=1\nU=2\n"],
    ["/w/key", "k\n"],
  ]);
  const { layers, problems } = sourceLayers(sources, contents);
  expect(problems).toEqual([]);
  const resolved = resolveEnvironment(layers);
  expect({ ...resolved.values }).toEqual({ A: "1", T: "1!", L: "$A", F: "k" });
  expect([...resolved.secretNames]).toEqual(["F"]);
  expect(resolved.missing).toEqual([
    {
      name: "D",
      reason: "unset",
      description: "needed",
      place: { file: "/w/zr.toml", path: ["tasks", "a", "env", "D"] },
    },
  ]);
});

test("a file that has to be there and is not is an error, and so is a problem inside one", () => {
  expect(sourceLayers(sources, new Map()).problems).toMatchObject([
    { code: "E344", data: { file: "/w/.env" } },
  ]);
  expect(sourceLayers(sources, new Map([["/w/.env", "?"]])).problems).toMatchObject([
    { code: "E330", place: { file: "/w/.env" } },
  ]);
});
