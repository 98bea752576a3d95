import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { outcomesOf } from "./events";

test("cmds run in order, each on its own, and stop at the first failure", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      good = { cmds = ["echo one; cd /", "pwd", "X=1", "echo [$X]"] }
      bad = { cmds = ["echo one", "exit 3", "echo never"] }
    `,
  });
  const { stdout } = await project.zr("run", "good").expect({ stdout: anything });
  expect(project.normalize(stdout)).toBe("one\n<root>\n[]\n");
  await project.zr("run", "bad").expect({ code: 3, stdout: "one\n", stderr: anything });
});

test("a step may have a condition, platforms, be allowed to fail, or be silent", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.t]
      cmds = [
        { cmd = "echo no", if = "1 == 2" },
        { cmd = "echo yes", if = "1 == 1" },
        { cmd = "echo windows", platforms = ["windows"] },
        { cmd = "exit 1", allow_failure = true },
        "echo end",
      ]
    `,
  });
  await project.zr("run", "t").expect({ stdout: "yes\nend\n" });
});

test("a step that names a task runs it there, once per call, with its deps and the arguments and variables given", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.t]
      cmds = ["echo before", { task = "greet", args = ["a"] }, { task = "greet", args = ["b"], env = { TONE = "loud" } }, { task = "greet", args = ["a"] }, "echo after"]
      [tasks.greet]
      cmd = "echo $ZR_ARG_who \${TONE:-soft}"
      args = [{ name = "who" }]
      deps = ["breathe"]
      [tasks.breathe]
      cmd = "echo breathe"
    `,
  });
  const { stdout } = await project.zr("run", "t", "--raw").expect({ stdout: anything, stderr: anything });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line !== "breathe")).toEqual([
    "before",
    "a soft",
    "b loud",
    "a soft",
    "after",
  ]);
  expect(lines[1]).toBe("breathe");
});

test("a called task runs, with all of its deps_serial, also where one of them has run before the caller", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      t = { cmds = ["echo t", { task = "called" }], deps = ["shared"] }
      called = { cmd = "echo called", deps_serial = ["first", "shared"] }
      first = "echo first"
      shared = "echo shared"
    `,
  });
  await project
    .zr("run", "t", "--raw", "-j1")
    .expect({ stdout: "shared\nt\nfirst\ncalled\n", stderr: anything });
});

test("a call works with a single worker slot, however deep", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmds = ["echo a1", { task = "b" }, "echo a2"] }\nb = { cmds = ["echo b1", { task = "c" }, "echo b2"] }\nc = "echo c"`,
  });
  await project.zr("run", "a", "--raw", "-j1").expect({ stdout: "a1\nb1\nc\nb2\na2\n", stderr: anything });
});

test("a called task that fails fails the caller, unless the step allows it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      strict = { cmds = [{ task = "bad" }, "echo never"] }
      loose = { cmds = [{ task = "bad", allow_failure = true }, "echo went on"] }
      bad = "exit 7"
    `,
  });
  await project.zr("run", "strict", "--raw").expect({ code: 1, stderr: anything });
  await project
    .zr("run", "loose", "--raw")
    .expect({ stdout: "went on\n", stderr: /bad@loose +failed \(allowed\)/ });
});

test("a workflow goes on, and nothing is left to retry, where a step or a task may fail that calls", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      step = { cmds = [{ task = "bad", allow_failure = true }] }
      task = { cmds = [{ task = "needs" }], allow_failure = true }
      needs = { cmd = "echo never", deps = ["bad"] }
      bad = "exit 7"
      last = "echo last"
      [workflows.all]
      steps = [{ run = "step" }, { run = "task" }, { run = "last" }]
    `,
  });
  await project.zr("workflow", "all", "--raw").expect({ stdout: "last\n", stderr: anything });
  await project.zr("run", "step", "task", "--raw").expect({ stdout: "", stderr: anything });
  await project.zr("run", "--retry-failed").expect({ stdout: "", stderr: /^nothing to do/ });
});

test("a task's timeout stops what it has called and what that needs; clean-ups of these run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      caller = { cmds = [{ task = "callee", allow_failure = true }, "echo never"], timeout = "300ms", retry = 2 }
      callee = { cmd = "echo never", deps = ["need"], finally = "unused" }
      need = { cmds = [{ task = "deep" }], finally = "clean" }
      deep = "${cmd("deep")}"
      clean = "echo clean"
      unused = "echo unused"
    `,
  });
  const run = project.zr("run", "caller", "--raw", "--events", "events");
  const deep = await project.command("deep").started();
  await deep.closed;
  await run.expect({ code: 124, stdout: "clean\n", stderr: anything });
  const reason = { kind: "caller-timeout", by: "caller" };
  expect(outcomesOf(project.read("events"))).toMatchObject({
    caller: { state: "timed_out" },
    "callee@caller": { state: "canceled", reason },
    "need@caller": { state: "canceled", reason },
    "deep@need@caller": { state: "canceled", reason },
  });
});

test("a called task whose dependency has failed already is blocked and fails its caller", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      bad = { cmd = "exit 1", resources = { priority = 1 } }
      callee = { cmd = "echo never", deps = ["bad"] }
      caller = { cmds = [{ task = "callee" }, "echo never"] }
    `,
  });
  const { stdout } = await project
    .zr("run", "bad", "caller", "-k", "-j1", "--events", "-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(
    Object.fromEntries(Object.entries(outcomesOf(stdout)).map(([id, { state }]) => [id, state])),
  ).toMatchObject({ bad: "failed", caller: "failed", "callee@caller": "blocked" });
});

test("Ctrl-C during a call stops what was called and what that depends on, and no later step runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      caller = { cmds = [{ task = "callee", allow_failure = true }, "touch later"] }
      callee = { cmd = "touch callee", deps = ["need"] }
      need = "${cmd("need")}"
    `,
  });
  const run = project.zr("run", "caller");
  const need = await project.command("need").started();
  run.kill("SIGINT");
  await need.closed;
  await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect([project.exists("later"), project.exists("callee")]).toEqual([false, false]);
});

test("a called server is waited for until it is up, and stopped when its caller has ended", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      caller = { cmds = [{ task = "server" }, "echo used"] }
      server = { cmd = "${cmd("server")}", persistent = true, ready = { log = "listening" } }
    `,
  });
  const run = project.zr("run", "caller", "--raw");
  const server = await project.command("server").started();
  server.print("listening\n");
  await server.signalled("SIGTERM");
  await run.expect({ stdout: "listening\nused\n", stderr: anything });
});

test("a call that fails is named as the failure, and is no reason to retry its caller, whose steps would run again", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      flaky = { cmd = "echo flaky >> log; exit 1", retry = 1 }
      caller = { cmds = ["echo step >> log", { task = "flaky" }], retry = 3 }
      own = { cmds = [{ task = "fine" }, "echo own >> log; exit 1"], retry = 1 }
      fine = "echo fine >> log"
    `,
  });
  await project.zr("run", "caller").expect({
    code: 1,
    stdout: anything,
    stderr: /caller failed: its call of flaky@caller did not end well/,
  });
  expect(project.read("log")).toBe("step\nflaky\nflaky\n");
  project.remove("log");
  await project.zr("run", "own").expect({ code: 1, stdout: anything, stderr: anything });
  expect(project.read("log")).toBe("fine\nown\nown\n");
});
