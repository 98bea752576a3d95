import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { eventsOf, startsOf } from "./events";

const DIAMOND = `
  [tasks.gen]
  cmd = "touch ran-gen"
  [tasks.lint]
  cmd = "touch ran-lint"
  [tasks.build]
  cmd = "touch ran-build"
  deps = ["gen"]
  [tasks.test]
  cmd = "touch ran-test"
  cwd = "sub"
  deps = ["build", "lint", "gen"]
`;

test("a request and the configuration become instances, edges, and the reason each is in the plan", async () => {
  await using project = await makeProject({ "zr.toml": DIAMOND, "sub/x": "" });
  const { stdout } = await project
    .zr("run", "test", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  const planned = eventsOf(stdout).find((event) => event.type === "run.planned");
  const instances = planned?.instances.map(({ id, edges, reason }) => ({
    id: String(id),
    edges: edges.map(({ on, kind }) => `${kind} ${on}`),
    reason,
  }));
  expect(instances?.toSorted((a, b) => a.id.localeCompare(b.id)) as unknown).toEqual([
    { id: "build", edges: ["dep gen"], reason: { kind: "dep", of: "test" } },
    { id: "gen", edges: [], reason: { kind: "dep", of: "test" } },
    { id: "lint", edges: [], reason: { kind: "dep", of: "test" } },
    { id: "test", edges: ["dep build", "dep lint", "dep gen"], reason: { kind: "requested" } },
  ]);
  expect(planned?.requested as unknown).toEqual(["test"]);
});

test("planning is pure: --dry-run, zr graph and zr explain start nothing and write nothing", async () => {
  await using project = await makeProject({ "zr.toml": DIAMOND, "sub/x": "" });
  const before = readdirSync(project.root, { recursive: true });
  for (const args of [
    ["run", "test", "--dry-run"],
    ["run", "test", "-n"],
    ["graph", "test"],
    ["graph"],
    ["explain", "test"],
  ])
    await project.zr(...args).expect({ stdout: /gen/ });
  expect(readdirSync(project.root, { recursive: true })).toEqual(before);
});

test("a cycle is an error even when not requested, and shows the whole path with file and line of each edge", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.ok]
      cmd = "touch ran"
      [tasks.a]
      deps = ["b"]
      [tasks.b]
      deps = ["c"]
      [tasks.c]
      cmd = "true"
      deps_serial = ["a"]
    `,
  });
  const { stderr } = await project.zr("run", "ok").expect({ code: 3, stderr: /circle: a → b → c → a/ });
  for (const place of [/zr\.toml:4:9[^]*a → b/, /zr\.toml:6:9[^]*b → c/, /zr\.toml:9:16[^]*c → a/])
    expect(stderr).toMatch(place);
  expect(project.exists("ran")).toBe(false);
});

test("the order is that of the edges, whatever the order in the file", async () => {
  await using project = await makeProject({
    "zr.toml": `
      tasks.d = { cmd = "echo d", deps = ["c", "b"] }
      tasks.c = { cmd = "echo c", deps = ["a"] }
      tasks.b = { cmd = "echo b", deps = ["c"] }
      tasks.a = "echo a"
    `,
  });
  const { stdout } = await project
    .zr("run", "d", "--raw", "-j1")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe("a\nc\nb\nd\n");
});

test("unknown names carry suggestions: at most three, within an edit distance of three, best first", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "true"
      builds = "true"
      guild = "true"
      guilds = "true"
      deploy = "true"
    `,
  });
  const { stderr } = await project.zr("run", "buil").expect({ code: 2, stderr: /no task 'buil'/ });
  expect(stderr).toMatch(/did you mean 'build', '\w+' or '\w+'\?/);
  expect(stderr).not.toContain("deploy");
  await project.zr("run", "zzzzzzzz").expect({ code: 2, stderr: /^(?![^]*did you mean)/ });
});

test("the same task requested by several paths with the same arguments is one instance", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.gen]
      cmd = "echo x >> count; echo $ZR_ARG_to"
      args = [{ name = "to", default = "a" }]
      [tasks.one]
      deps = ["gen", { task = "gen", args = ["b"] }]
      [tasks.two]
      deps = [{ task = "gen", args = { to = "b" } }, { task = "gen", args = ["a"] }]
    `,
  });
  await project.zr("run", "one", "two", "gen").expect({ stdout: anything, stderr: anything });
  expect(project.read("count")).toBe("x\nx\n");
});

const CHAIN = `
  [tasks.lonely]
  cmd = "echo lonely"
  [tasks.c]
  cmd = "echo c"
  [tasks.b]
  cmd = "echo b"
  deps = ["c"]
  [tasks.a]
  cmd = "echo a"
  deps = ["b"]
  [tasks.all]
  deps = ["lonely", "a"]
`;

test("the critical path without recorded durations weighs every instance the same and orders the ready queue", async () => {
  await using project = await makeProject({ "zr.toml": CHAIN });
  const { stdout } = await project
    .zr("run", "all", "-j1", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  // Then `a` and `lonely` are as far from the end: the one declared first goes first.
  expect(startsOf(stdout).slice(0, 2)).toEqual(["c", "b"]);
  const planned = eventsOf(stdout).find((event) => event.type === "run.planned");
  expect(planned?.criticalPath as unknown).toEqual(["c", "b", "a", "all"]);
});

test("zr graph --critical marks the critical path, and the summary tells its length", async () => {
  await using project = await makeProject({ "zr.toml": CHAIN });
  const { stdout } = await project.zr("graph", "all", "--critical").expect({ stdout: /\(critical\)/ });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.includes("critical")).map((line) => /(\w+) \(/.exec(line)?.[1])).toEqual(
    ["all", "a", "b", "c"],
  );
  await project.zr("run", "all").expect({ stdout: anything, stderr: /critical path <time>/ });
});

test("a dry run prints the levels, and each instance with command, folder, why and the result of its condition", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.gen]
      cmd = "echo gen"
      condition = "'a' == 'a'"
      [tasks.test]
      cmd = "echo test"
      cwd = "sub"
      deps = ["gen"]
      condition = "env.NOPE == 'x'"
    `,
    "sub/x": "",
  });
  const { stdout } = await project.zr("run", "test", "--dry-run").expect({ stdout: anything });
  expect(stdout).toMatch(
    /^level 1\n {2}gen {2}echo gen\n.*test depends on it.*in \. .*'a' == 'a'.*(holds|true)/,
  );
  expect(stdout).toMatch(
    /\nlevel 2\n {2}test {2}echo test\n.*asked for.*in sub .*env\.NOPE == 'x'.*(does not hold|false)/,
  );
});

test("a dry run of a task that would fail its limits reports it as a run would", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.big]\ncmd = "${cmd("big")}"\nresources = { weight = 9 }`,
  });
  await project.zr("run", "big", "-n", "-j2").expect({ code: 3, stderr: /E165/ });
});
