import { describe, expect, test } from "bun:test";
import { checkLayers } from "./check-layers";
import { sourceFile } from "./source-files";

/** Rules broken by the given files (path → text), as `path:line rule`. */
function broken(files: Readonly<Record<string, string>>): readonly string[] {
  return checkLayers(Object.entries(files).map(([path, text]) => sourceFile(path, text))).map(
    (violation) => `${violation.path}:${violation.line} ${violation.rule}`,
  );
}

const TARGETS = {
  "src/base/result.ts": "export const ok = 1;",
  "src/system/fs.ts": "export interface FileSystem {}",
  "src/core/model/plan.ts": "export interface Plan {}",
  "src/core/config/load.ts": "export const load = 1;",
  "src/engine/exec/run.ts": "export const run = 1;",
  "src/engine/env/_layer.ts": "export const layer = 1;",
  "src/languages/go.ts": "export const go = 1;",
  "src/server/api/listen.ts": "export const listen = 1;",
  "src/frontends/output/print.ts": "export const print = 1;",
  "tests/support/rig.ts": "export const rig = 1;",
  "scripts/compile-flags.ts": "export const flags = 1;",
};

interface Case {
  readonly path: string;
  readonly text: string;
  readonly rules: readonly string[];
}

const cases: readonly Case[] = [
  { path: "src/base/x.ts", text: `import { run } from "#engine/exec/run";`, rules: ["leftward"] },
  { path: "src/base/x.ts", text: `import type { Plan } from "#core/model/plan";`, rules: ["leftward"] },
  {
    path: "src/core/model/x.ts",
    text: `import { ok } from "../../base/result";`,
    rules: ["no-parent-import"],
  },
  {
    path: "src/core/model/x.ts",
    text: `import { ok } from "#base/result.ts";`,
    rules: ["no-extension"],
  },
  { path: "src/core/model/x.ts", text: `import { ok } from "#based/result";`, rules: ["known-room"] },
  {
    path: "src/core/model/x.ts",
    text: `import { flags } from "#scripts/compile-flags";`,
    rules: ["no-test-import"],
  },
  { path: "bench/x.ts", text: `import { flags } from "#scripts/compile-flags";`, rules: [] },
  { path: "src/core/model/x.ts", text: `import { fs } from "#system/fs";`, rules: ["core-is-pure"] },
  {
    path: "src/core/model/x.ts",
    text: `import { load } from "#core/config/load";`,
    rules: ["declared-sideways"],
  },
  {
    path: "src/engine/cache/x.ts",
    text: `import { run } from "#engine/exec/run";`,
    rules: ["declared-sideways"],
  },
  { path: "src/engine/exec/x.ts", text: `import { go } from "#languages/go";`, rules: ["leftward"] },
  { path: "src/languages/x.ts", text: `await import("#engine/exec/run");`, rules: ["leftward"] },
  {
    path: "src/engine/exec/x.ts",
    text: `import { layer } from "#engine/env/_layer";`,
    rules: ["private-file"],
  },
  { path: "src/app/x.ts", text: `import { readFile } from "node:fs";`, rules: ["outside-world"] },
  { path: "src/app/x.ts", text: `import { $ } from "bun";`, rules: ["outside-world"] },
  { path: "src/app/x.ts", text: `import { rig } from "#tests/support/rig";`, rules: ["no-test-import"] },
  { path: "src/frontends/cli/x.ts", text: `await import("#server/api/listen");`, rules: ["server-door"] },
  { path: "src/base/x.ts", text: `import { y } from "./missing";`, rules: ["no-such-file"] },
];

describe("the layer check", () => {
  for (const { path, text, rules } of cases) {
    test(`${text} in ${path} breaks ${rules.join(" and ")}`, () => {
      const expected = rules.map((rule) => `${path}:2 ${rule}`);
      expect(broken({ ...TARGETS, [path]: `// one line above\n${text}\n` })).toEqual(expected);
    });
  }

  test("leftward, type-only, sideways and door imports that are allowed pass", () => {
    const text = `import {\n  ok,\n  other,\n} from "#base/result";\nimport type { FileSystem } from "#system/fs";\n`;
    const files = {
      ...TARGETS,
      "src/core/config/x.ts": `${text}import type { Plan } from "#core/model/plan";\n`,
      "src/frontends/cli/commands/serve.ts": `const door = () => import("#server/api/listen");`,
      "src/frontends/cli/x.ts": `import { print } from "#frontends/output/print";`,
      "src/core/config/x.test.ts": `import { rig } from "#tests/support/rig";\nimport { test } from "bun:test";`,
      "src/system/x.ts": `import { readFile } from "node:fs";`,
    };
    expect(broken(files)).toEqual([]);
  });

  test("an import written in a comment or a string is no import", () => {
    const text =
      '// import { run } from "#engine/exec/run";\nconst text = `\nimport { a } from "#engine/exec/run";\n`;\n';
    expect(broken({ ...TARGETS, "src/base/x.ts": text })).toEqual([]);
  });

  test("files that import each other in a ring, by types too, are reported once with the way round", () => {
    const files = {
      "src/base/a.ts": `import { b } from "./b";`,
      "src/base/b.ts": `import type { C } from "./c";`,
      "src/base/c.ts": `export const load = () => import("./a");`,
    };
    const found = checkLayers(Object.entries(files).map(([path, text]) => sourceFile(path, text)));
    expect(found.map((violation) => violation.reason)).toEqual([
      "files import each other: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts",
    ]);
  });
});
