import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { notOn, testUnless } from "#tests/support/left-out";

const noPty = notOn("linux", "darwin");

testUnless(noPty)(
  "pty = true gives the commands a terminal, whose output is recorded with plain line ends",
  async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\npty = true`,
    });
    const run = project.zr("run", "a");
    const a = await project.command("a").started();
    expect(a.terminals).toEqual([true, true, true]);
    await a.print("one\n10 %\r100 %\n");
    await a.print("three\n", "stderr");
    a.exit();
    await run.expect({ stdout: "one\n10 %\r100 %\nthree\n" });
    await project.zr("logs").expect({ stdout: /one\n10 %\r100 %\nthree\n$/ });
  },
);

testUnless(noPty)("there is nothing to be read from the terminal of a task", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "cat; tty -s && echo on a terminal; stty size"\npty = true`,
  });
  await project.zr("run", "a").expect({ stdout: "on a terminal\n24 80\n" });
});

testUnless(noPty)("the terminal of a task is as large as the user's, and follows it", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "stty size; trap 'stty size' WINCH; ${cmd("a")}; ${cmd("a")}"\npty = true`,
  });
  const terminal = await project.terminal({ cols: 50, rows: 12 }, "run", "a");
  const first = await project.command("a").started();
  await terminal.waitForScreen("12 50");
  await first.trap("SIGWINCH");
  terminal.resize(70, 20);
  // The shell gets it with its child, and sees to it when that has ended.
  await first.signalled("SIGWINCH");
  await first.exit();
  await terminal.waitForScreen("20 70");
  (await project.command("a").started()).exit();
  expect((await terminal.exited).code).toBe(0);
});

testUnless(noPty)(
  "what a task with a terminal leaves running ends with it, and secrets are masked",
  async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.a]\ncmd = "echo $TOKEN; sleep 100 & echo left"\npty = true\nsecrets = ["TOKEN"]`,
    });
    await project
      .zrWith({ env: { TOKEN: "hunter2-hunter2" } }, "run", "a")
      .expect({ stdout: /^\*+\nleft\n$/ });
    expect(project.processes()).toEqual([]);
  },
);

testUnless(noPty)("a task with a terminal is stopped, timed out and fails as any other", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nslow = { cmd = "sleep 100", pty = true, timeout = "200ms" }\nbad = { cmd = "exit 3", pty = true }\nnone = { cmd = ["no-such-program"], pty = true }\nwait = { cmd = "${cmd("wait")}", pty = true }`,
  });
  await project.zr("run", "slow").expect({ code: 124, stderr: /timed out/ });
  await project.zr("run", "bad").expect({ code: 3, stderr: /bad failed: exit code 3/ });
  await project.zr("run", "none").expect({ code: 127, stderr: /no-such-program/ });
  const run = project.zr("run", "wait");
  const wait = await project.command("wait").started();
  run.kill("SIGTERM");
  await wait.closed;
  await run.expect({ code: 143, stderr: anything });
});

testUnless(noPty)("a slow reader holds back a task with a terminal, and loses nothing", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "seq 1 600000"\npty = true`,
  });
  const { stdout } = await project.zr("run", "a").expect({ stdout: anything });
  const lines = stdout.split("\n");
  expect(lines).toHaveLength(600_001);
  expect(lines.every((line, index) => line === (index === 600_000 ? "" : String(index + 1)))).toBe(true);
});

test("a terminal that would have no effect is told of before anything runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      own = { cmd = "true", pty = true, interactive = true }
      in = { cmd = "true", pty = true, io = { stdin = "inherit" } }
      err = { cmd = "true", pty = true, io = { stderr = "null" } }
    `,
  });
  for (const [task, why] of [
    ["own", "it is interactive, and has the terminal itself"],
    ["in", "its stdin goes elsewhere"],
    ["err", "its stderr goes elsewhere"],
  ] as const)
    await project
      .zr("run", task)
      .expect({ code: 3, stderr: new RegExp(`'pty' of task '${task}' has no effect: ${why}`) });
});
