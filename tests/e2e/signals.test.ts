import { expect, test } from "bun:test";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { outcomesOf } from "./events";

test("the first Ctrl-C stops all, runs finally tasks, prints the summary and exits 130; SIGTERM the same with 143", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "${cmd("a")}", finally = "clean" }
      b = "${cmd("b")}"
      c = { cmd = "touch c", deps = ["a"] }
      clean = "echo cleaned"
    `,
  });
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    const run = project.zr("run", "b", "c", "--raw");
    const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
    run.kill(signal);
    await Promise.all([a.closed, b.closed]);
    await run.expect({
      code,
      stdout: "cleaned\n",
      stderr: new RegExp(`3 canceled.*interrupted by ${signal}`),
    });
  }
  expect(project.exists("c")).toBe(false);
});

test("Ctrl-C reaches tasks as their stop signal, once, though the terminal sends it to the whole foreground group", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ngrace_period = "1h"`,
  });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  await a.trap("SIGTERM", "SIGINT");
  run.killGroup("SIGINT");
  await a.signalled("SIGTERM");
  a.exit(0);
  await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect(a.signals).toEqual(["SIGTERM"]);
});

test("the second Ctrl-C kills everything at once, clean-ups too", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "${cmd("a")}", grace_period = "1h", finally = "clean" }\nclean = "${cmd("clean")}"\nb = { cmd = "${cmd("b")}", finally = "clean" }`,
  });
  const run = project.zr("run", "a", "b", "--events", "-");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  await Promise.all([a.trap("SIGTERM"), b.trap("SIGTERM")]);
  run.kill("SIGINT");
  await Promise.all([a.signalled("SIGTERM"), b.signalled("SIGTERM")]);
  run.kill("SIGINT");
  await Promise.all([a.closed, b.closed]);
  const { stdout } = await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect(project.command("clean").count).toBe(0);
  expect(outcomesOf(stdout)["a"]).toMatchObject({ state: "canceled", reason: { kind: "interrupt" } });
});

test("a second Ctrl-C during a clean-up kills the clean-up", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "${cmd("a")}", finally = "clean" }\nclean = "${cmd("clean")}"`,
  });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  run.kill("SIGINT");
  await a.closed;
  const clean = await project.command("clean").started();
  await clean.trap("SIGTERM");
  run.kill("SIGINT");
  await clean.closed;
  await run.expect({ code: 130, stdout: anything, stderr: anything });
});

test("the first Ctrl-C lets a clean-up that runs already go on", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "true", finally = "clean" }\nclean = "${cmd("clean")}"\nb = { cmd = "${cmd("b")}", grace_period = "1h" }`,
  });
  const run = project.zr("run", "a", "b", "--raw");
  const [clean, b] = await Promise.all([project.command("clean").started(), project.command("b").started()]);
  await b.trap("SIGTERM");
  run.kill("SIGINT");
  // The interrupt has been heard.
  await b.signalled("SIGTERM");
  clean.print("still cleaning\n");
  clean.exit();
  b.exit();
  await run.expect({ code: 130, stdout: "still cleaning\n", stderr: anything });
});

test("Ctrl-C at any moment of a run leaves no process behind", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "sleep 1000 & sleep 1000"
      b = { cmd = "sh -c 'trap \\"\\" TERM; sleep 1000'", grace_period = "10ms" }
      c = "setsid sleep 1000"
      d = { cmd = "true", deps = ["e"] }
      e = "true"
      all = { deps = ["a", "b", "c", "d"] }
    `,
  });
  const rounds = Array.from({ length: 50 }, (_, round) => round);
  for (let at = 0; at < rounds.length; at += 5) {
    const codes = rounds.slice(at, at + 5).map(async (round) => {
      const run = project.zr("run", "all", "--events", "-");
      // Each round a little further into the run, the last ones when all are under way.
      const marks = [
        /run\.started/,
        /instance\.queued/,
        /instance\.started/,
        /"id":"b","attempt"/,
        /"id":"d","outcome"/,
      ];
      await run.waitForOutput(marks[round % marks.length] ?? "");
      run.kill("SIGINT");
      return (await run.result()).code;
    });
    expect(new Set(await Promise.all(codes))).toEqual(new Set([130]));
  }
  expect(project.processes()).toEqual([]);
});

test("a signal before anything has started ends zr at once", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"` });
  const run = project.zr("run", "a");
  run.kill("SIGINT");
  const { code, signal } = await run.result();
  expect(code === 130 || signal === "SIGINT").toBe(true);
  expect(project.processes()).toEqual([]);
});

test("a timeout stops the task's whole tree and ends it as timed_out with 124", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ntimeout = "3s"\ngrace_period = "300ms"`,
  });
  const run = project.zr("run", "a");
  // Two programs are started one after the other before the time is up.
  const a = await project.command("a").started();
  const grandchild = await a.fork({ detached: true, holdsOutput: false });
  await Promise.all([a.signalled("SIGTERM"), a.closed, grandchild.closed]);
  await run.expect({ code: 124, stdout: anything, stderr: /timed out/ });
  expect(isAlive(grandchild.pid)).toBe(false);
});

test("--timeout stops the whole run, lets clean-ups run, and exits 124", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "sleep 1000", finally = "clean" }\nclean = "echo cleaned"\nb = { cmd = "touch b", deps = ["a"] }`,
  });
  await project
    .zr("run", "b", "--timeout", "2s", "--raw")
    .expect({ code: 124, stdout: "cleaned\n", stderr: anything });
  expect(project.exists("b")).toBe(false);
});

test("declining to stop does not help: SIGKILL follows --timeout too", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "trap '' TERM; sleep 1000; sleep 1000"\ngrace_period = "20ms"`,
  });
  await project.zr("run", "a", "--timeout", "2s").expect({ code: 124, stdout: anything, stderr: anything });
  expect(project.processes()).toEqual([]);
});
