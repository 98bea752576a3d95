import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { startsOf } from "./events";

const WORKSPACE = {
  "zr.toml": `
    [workspace]
    members = ["app", "lib", "tool"]
    [workspace.dependencies]
    app = ["lib"]
    [tasks.hello]
    cmd = "echo hello"
    [tasks.all]
    deps = ["*:build"]
    [tasks.fast]
    deps = ["tag:quick#build"]
    [tasks.one]
    deps = ["lib:build"]
  `,
  "app/zr.toml": `
    [package]
    name = "app"
    [tasks.build]
    cmd = "echo app"
    deps = ["^build"]
    [tasks.root]
    deps = ["//:hello"]
  `,
  "lib/zr.toml": `
    [package]
    name = "lib"
    tags = ["quick"]
    [tasks.build]
    cmd = "echo lib"
    tags = ["quick"]
  `,
  "tool/zr.toml": `
    [package]
    name = "tool"
    [tasks.build]
    cmd = "echo tool"
  `,
};

const starts = async (cwd: string, ...args: readonly string[]): Promise<string[]> => {
  await using project = await makeProject(WORKSPACE);
  const { stdout } = await project
    .zrWith({ cwd }, "run", ...args, "-j1", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  return startsOf(stdout);
};

test("a reference names a task here, in a package, in all packages, in those of a tag, or in those depended on", async () => {
  expect(await starts(".", "one")).toEqual(["lib:build"]);
  expect(await starts("app", "build")).toEqual(["lib:build", "app:build"]);
  expect((await starts(".", "all")).toSorted()).toEqual(["app:build", "lib:build", "tool:build"]);
  expect(await starts(".", "fast")).toEqual(["lib:build"]);
  expect(await starts("app", "root")).toEqual(["hello"]);
  expect(await starts("tool", "app:build")).toEqual(["lib:build", "app:build"]);
});

test("a reference to a task that is not there is an error at its place with suggestions", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.deploy]
      cmd = "true"
      deps = ["biuld"]
      [tasks.build]
      cmd = "true"
    `,
  });
  await project.zr("run", "build").expect({
    code: 3,
    stderr: /dependency 'biuld' of task 'deploy' does not exist[^]*zr\.toml:3:9[^]*did you mean 'build'\?/,
  });
});

test("a package that is called by its path is suggested where the last part of it was meant", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["packages/*"]
      [tasks]
      all = "true"
    `,
    "packages/two/zr.toml": `
      [tasks]
      start = "true"
    `,
  });
  for (const word of ["two:start", "two:strat", "tow:start"])
    await project.zr("run", word).expect({
      code: 2,
      stderr: /no task '.*'[^]*did you mean 'packages\/two:start'\?/,
    });
});

test("an optional dependency that is not there is left out, one whose condition is false too", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo a"
      deps = [{ task = "none", optional = true }, { task = "b", if = "env.WITH_B == '1'" }]
      [tasks.b]
      cmd = "echo b"
    `,
  });
  await project.zr("run", "a").expect({ stdout: "a\n", stderr: anything });
  await project
    .zrWith({ env: { WITH_B: "1" } }, "run", "a", "--raw")
    .expect({ stdout: "b\na\n", stderr: anything });
});

test("--only leaves out what a task depends on", async () => {
  await using project = await makeProject({
    "zr.toml": `tasks.a = { cmd = "echo a", deps = ["b"] }\ntasks.b = "echo b"`,
  });
  await project.zr("run", "a", "--only").expect({ stdout: "a\n" });
});

test("deps_serial run one after the other, after deps, and a failure skips the rest", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo a"
      deps = ["d"]
      deps_serial = ["z", "y", "x"]
      [tasks]
      d = "echo d"
      x = "echo x"
      y = "echo y; exit \${vars.code}"
      z = "echo z"
      [vars]
      code = 0
    `,
  });
  await project.zr("run", "a", "--raw", "-j4").expect({ stdout: "d\nz\ny\nx\na\n", stderr: anything });
  await project
    .zr("run", "a", "--raw", "-k", "--set", "code=4")
    .expect({ code: 1, stdout: "d\nz\ny\n", stderr: /⊘ x +blocked: y failed/ });
});

test("wait_for only orders what is in the plan anyway", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo a"
      wait_for = ["b"]
      [tasks.b]
      cmd = "echo b; exit 1"
    `,
  });
  await project.zr("run", "a").expect({ stdout: "a\n" });
  const { stdout } = await project
    .zr("run", "a", "b", "-k", "--raw")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stdout).toBe("b\na\n");
});

test("a pattern task is reached by every name that fits, an exact name wins", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks."serve:*"]
      cmd = "echo star \${match.0}"
      [tasks."serve:db"]
      cmd = "echo exact"
      [tasks.both]
      deps_serial = ["serve:web", "serve:db"]
    `,
  });
  await project.zr("run", "both", "--raw").expect({ stdout: "star web\nexact\n", stderr: anything });
});

test.each([
  ["tag:web#build", "tag:wep#build"],
  ["tag:web#build", "tag:web#biuld"],
  [undefined, "tag:nothing#build"],
])(
  "a hint, %p, is about the tag where no package has it, and never what is written: %s",
  async (meant, name) => {
    await using project = await makeProject({
      "zr.toml": `
      [workspace]
      members = ["app"]
      [tasks]
      all = { deps = ["${name}"] }
      build = "echo"
    `,
      "app/zr.toml": '[package]\ntags = ["web"]\n[tasks]\nbuild = "echo"',
    });
    const { stderr } = await project.zr("validate").expect({ code: 3, stdout: anything, stderr: anything });
    expect(/did you mean '(.*)'/.exec(stderr)?.[1]).toBe(meant);
  },
);

test.each([
  ["a dependency on a task of the root", "app:needs", "//:lint"],
  ["a task of the root that is asked for in a package", "lint", "//:lint"],
  ["a misspelled task of the root", "//:lnit", "//:lint"],
  ["a misspelled task of the package by its whole name", "app:buidl", "app:build"],
])("%s is hinted at by a name that means it there", async (_, asked, meant) => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["app"]\n[tasks]\nlint = "echo"',
    "app/zr.toml": `[package]\nname = "app"\n[tasks]\nbuild = "echo"\n${asked === "app:needs" ? 'needs = { cmd = "echo", deps = ["lint"] }' : ""}`,
  });
  const { stderr } = await project
    .zr("run", "-C", "app", asked)
    .expect({ code: asked === "app:needs" ? 3 : 2, stdout: anything, stderr: anything });
  expect(/did you mean '(.*)'/.exec(stderr)?.[1]).toBe(meant);
});
