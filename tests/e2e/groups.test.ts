import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILE =
  '[groups.db]\nenv = { HOST = "outer", PORT = "1" }\ntags = ["db"]\ntimeout = "5m"\ncwd = "sub"\n[groups."db.test"]\nenv = { HOST = "inner" }\n[tasks."db.up"]\ncmd = "echo $HOST $PORT $(basename $PWD)"\n[tasks."db.test.up"]\ncmd = "echo $HOST $PORT"\nenv = { PORT = "2" }\n[tasks.dbx]\ncmd = "echo [$HOST]"\n';

test.each([
  ["db.up", "outer 1 sub\n"],
  ["db.test.up", "inner 2\n"],
  ["dbx", "[]\n"],
])(
  "the task %s has the variables of the groups whose name is in front of its own, and prints %p",
  async (name, stdout) => {
    await using project = await makeProject({ "sub/x": "" });
    project.write("zr.toml", FILE);
    await project.zr("run", name, "--output=interleaved").expect({ stdout, stderr: anything });
  },
);

test("tags, time limits and shells of a group are keys of its tasks, which win over them", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", `${FILE}[tasks."db.own"]\ncmd = "true"\ntags = ["own"]\n`);
  const keys = async (name: string): Promise<unknown> =>
    JSON.parse((await project.zr("show", name, "--json").expect({ stdout: anything })).stdout).tasks[0].keys;
  expect(await keys("db.up")).toMatchObject({ tags: ["db"], timeout: "5m" });
  expect(await keys("db.own")).toMatchObject({ tags: ["own"], timeout: "5m" });
});

test("a variable of a group wins over that of the defaults, and loses to a template's; zr show tells the same", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [defaults.tasks]
      env = { A = "defaults", B = "defaults" }
      [groups.db]
      env = { A = "group", C = "group", D = "group" }
      [templates.t]
      env = { D = "template" }
      [tasks."db.up"]
      extends = "t"
      cmd = "echo $A $B $C $D"
    `,
  });
  await project.zr("db.up").expect({ stdout: "group defaults group template\n" });
  const { stdout } = await project.zr("show", "db.up", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout).tasks[0].keys.env).toEqual({
    A: "group",
    B: "defaults",
    C: "group",
    D: "template",
  });
});

test("the variables of a profile win over those of a group, and lose to the task's", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [groups.db]
      env = { A = "group", B = "group", C = "group" }
      [profiles.ci.env]
      A = "profile"
      C = "profile"
      [tasks."db.up"]
      cmd = "echo $A $B $C"
      env = { C = "task" }
    `,
  });
  await project.zr("db.up").expect({ stdout: "group group task\n" });
  await project.zr("db.up", "--profile", "ci").expect({ stdout: "profile group task\n" });
  await project.zr("env", "db.up", "--profile", "ci", "--resolve", "A").expect({
    stdout: `
      A=profile
        group    zr.toml:2  group
      → profile  zr.toml:4  profile
    `,
  });
});

test("groups of a file that is included with a namespace reach its tasks, and no others", async () => {
  await using project = await makeProject({
    "zr.toml": `
      include = { path = "ci.toml", namespace = "ci" }
      [tasks."db.up"]
      cmd = "echo [$HOST]"
    `,
    "ci.toml": `
      [groups.db]
      env = { HOST = "group" }
      [tasks."db.up"]
      cmd = "echo [$HOST]"
    `,
  });
  await project.zr("ci:db.up").expect({ stdout: "[group]\n" });
  await project.zr("db.up").expect({ stdout: "[]\n" });
});

test("a profile of a file that is included with a namespace means the tasks of that namespace first", async () => {
  await using project = await makeProject({
    "zr.toml": `
      include = { path = "ci.toml", namespace = "ci" }
      [tasks.up]
      cmd = "echo [$HOST]"
      [tasks.other]
      cmd = "echo [$HOST]"
    `,
    "ci.toml": `
      [profiles.far.tasks.up]
      env = { HOST = "profile" }
      [profiles.far.tasks.other]
      env = { HOST = "profile" }
      [tasks.up]
      cmd = "echo [$HOST]"
    `,
  });
  await project.zr("ci:up", "--profile", "far").expect({ stdout: "[profile]\n" });
  await project.zr("up", "--profile", "far").expect({ stdout: "[]\n" });
  await project.zr("other", "--profile", "far").expect({ stdout: "[profile]\n" });
});
