import { expect, test } from "bun:test";
import { divideChunks, type Metafile } from "./chunks";

const statically = (...names: readonly string[]) =>
  names.map((name) => ({ path: `./${name}`, kind: "import-statement" }));
const later = (...names: readonly string[]) =>
  names.map((name) => ({ path: `./${name}`, kind: "dynamic-import" }));

const bundle: Metafile = {
  outputs: {
    "./main.js": {
      inputs: {},
      imports: [...statically("base.js"), ...later("run.js", "page.js")],
      entryPoint: "src/main.ts",
    },
    "./run.js": {
      inputs: {},
      imports: [...statically("plan.js"), ...later("rare.js")],
      entryPoint: "src/run.ts",
    },
    "./page.js": { inputs: {}, imports: statically("base.js", "html.js"), entryPoint: "src/page.ts" },
    "./rare.js": { inputs: {}, imports: later("run.js"), entryPoint: "src/rare.ts" },
    "./base.js": { inputs: {}, imports: [] },
    "./plan.js": { inputs: {}, imports: statically("base.js") },
    "./html.js": { inputs: {}, imports: [] },
    "./packed.zst": { inputs: {}, imports: [] },
  },
};

test("what begins with one of the files is compiled, with what it imports; the rest stays text", () => {
  expect(divideChunks(bundle, new Set(["src/main.ts", "src/run.ts"]))).toEqual({
    compiled: ["base.js", "main.js", "plan.js", "run.js"],
    text: ["html.js", "page.js", "rare.js"],
    shared: ["base.js", "run.js"],
  });
});

test("nothing is text of which something compiled can't be without", () => {
  const { compiled, text } = divideChunks(bundle, new Set(["src/page.ts"]));
  expect(compiled).toEqual(["base.js", "html.js", "page.js"]);
  expect(text).not.toContain("html.js");
});
