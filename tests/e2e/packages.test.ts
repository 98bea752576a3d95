import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

interface Listing {
  readonly packages: readonly {
    readonly name: string;
    readonly path: string;
    readonly version: string | null;
    readonly deps: readonly string[];
    readonly tasks: readonly string[];
  }[];
}

async function listed(project: Project, ...words: readonly string[]): Promise<Listing["packages"]> {
  const { stdout } = await project.zr("workspace", "list", "--json", ...words).expect({ stdout: anything });
  return (JSON.parse(stdout) as Listing).packages;
}

const names = (packages: Listing["packages"]): readonly string[] => packages.map(({ name }) => name);

const MIXED = {
  "zr.toml":
    '[workspace]\nmembers = ["tools/*"]\n[workspace.dependencies]\nscripts = ["@acme/web"]\n[tasks.hello]\ncmd = "echo hello"\n',
  "package.json": '{ "name": "acme", "workspaces": ["web"], "scripts": { "root-script": "x" } }',
  "web/package.json":
    '{ "name": "@acme/web", "version": "1.0.0", "scripts": { "build": "echo from npm", "test": "echo test of web" } }',
  "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
  "crates/core/Cargo.toml": '[package]\nname = "core"\nversion = "0.1.0"\n',
  "crates/app/Cargo.toml":
    '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\ncore = { path = "../core" }\n',
  "tools/scripts/zr.toml": '[package]\nname = "scripts"\ndeps = ["core"]\n[tasks.build]\ncmd = "echo own"\n',
  "tools/bare/package.json": '{ "scripts": { "build": "echo bare" } }',
  "tools/nothing/readme.md": "",
};

test("members are what the globs and the manifests of every language list, with or without a zr.toml", async () => {
  await using project = await makeProject(MIXED);
  const packages = await listed(project);
  expect(packages.map(({ name, path, version, deps }) => [name, path, version, deps])).toEqual([
    ["acme", ".", null, []],
    ["app", "crates/app", "0.1.0", ["core"]],
    ["core", "crates/core", "0.1.0", []],
    ["tools/bare", "tools/bare", null, []],
    ["scripts", "tools/scripts", null, ["core", "@acme/web"]],
    ["@acme/web", "web", "1.0.0", []],
  ]);
});

test("the order of the packages does not depend on how fast their files are read", async () => {
  await using project = await makeProject(MIXED);
  const first = await listed(project);
  for (let round = 0; round < 3; round += 1) expect(await listed(project)).toEqual([...first]);
});

test.each([
  ["infer = []", ["project", "scripts"]],
  ['infer = ["rust"]', ["project", "app", "core", "scripts"]],
  ['infer = ["node"]\nignore = ["web"]', ["acme", "tools/bare", "scripts"]],
])("with %s the members are %p", async (line, expected) => {
  await using project = await makeProject({
    ...MIXED,
    "zr.toml": `[workspace]\nmembers = ["tools/*"]\n${line}\n`,
    "tools/scripts/zr.toml": '[package]\nname = "scripts"\n',
  });
  expect(names(await listed(project))).toEqual(expected);
});

test("a task of the own file goes before the one that the manifest has, by name and by alias", async () => {
  await using project = await makeProject({
    ...MIXED,
    "web/zr.toml": '[tasks.make]\ncmd = "echo mine"\naliases = ["build"]\n',
  });
  await project.zr("run", "@acme/web:build", "--raw").expect({ stdout: "mine\n", stderr: anything });
  const web = (await listed(project)).find(({ name }) => name === "@acme/web");
  expect(web?.tasks).toEqual(["make", "test"]);
});

test("the root's own manifest gives no tasks where the root has a zr.toml", async () => {
  await using project = await makeProject(MIXED);
  await project.zr("run", "root-script").expect({ code: 2, stderr: /E160/ });
});

test("an inferred task runs by the package manager, with arguments, in its package", async () => {
  await using project = await makeProject(MIXED);
  await project
    .zr("run", "@acme/web:test", "--raw", "--", "--watch", "a b")
    .expect({ stdout: "test of web --watch a b\n", stderr: anything });
});

test("an inferred build waits for the builds of what the package needs", async () => {
  await using project = await makeProject({
    "zr.toml": "[workspace]\n",
    "package.json": '{ "workspaces": ["*"] }',
    "a/package.json":
      '{ "name": "a", "scripts": { "build": "echo a" }, "devDependencies": { "b": "workspace:*" } }',
    "b/package.json": '{ "name": "b", "scripts": { "build": "echo b" } }',
  });
  await project
    .zr("run", "a:build", "--output=interleaved", "-j2")
    .expect({ stdout: "b\na\n", stderr: anything });
});

test("packages that need each other in a circle are built without waiting for each other", async () => {
  await using project = await makeProject({
    "zr.toml": "[workspace]\n",
    "package.json": '{ "workspaces": ["*"] }',
    "a/package.json": '{ "name": "a", "scripts": { "build": "echo a" }, "dependencies": { "b": "*" } }',
    "b/package.json": '{ "name": "b", "scripts": { "build": "echo b" }, "devDependencies": { "a": "*" } }',
    "c/package.json": '{ "name": "c", "scripts": { "build": "echo c" }, "dependencies": { "b": "*" } }',
  });
  await project.zr("run", "a:build", "--raw").expect({ stdout: "a\n", stderr: anything });
  await project.zr("run", "c:build", "-j1", "--raw").expect({ stdout: "b\nc\n", stderr: anything });
});

test("two packages of one name are an error that shows both places, manifests included", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["*"]\n',
    "a/package.json": '{\n  "name": "client"\n}',
    "b/Cargo.toml": '[package]\nname = "client"\n',
    "c/zr.toml": '[package]\nname = "client"\n',
  });
  const { stderr } = await project.zr("list").expect({ code: 3, stderr: /error\[E142\]/ });
  expect(stderr).toContain("b/Cargo.toml:2:8");
  expect(stderr).toContain("a/package.json:2:11");
  expect(stderr).toContain("c/zr.toml:2:8");
});

test("a provider that does not exist is an error with a suggestion", async () => {
  await using project = await makeProject({ "zr.toml": '[workspace]\ninfer = ["rust", "nod"]\n' });
  const { stderr } = await project.zr("list").expect({ code: 3, stderr: /error\[E370\]/ });
  expect(stderr).toContain("zr.toml:2:18");
  expect(stderr).toContain("did you mean 'node'?");
});

test("a manifest that can't be read is an error of that file", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["*"]\n',
    "a/package.json": '{ "name": ',
  });
  const { stderr } = await project.zr("list").expect({ code: 3, stderr: /error\[E371\]/ });
  expect(stderr).toContain("a/package.json");
});

test("in any folder of a member its tasks are meant", async () => {
  await using project = await makeProject({ ...MIXED, "web/src/deep/index.ts": "" });
  await project
    .zrWith({ cwd: "web/src/deep" }, "run", "test", "--raw")
    .expect({ stdout: "test of web\n", stderr: anything });
});

test("a single zr.toml without [workspace] looks at no manifest", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.t]\ncmd = "true"\n',
    "package.json": '{ "scripts": { "other": "true" } }',
    "Cargo.toml": "broken [",
  });
  const { stdout } = await project.zr("list").expect({ stdout: anything });
  expect(stdout).toBe("  t\n");
});

test("a root whose manifest bears the name of a member is called after its folder", async () => {
  await using project = await makeProject({
    "zr.toml": "[workspace]\n",
    "package.json": '{ "name": "app", "workspaces": ["app"] }',
    "app/package.json": '{ "name": "app" }',
  });
  expect((await listed(project)).map(({ name, path }) => [name, path])).toEqual([
    ["project", "."],
    ["app", "app"],
  ]);
});

test("what the configuration of a member says goes before its manifest, zr.local.toml included", async () => {
  await using project = await makeProject({
    ...MIXED,
    "web/zr.toml": '[package]\nname = "site"\nversion = "9.0.0"\n[tasks.test]\ncmd = "echo shared"\n',
    "web/zr.local.toml": '[tasks.test]\ncmd = "echo personal"\n',
    "zr.toml": "[workspace]\n",
  });
  await project.zr("run", "site:test", "--raw").expect({ stdout: "personal\n", stderr: anything });
  expect((await listed(project)).find(({ path }) => path === "web")).toMatchObject({
    name: "site",
    version: "9.0.0",
    tasks: ["test", "build"],
  });
});

test("a package that only a zr.toml above lists by no glob is still the current one", async () => {
  await using project = await makeProject({
    ...MIXED,
    "elsewhere/zr.toml": '[tasks.build]\ncmd = "echo elsewhere"\n',
  });
  await project
    .zrWith({ cwd: "elsewhere" }, "run", "build", "--raw")
    .expect({ stdout: "elsewhere\n", stderr: anything });
});
