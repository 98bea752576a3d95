import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const FILES = {
  "zr.toml": `
    [tasks]
    lint = "echo lint"
    deploy = "test -e ready"
    smoke = { cmd = "echo smoke", matrix = { at = ["eu", "us"] } }
    [profiles.ci.env]
    CI_RUN = "1"
    [workflows.ship]
    steps = [
      { run = "lint" },
      { run = "deploy" },
      { run = "smoke", name = "look whether it is there", condition = "stages.deploy.success" },
    ]
    [workflows.idle]
    steps = [{ run = "lint", condition = "false" }]
  `,
};

const linesFrom = (text: string, begin: string): string[] => {
  const lines = text.trimEnd().split("\n");
  return lines.slice(lines.findIndex((line) => line.startsWith(begin)));
};

test("the summary of a workflow that failed says so by name and ends with the command that goes on with it", async () => {
  await using project = await makeProject(FILES);
  const { stderr } = await project
    .zr("workflow", "ship", "--profile=ci")
    .expect({ code: 1, stdout: anything, stderr: anything });
  const lines = linesFrom(stderr, "✗ workflow");
  expect(lines[0]).toMatch(/^✗ workflow ship failed · 2 tasks: 1 ok, 1 failed · /);
  const resume = /^ {2}resume {2}zr (workflow ship --profile=ci --resume \S+)$/.exec(lines.at(-1) ?? "")?.[1];
  project.write("ready", "");
  const again = await project.zr(...(resume ?? "").split(" ")).expect({ stdout: anything, stderr: anything });
  expect(linesFrom(again.stderr, "✓ workflow")[0]).toMatch(/^✓ workflow ship ok · \d tasks: /);
  expect(again.stderr).not.toContain("resume");
});

test("the command to go on has the name that the workflow was asked for by", async () => {
  await using project = await makeProject({
    "zr.toml": `[workspace]\nmembers = ["web"]`,
    "web/zr.toml": `[tasks]\na = "exit 1"\n[workflows.ship]\nsteps = [{ run = "a" }]`,
  });
  const { stderr } = await project
    .zr("workflow", "web:ship")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stderr).toMatch(/\n {2}resume {2}zr workflow web:ship --resume \S+\n$/);
});

test("stages have their time before the text, so that a long reason moves nothing", async () => {
  await using project = await makeProject(FILES);
  project.write("ready", "");
  const shown = await project
    .zr("workflow", "ship", "--from=look whether it is there")
    .expect({ stdout: anything, stderr: anything });
  const [, lint = "", , smoke = ""] = linesFrom(shown.stderr, "✓ workflow");
  expect(lint).toMatch(/^ {2}✓ lint {22}ok {3,}not asked for$/);
  expect(smoke).toMatch(/^ {2}✓ look whether it is there {2}ok {2}\S+ {2}2 ok$/);
  expect(smoke.indexOf("2 ok")).toBe(lint.indexOf("not asked for"));
});

test("one task is one task, and where nothing was to be done no tasks are counted", async () => {
  await using project = await makeProject(FILES);
  const idle = await project.zr("workflow", "idle").expect({ stderr: anything });
  expect(idle.stderr).toMatch(/\n✓ workflow idle ok · \S+\n {2}○ lint {2}skipped {2}\S/);
  const one = await project
    .zr("workflow", "ship", "--only", "lint", "--quiet")
    .expect({ stdout: anything, stderr: anything });
  expect(one.stderr).toMatch(/^✓ workflow ship ok · 1 task: 1 ok · [^\n]*\n$/);
});

test("an interrupted workflow says what interrupted it, and how to go on", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nwork = "${cmd("work")}"\n[workflows.ship]\nsteps = [{ run = "work" }]`,
  });
  const run = project.zr("workflow", "ship");
  const work = await project.command("work").started();
  run.kill("SIGTERM");
  await work.closed;
  const { stderr } = await run.expect({ code: 143, stdout: anything, stderr: anything });
  const lines = linesFrom(stderr, "■ workflow");
  expect(lines[0]).toMatch(/^■ workflow ship interrupted by SIGTERM · 1 task: 1 canceled · /);
  expect(lines.at(-1)).toMatch(/^ {2}resume {2}zr workflow ship --resume \S+$/);
});

test("what failed in a workflow is not said to be run again by its name alone", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "exit 1"
      [[workflows.ship.stages]]
      tasks = ["a"]
      for_each = ["eu"]
    `,
  });
  const { stderr } = await project
    .zr("workflow", "ship")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stderr).toContain("\n  command  exit 1\n");
  expect(stderr).not.toMatch(/^ {2}again/m);
});

test("where no stage is left to be done, no command to go on is told", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      good = "true"
      bad = "exit 1"
      [workflows.untidy]
      steps = [{ run = "good" }]
      finally = "bad"
      [[workflows.lenient.stages]]
      tasks = ["bad"]
      allow_failure = true
    `,
  });
  const untidy = await project.zr("workflow", "untidy").expect({ code: 1, stderr: anything });
  expect(untidy.stderr).toContain("\n✗ workflow untidy failed · 2 tasks: 1 ok, 1 failed");
  const lenient = await project.zr("workflow", "lenient").expect({ stderr: anything });
  expect(lenient.stderr).toContain("\n✓ workflow lenient ok · 1 task: 1 failed");
  expect(untidy.stderr + lenient.stderr).not.toContain("resume");
});
