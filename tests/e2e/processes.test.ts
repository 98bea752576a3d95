import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { isAlive, processGroupOf } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { notOn, testUnless } from "#tests/support/left-out";

const parentOf = (pid: number): number =>
  Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1]);

test("every child leads its own process group", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"` });
  const run = project.zr("run", "a", "b");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  expect([processGroupOf(a.pid), processGroupOf(b.pid)]).toEqual([a.pid, b.pid]);
  a.exit();
  b.exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("a stop reaches the whole tree: grandchildren that ignore TERM, that re-parented, and that left the session", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ngrace_period = "20ms"`,
  });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const stubborn = await a.fork();
  const away = await a.fork({ detached: true, holdsOutput: false });
  const orphan = await stubborn.fork({ detached: true });
  await stubborn.killSelf();
  run.kill("SIGINT");
  await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect([a.pid, away.pid, orphan.pid].filter(isAlive)).toEqual([]);
  expect(project.processes()).toEqual([]);
});

test("what a command leaves running in its group ends with it", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "sleep 1000 & echo started"` });
  await project.zr("run", "a").expect({ stdout: "started\n" });
  expect(project.processes()).toEqual([]);
});

testUnless(notOn("linux"))("the children die if zr itself is killed by SIGKILL", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"` });
  const run = project.zr("run", "a", "b");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  const away = await a.fork({ detached: true, holdsOutput: false });
  run.kill("SIGKILL");
  await Promise.all([a.closed, b.closed, away.closed]);
  expect(project.processes()).toEqual([]);
});

test("the stop sequence is the stop signal to the group, the grace period, then SIGKILL", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.polite]
      cmd = "${cmd("polite")}"
      stop_signal = "INT"
      [tasks.stubborn]
      cmd = "${cmd("stubborn")}"
      stop_signal = "USR1"
      grace_period = "60ms"
    `,
  });
  const run = project.zr("run", "polite", "stubborn");
  const [polite, stubborn] = await Promise.all([
    project.command("polite").started(),
    project.command("stubborn").started(),
  ]);
  await stubborn.trap("SIGUSR1");
  run.kill("SIGTERM");
  await polite.signalled("SIGINT");
  await stubborn.signalled("SIGUSR1");
  await stubborn.closed;
  expect(stubborn.signals).toEqual(["SIGUSR1"]);
  await run.expect({ code: 143, stdout: anything, stderr: anything });
});

test("a child that stops by itself within the grace period is not killed", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ngrace_period = "1h"`,
  });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  await a.trap("SIGTERM");
  run.kill("SIGINT");
  await a.signalled("SIGTERM");
  a.print("last words\n");
  a.exit(0);
  await run.expect({ code: 130, stdout: "last words\n", stderr: anything });
});

test("tasks that are not interactive get no stdin", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "cat; echo end"\nb = { cmd = "cat", interactive = true }`,
  });
  await project.zrWith({ stdin: "for somebody else" }, "run", "a").expect({ stdout: "end\n" });
  await project.zrWith({ stdin: "for this one" }, "run", "b").expect({ stdout: "for this one" });
});

test("interactive tasks get the real terminal, and its Ctrl-C is theirs to decide on", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ninteractive = true\n[tasks.b]\ncmd = "${cmd("b")}"`,
  });
  const terminal = await project.terminal({}, "run", "a");
  const a = await project.command("a").started();
  expect(a.terminals).toEqual([true, true, true]);
  terminal.type("hello\n");
  expect(await a.readLine()).toBe("hello\n");
  await a.trap("SIGINT", "SIGTERM");
  terminal.press("ctrl-c");
  await a.signalled("SIGINT");
  a.exit(5);
  expect((await terminal.exited).code).toBe(5);
  expect(a.signals).toEqual(["SIGINT"]);
  const other = await project.terminal({}, "run", "b");
  const b = await project.command("b").started();
  expect(b.terminals).toEqual([false, false, false]);
  b.exit();
  expect((await other.exited).code).toBe(0);
});

test("a simple command is executed directly, without a shell, and shell set explicitly turns that off", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      direct = "${cmd("direct")}"
      shelled = { cmd = "${cmd("shelled")}; true", shell = "sh" }
      explicit = { cmd = "${cmd("explicit")} | cat" }
      chosen = { cmd = "echo $0", shell = ["sh", "-c"] }
    `,
  });
  const run = project.zr("run", "direct");
  const direct = await project.command("direct").started();
  expect(parentOf(direct.pid)).toBe(run.pid);
  direct.exit();
  await run.expect();
  const other = project.zr("run", "shelled");
  const shelled = await project.command("shelled").started();
  expect(parentOf(shelled.pid)).not.toBe(other.pid);
  shelled.exit();
  await other.expect();
});

test("an explicit shell sees even a simple command", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "echo hi"\nshell = ["./loud"]\n[tasks.b]\ncmd = "echo hi"`,
    loud: `
      #!/bin/sh
      echo "shell got: $1"
    `,
  });
  Bun.spawnSync(["chmod", "+x", project.path("loud")]);
  await project.zr("run", "a").expect({ stdout: "shell got: echo hi\n" });
  await project.zr("run", "b").expect({ stdout: "hi\n" });
  project.write("zr.toml", `[global]\nshell = ["./loud"]\n[tasks.b]\ncmd = "echo hi"`);
  await project.zr("run", "b").expect({ stdout: "shell got: echo hi\n" });
});

test("a directly executed command means what it means in a shell: not found is 127, not executable 126, a script without #! runs", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nnone = "no-such-program-here"\nplain = "./plain"\nscript = "./script a b"\nargv = { cmd = ["./script", "a b", "$HOME"] }`,
    plain: "x",
    script: 'echo "$# $1"\n',
  });
  Bun.spawnSync(["chmod", "+x", project.path("script")]);
  await project.zr("run", "none").expect({ code: 127, stderr: anything });
  await project.zr("run", "plain").expect({ code: 126, stderr: anything });
  await project.zr("run", "script").expect({ stdout: "2 a\n" });
});

test("a script with #! runs under its interpreter from a temporary file that is removed, also after a failure", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.ok]
      script = '''
      #!/usr/bin/env sh
      echo "$0"
      echo "got $1"
      '''
      [tasks.bad]
      script = '''
      echo "$0"
      exit 3
      '''
    `,
  });
  const { stdout } = await project.zr("run", "ok", "--", "it").expect({ stdout: /\ngot it\n$/ });
  const bad = await project.zr("run", "bad").expect({ code: 3, stdout: anything, stderr: anything });
  for (const path of [stdout.split("\n")[0] ?? "", bad.stdout.trim()]) {
    expect(path).toContain("/.zr/run/");
    expect(await Bun.file(path).exists()).toBe(false);
  }
});

test("a working folder that does not exist is told as such", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "echo"\ncwd = "nowhere"` });
  await project.zr("run", "a").expect({ code: 1, stderr: /working folder .*nowhere does not exist/ });
});

test("io sends streams to files, appends to them, or drops them, still recorded", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      write = { cmd = "echo out; echo err >&2", io = { stdout = "file:out.txt", stderr = "file:err.txt" } }
      append = { cmd = "echo more", io = { stdout = "file+:out.txt" } }
      drop = { cmd = "echo out; echo err >&2", io = { stdout = "null" } }
      read = { cmd = "cat", io = { stdin = "file:in.txt" } }
      missing = { cmd = "cat", io = { stdin = "file:none.txt" } }
    `,
    "in.txt": "from a file",
  });
  await project.zr("run", "write").expect({ stdout: "out\n", stderr: "err\n" });
  await project.zr("run", "append").expect({ stdout: "more\n" });
  expect([project.read("out.txt"), project.read("err.txt")]).toEqual(["out\nmore\n", "err\n"]);
  await project.zr("run", "drop").expect({ stderr: "err\n" });
  await project.zr("run", "read").expect({ stdout: "from a file" });
  await project.zr("run", "missing").expect({ code: 1, stderr: /none\.txt/ });
});

test("a persistent task is a dependency once its ready probe holds, by log, exec, tcp and http", async () => {
  const server = createServer((socket) => {
    socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server with an address has a port.
  const { port } = server.address() as AddressInfo;
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      tcp = { cmd = "sleep 1000", persistent = true, ready = { tcp = "127.0.0.1:${port}" } }
      http = { cmd = "sleep 1000", persistent = true, ready = { http = "http://127.0.0.1:${port}/" } }
      exec = { cmd = "touch up; sleep 1000", persistent = true, ready = { exec = "test -e up", interval = "5ms" } }
      log = { cmd = "${cmd("log")}", persistent = true, ready = { log = "listening on \\\\d+", interval = "5ms" } }
      all = { cmd = "echo all up", deps = ["tcp", "http", "exec", "log"] }
      never = { cmd = "sleep 1000", persistent = true, ready = { exec = "false", timeout = "30ms", interval = "5ms" } }
      lost = { cmd = "echo lost", deps = ["never"] }
    `,
  });
  const run = project.zr("run", "all", "--output", "errors-only", "--events", "events.jsonl");
  const log = await project.command("log").started();
  await log.print("starting\n");
  expect(project.read("events.jsonl")).not.toContain('"instance.ready","id":"log"');
  log.print("listening on 8080\n");
  await run.expect({ stdout: anything, stderr: anything });
  expect(project.read("events.jsonl")).toContain("all up");
  await project.zr("run", "lost").expect({ code: 124, stdout: "", stderr: /never/ });
  expect(project.processes()).toEqual([]);
  server.close();
});

test("nothing may depend on a persistent task except through ready", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nserver = { cmd = "true", persistent = true }\na = { cmd = "true", deps = ["server"] }`,
  });
  await project.zr("run", "a").expect({ code: 3, stderr: /E138/ });
});

test("a server that nobody asked for by name is stopped when nothing needs it any more", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      server = { cmd = "${cmd("server")}", persistent = true, ready = { log = "up", interval = "5ms" } }
      user = { cmd = "true", deps = ["server"] }
      other = "${cmd("other")}"
    `,
  });
  const run = project.zr("run", "user", "other");
  const [server, other] = await Promise.all([
    project.command("server").started(),
    project.command("other").started(),
  ]);
  server.print("up\n");
  await server.signalled("SIGTERM");
  other.exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("confirm asks on a terminal, fails without one, and --yes answers", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "echo done"\nconfirm = "Really deploy?"`,
  });
  await project.zr("run", "a").expect({ code: 1, stderr: /not confirmed: Really deploy\?/ });
  await project.zr("run", "a", "--yes").expect({ stdout: "done\n" });
  for (const [answer, code] of [
    ["y\n", 0],
    ["n\n", 1],
    ["\n", 1],
  ] as const) {
    const terminal = await project.terminal({}, "run", "a");
    await terminal.waitForScreen("Really deploy?");
    terminal.type(answer);
    expect((await terminal.exited).code).toBe(code);
    expect(terminal.screen().includes("done")).toBe(code === 0);
  }
});

test("silent output is shown only on failure", async () => {
  await using project = await makeProject({
    "zr.toml": `[vars]\ncode = 0\n[tasks]\nboth = { cmd = "echo out; echo err >&2; exit \${vars.code}", silent = true }\none = { cmd = "echo out; echo err >&2", silent = "stdout" }`,
  });
  await project.zr("run", "both").expect();
  await project.zr("run", "one").expect({ stderr: "err\n" });
  const { stdout, stderr } = await project
    .zr("run", "both", "--set", "code=2")
    .expect({ code: 2, stdout: anything, stderr: anything });
  expect(stdout + stderr).toMatch(/out\n[^]*err\n|err\n[^]*out\n/);
});

test("a task for other platforms is skipped, a command is chosen by platform", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      other = { cmd = "echo no", platforms = ["plan9", "windows"] }
      here = { cmd = "echo here", platforms = ["${process.platform}/${process.arch}"], deps = ["other"] }
      chosen = { cmd = { default = "echo default", ${process.platform} = "echo mine" } }
    `.replace('"plan9", ', ""),
  });
  await project
    .zr("run", "here", "--raw")
    .expect({ stdout: "here\n", stderr: /other +skipped: only for windows/ });
  await project.zr("run", "chosen").expect({ stdout: "mine\n" });
});

test("a task whose status commands all exit 0 is cached without running", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "echo ran; touch done"\nstatus = ["test -e done", "true"]`,
  });
  await project.zr("run", "a").expect({ stdout: "ran\n" });
  await project.zr("run", "a").expect({ stderr: /cached/ });
});

test("a false condition skips, and dependents go on", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "echo a", condition = "env.GO == 'yes'" }\nb = { cmd = "echo b", deps = ["a"] }`,
  });
  await project.zr("run", "b", "--raw").expect({ stdout: "b\n", stderr: anything });
  await project
    .zrWith({ env: { GO: "yes" } }, "run", "b", "--raw")
    .expect({ stdout: "a\nb\n", stderr: anything });
});

test("a false precondition fails with its message before anything of the task runs", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "touch ran"\npreconditions = ["1 == 1", { if = "file.exists('key')", message = "run zr run login first" }]`,
  });
  await project.zr("run", "a").expect({ code: 1, stderr: /precondition not met: run zr run login first/ });
  expect(project.exists("ran")).toBe(false);
  project.write("key", "");
  await project.zr("run", "a").expect();
});
