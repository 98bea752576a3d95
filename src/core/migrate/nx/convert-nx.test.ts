import { expect, test } from "bun:test";
import { convertNx } from "./convert-nx";
import { convertFiles, type Converted } from "#tests/support/memory-source";

const NX = `{
  "defaultBase": "develop",
  "parallel": 3,
  "namedInputs": {
    "default": ["{projectRoot}/**/*", "shared"],
    "shared": ["{workspaceRoot}/tsconfig.base.json"],
    "production": ["default", "!{projectRoot}/**/*.spec.ts"]
  },
  "targetDefaults": {
    "build": { "dependsOn": ["^build"], "inputs": ["production", "^production"], "outputs": ["{projectRoot}/dist"], "cache": true }
  }
}`;

const convert = (
  projects: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Converted> =>
  convertFiles(convertNx, {
    "nx.json": NX,
    ...Object.fromEntries(
      Object.entries(projects).map(([path, project]) => [
        `${path}/project.json`,
        JSON.stringify(project, undefined, 2),
      ]),
    ),
    ...more,
  });

test("projects become members with their names, tags and what they depend on", async () => {
  const { texts } = await convert({
    "libs/core": { name: "core", targets: { build: { command: "echo core" } } },
    "apps/web": {
      name: "web",
      tags: ["app"],
      implicitDependencies: ["co*"],
      targets: { build: { command: "echo web", options: { cwd: "apps/web" } } },
    },
  });
  expect(texts["zr.toml"]).toBe(`[workspace]
# Projects that no package.json lists.
members = ["apps/web", "libs/core"]
default_base = "develop"
global_inputs = ["nx.json"]

[global]
resources = { max_workers = 3 }
`);
  expect(texts["apps/web/zr.toml"]).toContain('[package]\nname = "web"\ntags = ["app"]\ndeps = ["core"]\n');
  expect(texts["apps/web/zr.toml"]).toContain(`[tasks.build]
cmd = "echo web"
deps = ["^build"]
cache = true
inputs = [
  "$default",
  "//tsconfig.base.json",
  "//libs/core/**",
  "!**/*.spec.ts",
  "!//libs/core/**/*.spec.ts",
]
outputs = ["dist/**"]
`);
  // Commands run at the root where nothing else is said.
  expect(texts["libs/core/zr.toml"]).toContain('cmd = "echo core"\ncwd = "//"\n');
});

test("run-commands: tokens, words, variables, serial and side by side", async () => {
  const { texts, report } = await convert({
    a: {
      targets: {
        one: {
          executor: "nx:run-commands",
          options: {
            command: "echo {projectName} {projectRoot} {args.who}",
            env: { A: "1" },
            envFile: ".env.a",
            mode: "fast",
            args: "--x",
          },
        },
        serial: {
          executor: "nx:run-commands",
          options: { commands: ["echo 1", { command: "echo 2" }], parallel: false, cwd: "{projectRoot}" },
        },
        side: {
          executor: "nx:run-commands",
          options: { commands: ["echo 1", "echo 2"], cwd: "a" },
          dependsOn: ["serial"],
        },
      },
    },
  });
  const text = texts["a/zr.toml"];
  expect(text).toContain(
    'cmd = "echo a a ${args.who} --mode=fast --x"\ncwd = "//"\nenv = { A = "1" }\nenv_file = "//.env.a"\nargs = [{ name = "who", default = "" }]\n',
  );
  expect(text).toContain('[tasks.serial]\ncmds = ["echo 1", "echo 2"]\n');
  expect(text).toContain('[tasks.side]\ndeps = ["side.1", "side.2"]\n');
  expect(text).toContain('[tasks."side.2"]\ncmd = "echo 2"\nhidden = true\ndeps = ["serial"]\n');
  expect(report.filter((line) => line.includes("args.who"))).toEqual([
    "a/project.json:5: approximated: {args.who}: it is empty where it is not given: --name=value",
  ]);
});

test("configurations are tasks of their own, the default one that of the plain name", async () => {
  const { texts } = await convert({
    a: {
      targets: {
        build: {
          command: "b",
          defaultConfiguration: "prod",
          options: { cwd: "a" },
          configurations: { prod: { env: { E: "p" } }, dev: { env: { E: "d" } } },
        },
      },
    },
  });
  const text = texts["a/zr.toml"];
  expect(text).toContain('[tasks.build]\ncmd = "b"\nenv = { E = "p" }\n');
  // Both write to the same folder, which has to be said.
  expect(text?.match(/allow_overlap = true/g)).toHaveLength(2);
  expect(text).toContain('[tasks."build:dev"]\ncmd = "b"\nenv = { E = "d" }\n');
});

test("scripts of a package.json are targets, a project without a target passes on what it waits for", async () => {
  const { texts } = await convert(
    {},
    {
      "package.json": '{"name":"root","workspaces":["libs/*"]}',
      "package-lock.json": "{}",
      "libs/core/package.json": '{"name":"@n/core","scripts":{"build":"tsc"}}',
      "libs/mid/package.json":
        '{"name":"@n/mid","dependencies":{"@n/core":"*"},"scripts":{"lint":"eslint ."}}',
      "libs/top/package.json":
        '{"name":"@n/top","dependencies":{"@n/mid":"*"},"scripts":{"build":"tsc"},"nx":{"includedScripts":["build"],"targets":{"build":{"outputs":["{workspaceRoot}/out/{projectName}"]}}}}',
    },
  );
  expect(texts["libs/top/zr.toml"]).toContain('deps = ["@n/core:build"]\n');
  expect(texts["libs/top/zr.toml"]).toContain('outputs = ["//out/@n/top/**"]\n');
  expect(texts["libs/mid/zr.toml"]).toBe('[tasks.lint]\ncmd = ["npm", "run", "--silent", "lint", "--"]\n');
});

test("other executors go on being run by nx, and what can't be part of a key is not cached", async () => {
  const { texts, report } = await convert({
    a: {
      targets: {
        e2e: { executor: "@nx/playwright:playwright", dependsOn: ["build"] },
        lint: { command: "eslint .", cache: true, inputs: [{ runtime: "node -v" }] },
        serve: { command: "vite", continuous: true },
        use: { executor: "nx:noop", dependsOn: ["serve"] },
      },
    },
  });
  expect(texts["a/zr.toml"]).toContain('[tasks.e2e]\ncmd = ["npx", "nx", "run", "a:e2e"]\ncwd = "//"\n');
  expect(texts["a/zr.toml"]).toContain('[tasks.lint]\ncmd = "eslint ."\ncwd = "//"\n\n');
  expect(texts["a/zr.toml"]).toContain('[tasks.serve]\ncmd = "vite"\ncwd = "//"\npersistent = true\n');
  expect(report.map((line) => line.replace(/:\d+:/, ":"))).toEqual([
    "a/project.json: approximated: a:e2e: @nx/playwright:playwright is no command line: nx goes on running it, with what it depends on",
    "a/project.json: approximated: a:lint: it is not cached: the output of 'node -v' can't be part of a key",
    "a/project.json: left-out: serve: it never ends and does not say when it is ready, so nothing can wait for it: give it 'ready'",
    "nx.json: approximated: : what imports what is known only when nx has written it down: run 'nx graph --file=graph.json' once, then this again",
  ]);
});

test("what nx has written down tells of targets that plugins infer, and of imports", async () => {
  const graph = {
    nodes: {
      a: {
        name: "a",
        data: {
          root: "a",
          targets: {
            test: {
              executor: "nx:run-commands",
              options: { cwd: "a", command: "vitest" },
              cache: true,
              inputs: ["default"],
            },
          },
        },
      },
    },
    dependencies: { a: [{ source: "a", target: "b", type: "static" }] },
  };
  const { texts, report } = await convert(
    { a: { targets: {} }, b: { targets: { build: { command: "b" } } } },
    { ".nx/workspace-data/project-graph.json": JSON.stringify(graph) },
  );
  expect(texts["a/zr.toml"]).toContain('deps = ["b"]\n');
  expect(texts["a/zr.toml"]).toContain(
    '[tasks.test]\ncmd = "vitest"\ncache = true\ninputs = ["$default", "//tsconfig.base.json"]\n',
  );
  expect(report).toEqual([]);
});

test("what nx sets or loads by itself is told", async () => {
  const { report } = await convert(
    { a: { targets: { x: { command: "echo $NX_TASK_TARGET_PROJECT" } } } },
    { ".env": "A=1\n" },
  );
  expect(report.slice(0, 2)).toEqual([
    ".env:1: approximated: : nx loads such files by itself: where tasks need them, say '[global] dotenv = true'",
    "a/project.json:3: approximated: a:x: variables that nx sets are not set",
  ]);
});
