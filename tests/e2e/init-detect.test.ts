import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
import { formatToml } from "#core/config/toml/format";
import { makeProject } from "#tests/support/project";

const SHOP = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: {
      prebuild: "rimraf dist",
      build: "tsc -p tsconfig.json",
      test: "node --test",
      lint: "eslint . && prettier --check .",
      format: "prettier --write .",
      dev: "vite",
      e2e: "playwright test",
      odd: "node gen.js > out.txt",
      both: "npm run lint && npm run test",
    },
  }),
  "tsconfig.json": '{ // where it goes\n "compilerOptions": { "outDir": "./dist", }, }',
  "a.test.js": "require('node:test')('adds', () => {});\n",
};

const MONO = {
  "package.json": JSON.stringify({
    name: "mono",
    workspaces: ["packages/*"],
    scripts: { build: "npm run build -ws", lint: "eslint .", test: "vitest run" },
  }),
  "package-lock.json": "{}",
  "packages/ui/package.json": JSON.stringify({
    name: "@m/ui",
    version: "1.0.0",
    scripts: { build: "tsup src/index.ts", test: "vitest run" },
  }),
  "packages/icons/package.json": JSON.stringify({ name: "@m/icons", version: "1.0.0" }),
  "packages/web/package.json": JSON.stringify({
    name: "@m/web",
    dependencies: { "@m/ui": "workspace:*", "@m/icons": "workspace:*" },
    scripts: { build: "next build", test: "vitest run", dev: "next dev" },
  }),
  "packages/web/.next/package.json": "{}",
};

test("scripts become tasks with what is known of their tools, each guess explained", async () => {
  await using project = await makeProject(SHOP);
  await project
    .zr("init", "--detect")
    .expect({ stderr: "found node in .\ncreated zr.toml\nTry it: zr test\n" });
  const text = project.read("zr.toml");
  expect(formatToml(text)).toEqual({ ok: true, value: text });
  expect(text)
    .toContain(`# Kept as long as no file of the package changes; \`outputs\` is what the script makes.
[tasks.build]
description = "tsc -p tsconfig.json"
cmd = ["npm", "run", "--silent", "build", "--"]
cache = true
outputs = ["dist/**"]
`);
  expect(text).toContain(`[tasks.test]
description = "node --test"
cmd = ["npm", "run", "--silent", "test", "--"]
cache = true
inputs = ["$default", "dist/**"]
`);
  expect(text).toContain(`# Not cached: it changes sources.
[tasks.format]
description = "prettier --write ."
aliases = ["fmt"]
`);
  expect(text).toContain(`# Runs until it is stopped.
[tasks.dev]
description = "vite"
cmd = ["npm", "run", "--silent", "dev", "--"]
persistent = true
`);
  expect(text).toMatch(/# Not cached: it needs more than files\.\n\[tasks\.e2e\]/);
  expect(text).toMatch(/# Not cached: it is no plain command\.\n\[tasks\.odd\]/);
  expect(text).toContain(`[tasks.both]
description = "npm run lint && npm run test"
cmd = ["npm", "run", "--silent", "both", "--"]
cache = true
`);
  expect(text).not.toContain("[tasks.prebuild]");
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
});

test("what it has written runs, and the second time comes from the cache", async () => {
  await using project = await makeProject(SHOP, { git: true });
  await project.zr("init", "--detect", "-q").expect({});
  await project.zr("run", "test").expect({ stdout: /pass 1\n/, stderr: /^/ });
  await project.zr("run", "test").expect({ stdout: /pass 1\n/, stderr: /test cached/ });
  project.write("a.test.js", "require('node:test')('fails', () => { throw new Error('no'); });\n");
  await project.zr("run", "test").expect({ code: 1, stdout: /fail 1\n/, stderr: /^/ });
});

test("a workspace gets a file at its root and one in each package of which more is known", async () => {
  await using project = await makeProject(MONO);
  await project.zr("init", "--detect").expect({
    stderr:
      "found node in .\nfound node in packages/icons\nfound node in packages/ui\nfound node in packages/web\n" +
      "created zr.toml\ncreated packages/ui/zr.toml\ncreated packages/web/zr.toml\nTry it: zr setup, then zr test\n",
  });
  expect(project.read("zr.toml"))
    .toBe(`# What can be done in this repository. \`zr\` lists it, \`zr NAME\` does it.

# Packages are those that package.json lists.
# \`zr run test\` here runs the \`test\` of every package that has one.
[workspace]
# When one of these files changes, every cached result is old.
global_inputs = ["package-lock.json", "package.json"]

# Only looks at files: not run again as long as none of them changes.
# The files of packages below count only where \`inputs\` names them.
[tasks.lint]
description = "eslint ."
cmd = ["npm", "run", "--silent", "lint", "--"]
cache = true
inputs = ["$default", "//packages/icons/**", "//packages/ui/**", "//packages/web/**"]

# Not run again as long as no file changes.
# Take \`cache\` out where the tests ask a network or a database.
# The files of packages below count only where \`inputs\` names them.
# Called so because 'zr run test' is to mean the 'test' of all packages.
[tasks.root-test]
description = "vitest run"
cmd = ["npm", "run", "--silent", "test", "--"]
cache = true
inputs = ["$default", "//packages/icons/**", "//packages/ui/**", "//packages/web/**"]

# Left to the packages, since the root's own only call theirs: build.
`);
  const web = project.read("packages/web/zr.toml");
  expect(web).toContain(
    'outputs = [".next/**", "!.next/cache/**"]\nenv_inputs = ["NODE_ENV", "NEXT_PUBLIC_*"]\n',
  );
  // What is needed of others counts: builds are waited for, sources without a build are inputs.
  expect(web).toMatch(
    /\[tasks\.test\]\n[^]*?deps = \["\^build"\]\ncache = true\ninputs = \["\$default", "\/\/packages\/icons\/\*\*", "\.next\/\*\*"\]/,
  );
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  await project.zr("run", "test", "--dry-run").expect({
    stdout: /@m\/ui:build[^]*level 2\n {2}@m\/web:test/,
    stderr: /2 packages: @m\/ui, @m\/web/,
  });
});

test("languages that no manifest ties together become members, and those of tests and examples do not", async () => {
  await using project = await makeProject({
    "api/go.mod": "module example.com/api\n\ngo 1.22\n",
    "api/main.go": "package main\nfunc main() {}\n",
    "tool/Cargo.toml": '[package]\nname = "tool"\nversion = "0.1.0"\nedition = "2021"\n',
    "worker/pyproject.toml": '[project]\nname = "worker"\n[tool.pytest.ini_options]\n[tool.ruff]\n',
    "web/package.json": '{"name":"web","scripts":{"test":"node --test"}}',
    "examples/small/package.json": '{"name":"small"}',
    Makefile: "all:\n\ttrue\n",
  });
  await project.zr("init", "--detect").expect({
    stderr:
      "found go in api\nfound rust in tool\nfound node in web\nfound python in worker\nnot taken in: examples/small\n" +
      "there is a Makefile too: zr init --from-make takes it over\n" +
      "created zr.toml\ncreated api/zr.toml\ncreated tool/zr.toml\ncreated web/zr.toml\ncreated worker/zr.toml\nTry it: zr setup, then zr test\n",
  });
  expect(project.read("zr.toml")).toContain('members = ["api", "tool", "web", "worker"]\n');
  expect(project.read("api/zr.toml")).toMatch(/\[tasks\.vet\]\n.*\naliases = \["lint"\]/);
  expect(project.read("tool/zr.toml")).toMatch(/\[tasks\.clippy\]\n.*\naliases = \["lint"\]/);
  await project
    .zr("run", "lint", "--dry-run")
    .expect({ stdout: /go vet \.\/\.\.\.[^]*cargo clippy[^]*ruff check \./, stderr: /3 packages/ });
});

test("files that are there are not overwritten, unless forced, and twice makes the same", async () => {
  await using project = await makeProject({ ...MONO, "packages/web/zr.toml": "# mine\n" });
  await project
    .zr("init", "--detect")
    .expect({ code: 2, stderr: "error[E187]: packages/web/zr.toml exists already; --force overwrites it\n" });
  expect(existsSync(project.path("zr.toml"))).toBe(false);
  await project.zr("init", "--detect", "--force", "-q").expect({});
  const first = ["zr.toml", "packages/ui/zr.toml", "packages/web/zr.toml"].map((file) => project.read(file));
  expect(first[2]).not.toContain("# mine");
  await project.zr("init", "--detect", "--force", "-q").expect({});
  expect(
    ["zr.toml", "packages/ui/zr.toml", "packages/web/zr.toml"].map((file) => project.read(file)),
  ).toEqual(first);
});

test("versions that files pin are there to be made tools, and what would do as well does not", async () => {
  await using project = await makeProject({
    "package.json":
      '{"name":"a","engines":{"node":">=18"},"packageManager":"pnpm@9.1.0","scripts":{"hi":"echo hi"}}',
    ".nvmrc": "v20.11.0\n",
  });
  await project
    .zr("init", "--detect")
    .expect({ stderr: "found node in .\ncreated zr.toml\nTry it: zr hi\n" });
  expect(project.read("zr.toml")).toContain('# [tools]\n# node = "20.11.0" # .nvmrc\n');
});

test("a dry run prints every file and writes none; a folder without a language gets a start by hand", async () => {
  await using project = await makeProject({ "sub/package.json": '{"scripts":{"test":"node --test"}}' });
  await project.zr("init", "sub", "--detect", "--dry-run").expect({
    stdout: /\[tasks\.test\]/,
    stderr: "found node in .\nwould create sub/zr.toml\n",
  });
  expect(existsSync(project.path("sub/zr.toml"))).toBe(false);
  await using empty = await makeProject({ "README.md": "" });
  await empty.zr("init", "--detect").expect({
    stderr: "no language was found: this is a start by hand\ncreated zr.toml\nTry it: zr hello\n",
  });
  await empty.zr("hello").expect({ stdout: /hello/, stderr: /^/ });
});

test("a manifest that can't be read is told of, and nothing is written", async () => {
  await using project = await makeProject({ "package.json": '{"scripts": ' });
  await project
    .zr("init", "--detect")
    .expect({ code: 3, stderr: /error\[E371\]: can't read the manifest package\.json: / });
  expect(existsSync(project.path("zr.toml"))).toBe(false);
});

test("two builds of one package may write to the same folder, which is said", async () => {
  await using project = await makeProject({
    "package.json": '{"scripts":{"build":"vite build","build:staging":"vite build --mode staging"}}',
  });
  await project.zr("init", "--detect", "-q").expect({});
  expect(project.read("zr.toml")).toMatch(
    /build:staging"\][^]*outputs = \["dist\/\*\*"\]\n[^]*allow_overlap = true\n$/,
  );
  await project.zr("run", "build", "build:staging", "--dry-run").expect({ stdout: /^level 1\n/ });
});
