import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { statesOf } from "./workflow-events";

test("tasks in turn need nothing of each other: a failure that is no end lets the next one run, and none is in another's key", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      bad = "exit 1"
      good = "echo good"
      a = { cmd = "echo a", inputs = ["a.txt"], cache = true }
      b = { cmd = "echo b", inputs = ["b.txt"], cache = true }
      [[workflows.on.stages]]
      tasks = ["bad", "good"]
      parallel = false
      fail_fast = false
      [[workflows.cached.stages]]
      tasks = ["a", "b"]
      parallel = false
    `,
    "a.txt": "1",
    "b.txt": "1",
  });
  expect(await statesOf(project, "on")).toEqual({ bad: "failed", good: "success" });
  await project.zr("run", "a", "b").expect({ stdout: anything, stderr: anything });
  expect(await statesOf(project, "cached")).toEqual({ a: "cached", b: "cached" });
  project.write("a.txt", "2");
  expect(await statesOf(project, "cached")).toEqual({ a: "success", b: "cached" });
});

test("a task that a stage names twice has one turn", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "echo a"
      b = "echo b"
      [[workflows.ship.stages]]
      tasks = ["a", "b", "a"]
      parallel = false
    `,
  });
  await project.zr("workflow", "ship", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
});

const GROUP = `
  [tasks]
  a = "${cmd("a")}"
  [workflows.in-turn]
  concurrency = "deploy"
  inputs = [{ name = "number" }]
  steps = [{ run = "a" }]
  [workflows.hasty]
  concurrency = { group = "deploy", cancel_in_progress = true }
  inputs = [{ name = "number" }]
  steps = [{ run = "a" }]
`;

test("runs that wait for their turn in a group get it in the order in which they came", async () => {
  await using project = await makeProject({ "zr.toml": GROUP });
  const first = project.zr("workflow", "in-turn");
  const running = await project.command("a").started();
  const ended: number[] = [];
  const waiting: Promise<unknown>[] = [];
  for (const number of [2, 3, 4, 5]) {
    const run = project.zr("workflow", "in-turn");
    await run.waitForOutput("waiting for run");
    waiting.push(run.expect({ stderr: anything }).then(() => ended.push(number)));
  }
  running.exit();
  await first.expect({ stderr: anything });
  for (const _ of waiting) {
    const before = ended.length;
    (await project.command("a").started()).exit();
    await waiting[before];
  }
  expect(ended).toEqual([2, 3, 4, 5]);
});

test("with cancel_in_progress the newest run stops those that still wait, too: no older one comes after it", async () => {
  await using project = await makeProject({ "zr.toml": GROUP });
  const first = project.zr("workflow", "in-turn");
  const running = await project.command("a").started();
  const second = project.zr("workflow", "in-turn");
  await second.waitForOutput("waiting for run");
  const newest = project.zr("workflow", "hasty");
  await running.closed;
  await first.expect({ code: 143, stderr: anything });
  await second.expect({ code: 143, stderr: anything });
  (await project.command("a").started()).exit();
  await newest.expect({ stderr: anything });
  expect(project.command("a").count).toBe(2);
});

test("a run that was killed while it waited is in nobody's way", async () => {
  await using project = await makeProject({ "zr.toml": GROUP });
  const first = project.zr("workflow", "in-turn");
  const running = await project.command("a").started();
  const killed = project.zr("workflow", "in-turn");
  await killed.waitForOutput("waiting for run");
  killed.kill("SIGKILL");
  await killed.result();
  running.exit();
  await first.expect({ stderr: anything });
  const next = project.zr("workflow", "in-turn");
  (await project.command("a").started()).exit();
  await next.expect({ stderr: anything });
});
