import { expect, test } from "bun:test";
import { convertTurbo } from "./convert-turbo";
import { convertFiles, type Converted } from "#tests/support/memory-source";

const pkg = (name: string, scripts: Readonly<Record<string, string>>, ...needs: readonly string[]): string =>
  JSON.stringify({ name, scripts, dependencies: Object.fromEntries(needs.map((need) => [need, "*"])) });

const convert = (turbo: string, more: Readonly<Record<string, string>> = {}): Promise<Converted> =>
  convertFiles(convertTurbo, {
    "package.json": JSON.stringify({
      name: "root",
      workspaces: ["packages/*"],
      scripts: { gen: "echo gen" },
    }),
    "package-lock.json": "{}",
    "packages/core/package.json": pkg("core", { build: "tsc", test: "jest" }),
    "packages/ui/package.json": pkg("ui", { test: "jest" }, "core"),
    "packages/web/package.json": pkg("web", { build: "vite build", dev: "vite", test: "jest" }, "ui"),
    "turbo.json": turbo,
    ...more,
  });

test("tasks become templates with their settings and comments, and each script a task that extends one", async () => {
  const { texts, report } = await convert(`{
  // matter everywhere
  "globalDependencies": ["tsconfig.json"],
  "globalEnv": ["NODE_ENV"],
  "globalPassThroughEnv": ["TOKEN"],
  "concurrency": "50%",
  "tasks": {
    // compile
    "build": { "dependsOn": ["^build"], "outputs": ["dist/**"], "env": ["API_*"], "inputs": ["$TURBO_DEFAULT$", "!README.md", "$TURBO_ROOT$/x.txt"], },
    "dev": { "cache": false, "persistent": true, "interruptible": true },
  }
}`);
  expect(texts["zr.toml"]).toContain(`# matter everywhere
global_inputs = ["package-lock.json", "package.json", "tsconfig.json"]
`);
  expect(texts["zr.toml"]).toContain('  "TOKEN",\n  "API_*",\n]\nresources = { max_workers = "50%" }\n');
  expect(texts["zr.toml"]).toContain(`# compile
[templates.build]
cache = true
inputs = ["$default", "!README.md", "//x.txt"]
outputs = ["dist/**"]
env_inputs = ["API_*", "NODE_ENV"]
`);
  expect(texts["zr.toml"]).toContain("[templates.dev]\npersistent = true\nwatch = { restart = true }\n");
  expect(texts["packages/core/zr.toml"]).toBe(`[tasks.build]
extends = "build"
cmd = ["npm", "run", "--silent", "build", "--"]
deps = ["^build"]
`);
  expect(report).toEqual([
    "turbo.json:7: note: : a change of the lock file makes every result old; turbo looks at the packages in it",
  ]);
});

test("a package without a script passes on what it waits for, as for turbo", async () => {
  const { texts } = await convert(
    '{"tasks": {"build": {"dependsOn": ["^build"]}, "test": {"dependsOn": ["build"]}, "//#gen": {}}}',
  );
  // ui has no build: web's waits for core's.
  expect(texts["packages/web/zr.toml"]).toContain(
    'cmd = ["npm", "run", "--silent", "build", "--"]\ndeps = ["core:build"]\n',
  );
  expect(texts["packages/ui/zr.toml"]).toContain('deps = ["core:build"]\n');
  expect(texts["packages/core/zr.toml"]).toContain(
    'cmd = ["npm", "run", "--silent", "test", "--"]\ndeps = ["build"]\n',
  );
  expect(texts["zr.toml"]).toContain("[tasks.gen]\n");
});

test("entries of one package and files of packages win key by key, and lists are joined where they say so", async () => {
  const { texts } = await convert(
    '{"tasks": {"build": {"outputs": ["dist/**"], "env": ["A"]}, "core#build": {"cache": false, "dependsOn": ["web#build", "//#gen"]}, "//#gen": {}, "test": {}}}',
    {
      "packages/web/turbo.json":
        '{"extends": ["//"], "tasks": {"build": {"outputs": ["$TURBO_EXTENDS$", "out/**"], "inputs": ["../../shared/**"]}, "test": {"extends": false}}}',
    },
  );
  expect(texts["packages/core/zr.toml"]).toContain(
    '[tasks.build]\ncmd = ["npm", "run", "--silent", "build", "--"]\ndeps = ["web:build", "//:gen"]\n',
  );
  expect(texts["packages/web/zr.toml"]).toContain(
    'inputs = ["//shared/**", "package.json"]\noutputs = ["dist/**", "out/**"]\nenv_inputs = ["A"]\n',
  );
  expect(texts["packages/web/zr.toml"]).not.toContain("[tasks.test]");
});

test("a pipeline of version 1 is read too, with variables among its dependencies", async () => {
  const { texts } = await convert(
    '{"pipeline": {"build": {"dependsOn": ["$API", "^build"], "outputMode": "new-only"}}}',
  );
  expect(texts["zr.toml"]).toContain('[templates.build]\ncache = { log = "hash" }\nenv_inputs = ["API"]\n');
  expect(texts["zr.toml"]).not.toContain("env_mode");
});

test("what zr has no equal for is told with its line", async () => {
  const { report, conversion } = await convert(`{
  "boundaries": {},
  "remoteCache": { "apiUrl": "https://cache.example", "signature": true },
  "tasks": {
    "build": { "env": ["A", "!B"], "weird": 1, "outputLogs": "none" },
    "dev": { "persistent": true, "cache": false, "with": ["api#dev"] },
    "nobody": {}
  }
}`);
  expect(report.filter((line) => !line.includes("lock file"))).toEqual([
    "turbo.json:5: left-out: build.weird: zr has no such setting",
    "turbo.json:5: approximated: build: what it prints is shown where it fails",
    "turbo.json:5: approximated: build: variables that are taken out by '!' count too",
    "turbo.json:6: left-out: api#dev: nothing is started beside a task: ask for both, as in 'zr run dev api:dev'",
    "turbo.json:7: note: nobody: no package has a script of this name",
    "turbo.json:2: left-out: boundaries: zr reads no such setting of turbo",
    "turbo.json:3: approximated: remoteCache: it stands in the file as a comment, to be switched on with its token",
  ]);
  expect(conversion.files[0]?.rest?.join("\n")).toContain('sign = "$TURBO_REMOTE_CACHE_SIGNATURE_KEY"');
});

test("wrapped, each task calls turbo", async () => {
  const { texts } = await convertFiles(
    convertTurbo,
    {
      "package.json": '{"name":"a","workspaces":["p/*"]}',
      "p/x/package.json": pkg("x", { build: "b" }),
      "turbo.json": '{"tasks":{"build":{},"test":{}}}',
    },
    true,
  );
  expect(texts).toEqual({ "zr.toml": '[tasks.build]\ncmd = ["npx", "turbo", "run", "build"]\n' });
});
