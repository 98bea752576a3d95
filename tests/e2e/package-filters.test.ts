import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/** app → ui → core; docs → core; tool alone. */
const FILES = {
  "zr.toml":
    '[workspace]\nmembers = ["packages/*", "tools/*"]\ninfer = []\n[tasks.only-root]\ncmd = "true"\n',
  "packages/app/zr.toml":
    '[package]\nname = "@acme/app"\ntags = ["web"]\ndeps = ["@acme/ui"]\n[tasks.test]\ncmd = "echo app $1"\n',
  "packages/ui/zr.toml":
    '[package]\nname = "@acme/ui"\ntags = ["web", "lib"]\ndeps = ["core"]\n[tasks.test]\ncmd = "echo ui"\n',
  "packages/core/zr.toml": '[package]\nname = "core"\ntags = ["lib"]\n[tasks.test]\ncmd = "echo core"\n',
  "packages/docs/zr.toml":
    '[package]\nname = "docs"\ndeps = ["core"]\n[tasks.test]\ncmd = "echo docs"\n[tasks.ship]\ncmd = "echo shipped"\n',
  "tools/tool/zr.toml": '[tasks.test]\ncmd = "echo tool"\n',
};

async function selected(project: Project, filters: readonly string[], cwd = "."): Promise<readonly string[]> {
  const words = filters.flatMap((filter) => ["--filter", filter]);
  const { stdout } = await project
    .zrWith({ cwd }, "workspace", "list", "--json", ...words)
    .expect({ stdout: anything });
  const { packages } = JSON.parse(stdout) as { readonly packages: readonly { readonly name: string }[] };
  return packages.map(({ name }) => name).filter((name) => name !== "project");
}

test.each([
  [["core"], ["core"]],
  [["@acme/*"], ["@acme/app", "@acme/ui"]],
  [["app"], ["@acme/app"]],
  [["t*"], ["tools/tool"]],
  [["{core,docs}"], ["core", "docs"]],
  [["core..."], ["core"]],
  [["app..."], ["@acme/app", "core", "@acme/ui"]],
  [["app^..."], ["core", "@acme/ui"]],
  [["...core"], ["@acme/app", "core", "docs", "@acme/ui"]],
  [["...^core"], ["@acme/app", "docs", "@acme/ui"]],
  [["...ui..."], ["@acme/app", "core", "@acme/ui"]],
  [["{web}"], ["@acme/app", "@acme/ui"]],
  [["{web}{lib}"], ["@acme/ui"]],
  [["@acme/*{lib}"], ["@acme/ui"]],
  [["{lib}..."], ["core", "@acme/ui"]],
  [["./packages"], ["@acme/app", "core", "docs", "@acme/ui"]],
  [["./tools/*"], ["tools/tool"]],
  [["//packages/docs"], ["docs"]],
  [["./packages{web}"], ["@acme/app", "@acme/ui"]],
  [
    ["docs", "tool"],
    ["docs", "tools/tool"],
  ],
  [["!{web}"], ["core", "docs", "tools/tool"]],
  [
    ["app...", "!core"],
    ["@acme/app", "@acme/ui"],
  ],
  [
    ["!core", "app..."],
    ["@acme/app", "@acme/ui"],
  ],
  [["*", "!...core"], ["tools/tool"]],
] as const)("the filters %p select %p", async (filters, expected) => {
  await using project = await makeProject(FILES);
  expect(await selected(project, filters)).toEqual([...expected]);
});

test("paths are relative to the folder in which the command is given", async () => {
  await using project = await makeProject(FILES);
  expect(await selected(project, ["./"], "packages/ui")).toEqual(["@acme/ui"]);
  expect(await selected(project, ["../docs"], "packages/ui")).toEqual(["docs"]);
});

test("[base] selects what has changed since, and combines with everything else", async () => {
  await using project = await makeProject(FILES, { git: true });
  project.git("branch", "base");
  project.write("packages/ui/src.txt", "new");
  project.write("packages/docs/readme.md", "new");
  expect(await selected(project, ["[base]"])).toEqual(["docs", "@acme/ui"]);
  expect(await selected(project, ["{web}[base]"])).toEqual(["@acme/ui"]);
  expect(await selected(project, ["...[base]"])).toEqual(["@acme/app", "docs", "@acme/ui"]);
  expect(await selected(project, ["[base]", "!docs"])).toEqual(["@acme/ui"]);
  // Nothing has changed there: that is no mistake, and nothing is run.
  await project
    .zr("run", "test", "--filter", "core[base]")
    .expect({ stderr: "zr: nothing to run in the selected packages\n" });
});

const flags = ["--output=interleaved", "-j1"];

async function ran(project: Project, cwd: string, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await project
    .zrWith({ cwd }, ...words, ...flags)
    .expect({ stdout: anything, stderr: anything });
  return stdout.trim().split("\n").sort();
}

test("run takes the task of every selected package that has it, from anywhere", async () => {
  await using project = await makeProject(FILES);
  expect(await ran(project, ".", "run", "test", "--filter", "{lib}")).toEqual(["core", "ui"]);
  expect(await ran(project, "packages/docs", "run", "test", "--filter", "{lib}")).toEqual(["core", "ui"]);
  expect(await ran(project, ".", "run", "ship", "--filter", "*")).toEqual(["shipped"]);
  expect(await ran(project, ".", "run", "test", "core:test", "--filter", "core")).toEqual(["core"]);
});

test("a tag and a filter mean the tasks that both of them mean", async () => {
  await using project = await makeProject({
    ...FILES,
    "packages/docs/zr.toml": '[package]\nname = "docs"\n[tasks.a]\ncmd = "echo docs"\ntags = ["ci"]\n',
    "tools/tool/zr.toml": '[tasks.b]\ncmd = "echo tool"\ntags = ["ci"]\n',
  });
  expect(await ran(project, ".", "run", "--tag", "ci", "--filter", "docs")).toEqual(["docs"]);
  await project
    .zr("run", "--tag", "ci", "--filter", "core")
    .expect({ stderr: "zr: nothing to run in the selected packages\n" });
});

test("the short form of a run follows the options that choose packages", async () => {
  await using project = await makeProject(FILES);
  expect(await ran(project, "packages/core", "ship", "--all")).toEqual(["shipped"]);
  expect(await ran(project, "packages/core", "ship", "--filter", "docs")).toEqual(["shipped"]);
  await project.zrWith({ cwd: "packages/core" }, "ship").expect({ code: 2, stderr: /E181/ });
});

test("options for the task and words behind -- reach it in every selected package", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["*"]\ninfer = []\n',
    "a/zr.toml": '[tasks.greet]\ncmd = "echo a $WHO"\nargs = [{ name = "who", env = "WHO" }]\n',
    "b/zr.toml": '[tasks.greet]\ncmd = "echo b $WHO"\nargs = [{ name = "who", env = "WHO" }]\n',
  });
  const words = ["run", "greet", "--who=you", "--all", "--output=interleaved", "-j1"];
  const { stdout } = await project.zr(...words, "--", "!").expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe("a you !\nb you !\n");
});

test("--watch follows only what is selected", async () => {
  await using project = await makeProject(FILES);
  const { stdout } = await project
    .zr("run", "test", "--watch", "--filter", "{lib}", "--dry-run")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout.match(/^ {2}\S+:test/gm)).toEqual(["  core:test", "  @acme/ui:test"]);
});

test("--all means every package, from anywhere", async () => {
  await using project = await makeProject(FILES);
  expect(await ran(project, "packages/docs", "run", "test", "--all")).toEqual([
    "app",
    "core",
    "docs",
    "tool",
    "ui",
  ]);
  expect(await ran(project, "packages/docs", "run", "test")).toEqual(["docs"]);
  expect(await ran(project, "packages/docs", "workspace", "run", "test")).toEqual([
    "app",
    "core",
    "docs",
    "tool",
    "ui",
  ]);
});

test("at the root a task that only packages have is run in all of them, which is said", async () => {
  await using project = await makeProject(FILES);
  const { stderr } = await project.zr("run", "test", ...flags).expect({ stdout: anything, stderr: anything });
  expect(stderr).toStartWith(
    "zr: 'test' is run in 5 packages: @acme/app, core, docs, @acme/ui, tools/tool\n",
  );
  const quiet = await project.zr("run", "ship", "--quiet").expect({ stdout: anything, stderr: anything });
  expect(quiet.stderr).not.toContain("is run in");
  await project.zr("run", "only-root", "--raw").expect({ stderr: "" });
});

test("list and graph show only what is selected", async () => {
  await using project = await makeProject(FILES);
  const list = await project.zr("list", "--filter", "docs").expect({ stdout: anything });
  expect(list.stdout).toBe("docs\n  docs:test\n  docs:ship\n");
  const graph = await project.zr("graph", "--packages", "--filter", "app...").expect({ stdout: anything });
  expect(graph.stdout).toBe("@acme/app\n└─ @acme/ui (deps)\n   └─ core (deps)\n");
  const tasks = await project.zr("graph", "--filter", "{lib}").expect({ stdout: anything });
  expect(tasks.stdout).toBe("core:test\n@acme/ui:test\n");
});

test.each([
  ["cor", 2, "the filter 'cor' means no package\n  = did you mean 'core'?"],
  ["...ap...", 2, "the filter '...ap...' means no package\n  = did you mean '...app...'?"],
  ["{wep}", 2, "the filter '{wep}' means no package\n  = did you mean '{web}'?"],
  ["./nowhere", 2, "the filter './nowhere' means no package"],
  ["...", 2, "can't make sense of the filter '...': it names no package"],
  ["a...b", 2, "can't make sense of the filter 'a...b': '...' stands at the beginning or at the end"],
  ["^core", 2, "can't make sense of the filter '^core': '^' stands beside '...'"],
] as const)("the filter %p is refused", async (filter, code, message) => {
  await using project = await makeProject(FILES);
  const { stderr } = await project.zr("run", "test", "--filter", filter).expect({ code, stderr: anything });
  expect(stderr).toContain(message);
});

test("a task that none of the selected packages has is an error, one that nobody has another", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "ship", "--filter", "core").expect({ code: 2, stderr: /^error\[E374\].*'ship'/ });
  await project.zr("run", "shpi", "--filter", "core").expect({ code: 2, stderr: /^error\[E160\]/ });
});

test("--affected keeps to the selected packages", async () => {
  await using project = await makeProject(FILES, { git: true });
  project.git("branch", "base");
  project.write("packages/core/src.txt", "new");
  expect(await ran(project, ".", "run", "test", "--affected=base", "--filter", "{web}")).toEqual([
    "app",
    "ui",
  ]);
});

test("the name of a package in place of a task's leads to its tasks", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["web"]\n[tasks]\nall = "true"\n',
    "web/zr.toml": '[tasks]\ntest = "true"\nbuild = "true"\n',
  });
  for (const words of [["run", "web"], ["web"]])
    await project.zr(...words).expect({ code: 2, stderr: /did you mean 'web:test' or 'web:build'\?/ });
  await project.zr("graph", "wbe", "--packages").expect({ code: 2, stderr: /E132.*'wbe'[^]*'web'/ });
  await project.zr("list", "--package", "wbe").expect({ code: 2, stderr: /E373.*'wbe'[^]*'web'/ });
});

test.each([
  "run --tag wbe",
  "run a --tag wbe",
  "run --affected --tag wbe",
  "run --watch --tag wbe",
  "watch --tag wbe",
  "ci run --all --tag wbe",
])("zr %s: a tag that no task has is a mistake of the command line", async (words) => {
  await using project = await makeProject(
    {
      "zr.toml": '[tasks.a]\ncmd = "echo ran"\ntags = ["web"]\n[tasks."x-*"]\ncmd = "true"\ntags = ["wbe"]\n',
    },
    { git: true },
  );
  const { stdout, stderr, code } = await project.zr(...words.split(" ")).result();
  expect(stderr).toContain("error[E377]: no task has the tag 'wbe'");
  expect(stderr).toContain("did you mean 'web'?");
  expect(stdout).toBe("");
  expect(code).toBe(2);
});
