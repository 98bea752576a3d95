import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { outcomesOf, startsOf, statesOf } from "./events";

test("ready instances are taken by priority, then longest remaining path, then declaration order", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      first = "true"
      second = "true"
      chained = "true"
      after = { cmd = "true", deps = ["chained"] }
      urgent = { cmd = "true", resources = { priority = 5 } }
      late = { cmd = "true", resources = { priority = -1 } }
    `,
  });
  const { stdout } = await project
    .zr("run", "late", "first", "second", "after", "urgent", "-j1", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["urgent", "chained", "first", "second", "after", "late"]);
});

test("independent instances run at the same time", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"` });
  const run = project.zr("run", "a", "b", "-j2");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  a.exit();
  b.exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("an instance starts when all it depends on has ended, not before", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"\nc = { cmd = "${cmd("c")}", deps = ["a", "b"] }`,
  });
  const run = project.zr("run", "c");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  await a.exit();
  b.print("still busy\n");
  expect(project.command("c").count).toBe(0);
  b.exit();
  await (await project.command("c").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});

const THREE = `
  [tasks]
  bad = "${cmd("bad")}"
  slow = "${cmd("slow")}"
  next = { cmd = "touch next", deps = ["slow"] }
  all = { deps = ["bad", "next"] }
`;

test("a failure with fail_fast stops starting new instances and lets running ones finish", async () => {
  await using project = await makeProject({ "zr.toml": THREE });
  const run = project.zr("run", "all", "--events", "-");
  const [bad, slow] = await Promise.all([
    project.command("bad").started(),
    project.command("slow").started(),
  ]);
  await bad.exit(3);
  await run.waitForOutput(/"id":"bad","outcome"/);
  await slow.exit();
  const { stdout } = await run.expect({ code: 1, stdout: anything, stderr: anything });
  const outcomes = outcomesOf(stdout);
  expect(outcomes["slow"]?.state).toBe("success");
  expect(outcomes["next"]).toMatchObject({ state: "canceled", reason: { kind: "fail-fast", of: "bad" } });
  expect(outcomes["all"]?.state).toMatch(/canceled|blocked/);
  expect(project.exists("next")).toBe(false);
});

test("--kill-on-fail stops running instances too, and the tasks that they have called", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      bad = "${cmd("bad")}"
      slow = "${cmd("slow")}"
      callee = "${cmd("callee")}"
      caller = { cmds = [{ task = "callee" }, "touch went-on"] }
    `,
  });
  const run = project.zr("run", "bad", "slow", "caller", "--kill-on-fail", "--events", "-", "-j4");
  const [bad, slow, callee] = await Promise.all(
    ["bad", "slow", "callee"].map((name) => project.command(name).started()),
  );
  await bad?.exit(1);
  await Promise.all([slow?.closed, callee?.closed]);
  const { stdout } = await run.expect({ code: 1, stdout: anything, stderr: anything });
  expect(
    Object.fromEntries(Object.entries(outcomesOf(stdout)).map(([id, { state }]) => [id, state])),
  ).toEqual({
    bad: "failed",
    slow: "canceled",
    "callee@caller": "canceled",
    caller: "canceled",
  });
  expect(project.exists("went-on")).toBe(false);
});

test("--keep-going runs everything whose upstreams succeeded, as fail_fast = false does", async () => {
  const files = {
    "zr.toml": `[tasks]\nbad = "exit 1"\nup = { cmd = "true", deps = ["bad"] }\ngood = "true"\nafter = { cmd = "true", deps = ["good"] }`,
  };
  await using project = await makeProject(files);
  const expected = { bad: "failed", up: "blocked", good: "success", after: "success" };
  expect(await statesOf(project, "up", "after", "-j1", "--keep-going")).toEqual(expected);
  expect(await statesOf(project, "up", "after", "-j1", "-k")).toEqual(expected);
  project.write("zr.toml", `[global]\nfail_fast = false\n${files["zr.toml"]}`);
  expect(await statesOf(project, "up", "after", "-j1")).toEqual(expected);
});

test("every instance ends in exactly one of the seven states", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      success = "true"
      cached = { cmd = "false", status = "true" }
      skipped = { cmd = "false", condition = "false" }
      failed = "false"
      timed_out = { cmd = "sleep 60", timeout = "20ms" }
      canceled = { cmd = "true", resources = { priority = -9 } }
      blocked = { cmd = "true", deps = ["failed"] }
    `,
  });
  const names = ["success", "cached", "skipped", "failed", "timed_out", "blocked"];
  expect(await statesOf(project, ...names, "-k")).toEqual(
    Object.fromEntries(names.map((name) => [name, name])),
  );
  expect(await statesOf(project, "canceled", "failed", "-j1")).toEqual({
    failed: "failed",
    canceled: "canceled",
  });
});

test("allow_failure is reported, dependents go on, and the run succeeds", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nflaky = { cmd = "exit 4", allow_failure = true }\nafter = { cmd = "echo after", deps = ["flaky"] }`,
  });
  await project
    .zr("run", "after", "--raw")
    .expect({ stdout: "after\n", stderr: /flaky +failed \(allowed\): exit code 4/ });
});

test("without recorded durations the ready queue counts every instance on the remaining path as one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      short = "true"
      l1 = "true"
      l2 = { cmd = "true", deps = ["l1"] }
      l3 = { cmd = "true", deps = ["l2"] }
    `,
  });
  const { stdout } = await project
    .zr("run", "short", "l3", "-j1", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout).slice(0, 2)).toEqual(["l1", "l2"]);
});

test("an instance that does not fit never keeps a later one waiting", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      one = "${cmd("one")}"
      wide = { cmd = "${cmd("wide")}", resources = { weight = 2 } }
      two = "${cmd("two")}"
    `,
  });
  const run = project.zr("run", "one", "wide", "two", "-j2");
  const [one, two] = await Promise.all([project.command("one").started(), project.command("two").started()]);
  expect(project.command("wide").count).toBe(0);
  one.exit();
  two.exit();
  await (await project.command("wide").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});
