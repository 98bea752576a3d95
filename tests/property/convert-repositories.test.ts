import { expect, test } from "bun:test";
import fc from "fast-check";
import { readValues } from "#core/config/toml/read-values";
import type { Converter } from "#core/migrate/conversion";
import { convertMise } from "#core/migrate/mise/convert-mise";
import { convertMoon } from "#core/migrate/moon/convert-moon";
import { convertNpm } from "#core/migrate/npm/convert-npm";
import { convertNx } from "#core/migrate/nx/convert-nx";
import { convertTurbo } from "#core/migrate/turbo/convert-turbo";
import { writeConversion } from "#core/migrate/write-conversion";
import { memorySource } from "#tests/support/memory-source";

type Files = Readonly<Record<string, string>>;

const PACKAGES: Files = {
  "package.json": `{"name":"root","workspaces":["packages/*"],"scripts":{"prebuild":"rm -r out","build":"npm run -ws build","ci":"run-s lint test:*","lint":"cross-env A=1 eslint .","test:a":"echo \${npm_package_name}"}}`,
  "packages/a/package.json": `{"name":"@r/a","scripts":{"build":"tsc && npm run lint -- --fix","lint":"eslint 'src/**'"},"nx":{"tags":["x"]}}`,
  "packages/b/package.json": `{"name":"@r/b","dependencies":{"@r/a":"*"},"scripts":{"build":"vite build"}}`,
};

const SOURCES: readonly (readonly [string, Converter, Files])[] = [
  ["npm", convertNpm, PACKAGES],
  [
    "turbo",
    convertTurbo,
    {
      ...PACKAGES,
      "turbo.json": `{"globalEnv":["A"],"tasks":{"build":{"dependsOn":["^build","@r/a#lint"],"inputs":["$TURBO_DEFAULT$","../x"],"outputs":["dist/**"],"env":["B","!C"]},"@r/b#build":{"cache":false},"lint":{"persistent":true,"with":["x"]}}}`,
      "packages/b/turbo.json": `{"extends":["//"],"tasks":{"build":{"outputs":["$TURBO_EXTENDS$","x"]}}}`,
    },
  ],
  [
    "nx",
    convertNx,
    {
      ...PACKAGES,
      "nx.json": `{"namedInputs":{"default":["{projectRoot}/**/*","production"],"production":["default","!{projectRoot}/x"]},"targetDefaults":{"build":{"dependsOn":["^build"],"inputs":["^production"],"outputs":["{options.outputPath}"],"cache":true}}}`,
      "apps/w/project.json": `{"name":"w","implicitDependencies":["*"],"targets":{"build":{"command":"echo {projectRoot} {args.x}","configurations":{"p":{"env":{"A":"1"}}}},"all":{"executor":"nx:run-commands","options":{"commands":["a",{"command":"b"}],"readyWhen":["x"]},"dependsOn":[{"target":"build","projects":["*"]}]},"e2e":{"executor":"@x/y:z"}}}`,
    },
  ],
  [
    "mise",
    convertMise,
    {
      "mise.toml": `[tools]\nnode = "20"\n"npm:x" = {version="1"}\n[env]\nA = "{{env.B}}"\n_.path = ["./x"]\n[vars]\nv = "1"\n[tasks.a]\nusage = '''\narg "<x>" { choices "1" }\nflag "-f --force"\n'''\nrun = ["echo {{vars.v}} {{arg(name='q')}}", { task = "b" }]\ndepends = ["b x", "c:*"]\n[tasks.b]\nrun = "#!/bin/sh\\nx"\nsources = ["a"]\n[tasks."c:d"]\ndepends_post = ["a"]\ndir = "{{cwd}}"\n`,
      "mise-tasks/x.sh": "#!/bin/sh\n#MISE depends=['a']\n#USAGE arg '<z>'\n",
    },
  ],
  [
    "moon",
    convertMoon,
    {
      ".moon/workspace.yml": "projects:\n  globs: ['apps/*']\n  sources: {r: '.'}\n",
      ".moon/tasks/all.yml":
        "fileGroups: {s: ['src/**/*', '@group(s)']}\ntasks:\n  a: {command: 'x $project', args: ['@group(s)'], inputs: ['@group(s)', '$E'], deps: ['^:a', 'r:b']}\n  b: {extends: 'a', options: {mergeArgs: replace}}\n",
      "apps/w/moon.yml":
        "tags: [t]\ndependsOn: [r]\ntasks:\n  a: {args: '--y'}\n  c: &x {script: 'a && b', options: {envFile: true, timeout: 3}}\n  d: *x\n",
      "moon.yml": "tasks: {b: noop}\n",
    },
  ],
];

/** Pieces that mean something in one of these formats, or break it. */
const PIECES = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  ",",
  ":",
  "\n",
  "#",
  "*",
  "&",
  "!",
  "$",
  "${",
  "{{",
  "}}",
  "null",
  "1e999",
  "__proto__",
  "constructor",
  "^",
  "//",
  "\\",
  "\u0000",
  "\ud800",
  "é",
  "  ",
  "- ",
  "true",
  '"a":{"a":{"a":1}}',
  "{%",
  "../",
  "<<: *x",
];

const mutation = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
});

function mutated(
  files: Files,
  changes: readonly {
    readonly file: number;
    readonly at: number;
    readonly length: number;
    readonly piece: string;
  }[],
): Files {
  const result: Record<string, string> = { ...files };
  const names = Object.keys(files);
  for (const { file, at, length, piece } of changes) {
    const name = names[file % names.length] ?? "";
    const text = result[name] ?? "";
    const start = at % (text.length + 1);
    result[name] = text.slice(0, start) + piece + text.slice(start + length);
  }
  return result;
}

for (const [name, convert, files] of SOURCES)
  test(`whatever is broken in files of ${name}, there is a problem or a text of TOML with a report that names lines`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { maxLength: 6 }), fc.boolean(), async (changes, wrap) => {
        const made = await convert({ folder: "/repo", wrap, reader: memorySource(mutated(files, changes)) });
        if (!made.ok) {
          expect(made.error.map(({ code }) => code)).toEqual([expect.stringMatching(/^E48[01]$/)]);
          return;
        }
        for (const file of made.value.files) {
          const read = readValues(writeConversion(file));
          expect(read.ok ? "" : read.error).toBe("");
          expect(file.path).toMatch(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).*zr\.toml$/);
        }
        expect(made.value.converted).toBeLessThanOrEqual(made.value.total);
        for (const { line, why } of made.value.report) {
          expect(line).toBeGreaterThan(0);
          expect(why).not.toBe("");
        }
      }),
      { numRuns: 400 },
    );
  });
