import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [tasks]
    build = "echo build"
    [workflows.release]
    inputs = [
      { name = "version" },
      { name = "count", type = "number", default = 1 },
    ]
    steps = [{ run = "build" }]
    [[workflows.nightly.stages]]
    name = "compile"
    tasks = ["build"]
    [[workflows.nightly.stages]]
    name = "again"
    tasks = ["build"]
  `,
};

test.each([
  "release",
  "run release",
  "run build release",
  "show release",
  "explain release",
  "graph release",
  "which release",
])("a workflow where a task is asked for is told how it is run: zr %s", async (words) => {
  await using project = await makeProject(FILES);
  const { stderr } = await project.zr(...words.split(" ")).expect({ code: 2, stderr: anything });
  expect(stderr).toMatch(/^error\[E1(60|81)\]: [^\n]*'release'/);
  expect(stderr).toContain("did you mean 'zr workflow release'?");
});

test("the name of a workflow that is nearly right is suggested with its command, a task's name first", async () => {
  await using project = await makeProject(FILES);
  const { stderr } = await project.zr("relaese").expect({ code: 2, stderr: anything });
  expect(stderr).toContain("did you mean 'zr workflow release'?");
});

test("what a file refers to is a task, so that no command is suggested there", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "true", deps = ["release"] }
      b = "true"
      [workflows.release]
      steps = [{ run = "b" }]
    `,
  });
  const { stderr } = await project.zr("run", "a").expect({ code: 3, stderr: anything });
  expect(stderr).toStartWith("error[E130]");
  expect(stderr).not.toContain("zr workflow");
});

test("without a name, or with one that is like none, the workflows and stages that there are are listed", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workflow").expect({
    code: 2,
    stderr: "error[E184]: 'zr workflow' needs the name of a workflow\n  = workflows here: release, nightly\n",
  });
  await project.zr("workflow", "zzz").expect({
    code: 2,
    stderr: /^error\[E264\][^\n]*\n {2}= workflows here: release, nightly\n$/,
  });
  await project.zr("workflow", "nightly", "--from=zzz").expect({
    code: 2,
    stderr: /^error\[E265\][^\n]*\n {2}= stages: compile, again\n$/,
  });
  await using empty = await makeProject({ "zr.toml": "" });
  await empty.zr("workflow").expect({
    code: 2,
    stderr: "error[E184]: 'zr workflow' needs the name of a workflow\n",
  });
});

test("arguments behind -- are refused, since a workflow has nobody to give them to", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workflow", "release", "--", "x").expect({
    code: 2,
    stderr: "error[E185]: 'zr workflow' takes no argument 'x'\n",
  });
});

test("too many values for the inputs, and a value that does not fit, are told at the declaration", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workflow", "release", "1", "2", "3", "4").expect({
    code: 2,
    stderr: [
      "error[E269]: workflow 'release': too many values: '3'\n",
      "error[E269]: workflow 'release': too many values: '4'\n",
    ].join("\n"),
  });
  await project.zr("workflow", "release", "1", "x").expect({
    code: 2,
    stderr: `
      error[E269]: input 'count' of workflow 'release': 'x' is not allowed: a number
        ┌─ zr.toml:6:3
       6│   { name = "count", type = "number", default = 1 },
        │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    `,
  });
});
