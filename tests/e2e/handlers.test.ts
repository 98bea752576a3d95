import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { outcomesOf, startsOf } from "./events";

const HANDLERS = `
  [vars]
  code = 0
  [tasks.work]
  cmd = "echo work; exit \${vars.code}"
  finally = ["clean"]
  on_success = "notify"
  on_failure = ["rollback"]
  [tasks]
  clean = "echo clean"
  notify = "echo notify"
  rollback = "echo rollback"
  after = { cmd = "echo after", deps = ["work"] }
`;

test("finally runs after a task whatever its result, on_success and on_failure by result", async () => {
  await using project = await makeProject({ "zr.toml": HANDLERS });
  const good = await project.zr("run", "work", "--raw", "-j1").expect({ stdout: anything, stderr: anything });
  expect(good.stdout.split("\n").toSorted()).toEqual(["", "clean", "notify", "work"]);
  expect(good.stdout).toStartWith("work\n");
  const bad = await project
    .zr("run", "work", "--raw", "-j1", "--set", "code=5")
    .expect({ code: 5, stdout: anything, stderr: anything });
  expect(bad.stdout.split("\n").toSorted()).toEqual(["", "clean", "rollback", "work"]);
});

test("a handler that is not called for is skipped", async () => {
  await using project = await makeProject({ "zr.toml": HANDLERS });
  const { stdout } = await project
    .zr("run", "work", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outcomesOf(stdout)["rollback#after"]).toMatchObject({
    state: "skipped",
    reason: { kind: "not-needed", of: "work" },
  });
});

test("finally runs after a task that timed out, and not after one that was never started", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      slow = { cmd = "sleep 60", timeout = "20ms", finally = "clean" }
      bad = "exit 1"
      blocked = { cmd = "true", deps = ["bad"], finally = "clean" }
      clean = "echo clean"
    `,
  });
  await project.zr("run", "slow").expect({ code: 124, stdout: "clean\n", stderr: anything });
  await project.zr("run", "blocked").expect({ code: 1, stdout: "", stderr: anything });
});

test("a handler of several tasks runs once, after the last of them", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "echo a", finally = "clean" }\nb = { cmd = "echo b", finally = "clean" }\nclean = "echo clean"`,
  });
  await project.zr("run", "a", "b", "--raw", "-j1").expect({ stdout: "a\nb\nclean\n", stderr: anything });
});

test("a handler has deps and handlers of its own", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a", finally = "clean" }
      clean = { cmd = "echo clean; exit 1", deps = ["prepare"], on_failure = "tell", finally = "last" }
      prepare = "echo prepare"
      tell = "echo tell"
      last = "echo last"
    `,
  });
  const { stdout } = await project
    .zr("run", "a", "--raw", "-j1")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stdout).toMatch(/^a\nprepare\nclean\n(tell\nlast|last\ntell)\n$/);
});

test("what is called, or handles an end itself, may need the task that cleans up after it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      caller = { cmds = [{ task = "work" }] }
      owner = { cmd = "echo owner", finally = "work" }
      work = { cmd = "echo work", deps = ["clean"], finally = "clean", on_success = "clean" }
      clean = { cmd = "echo clean", deps = ["prepare"] }
      prepare = "echo prepare"
    `,
  });
  for (const [task, first] of [
    ["caller", ""],
    ["owner", "owner\n"],
  ] as const)
    await project
      .zr("run", task, "--raw", "-j4")
      .expect({ stdout: `${first}prepare\nclean\nwork\nclean\n`, stderr: anything });
});

test("a server that is called along with what cleans up after it is cleaned up after when it ends", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      caller = { cmds = [{ task = "work" }, "echo called"] }
      owner = { cmd = "echo owner", finally = "work" }
      work = { cmd = "echo work", deps = ["reset", "server"] }
      reset = "echo reset"
      server = { cmd = "echo up; exec sleep 600", persistent = true, ready = { log = "up" }, finally = "reset", silent = true }
    `,
  });
  await project
    .zr("run", "caller", "--raw", "-j1", "--grep-v", "^up")
    .expect({ stdout: /^reset\nwork\n(called\nreset|reset\ncalled)\n$/, stderr: anything });
  await project
    .zr("run", "owner", "--raw", "-j1", "--grep-v", "^up")
    .expect({ stdout: "owner\nreset\nwork\nreset\n", stderr: anything });
});

test("what needs both a server and what cleans up after it is run when that has ended", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a", deps = ["server"], finally = "y" }
      y = { cmd = "echo y", deps = ["server", "clean"] }
      server = { cmd = "echo up; exec sleep 600", persistent = true, ready = { log = "up" }, finally = "clean", silent = true }
      clean = "echo clean"
    `,
  });
  await project
    .zr("run", "a", "--raw", "--grep-v", "^up")
    .expect({ stdout: "a\nclean\ny\n", stderr: anything });
});

test("a server that nobody needs is not said to have run, nor cleaned up after, where it was never started", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = { cmd = "exit 3", on_failure = "server" }
      server = { cmd = "${cmd("server")}", persistent = true, ready = { log = "up" }, finally = "clean" }
      clean = "echo clean"
    `,
  });
  const { stdout } = await project
    .zr("run", "work", "--events", "-")
    .expect({ code: 3, stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["work"]);
  expect(outcomesOf(stdout)["server#after"]).toMatchObject({ state: "skipped" });
});

test("a handler has all of its deps_serial, also those before one that runs anyway", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a", deps = ["shared"], on_success = "done" }
      done = { cmd = "echo done", deps_serial = ["first", "shared", "last"] }
      first = "echo first"
      shared = "echo shared"
      last = "echo last"
    `,
  });
  await project
    .zr("run", "a", "--raw", "-j4")
    .expect({ stdout: "shared\na\nfirst\nlast\ndone\n", stderr: anything });
});

test("the order of a handler's deps_serial keeps nothing from running that runs anyway", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      all = { deps = ["one", "two"], on_failure = "tell" }
      one = "exit 1"
      two = "echo two"
      tell = { cmd = "true", deps_serial = ["one", "two"] }
    `,
  });
  await project.zr("run", "all", "--raw", "-j1", "-k").expect({ code: 1, stdout: "two\n", stderr: anything });
});

test("handlers run after a failure that stopped everything else", async () => {
  await using project = await makeProject({ "zr.toml": HANDLERS });
  const { stdout } = await project
    .zr("run", "after", "--set", "code=1", "--events", "-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(startsOf(stdout).toSorted()).toEqual(["clean#after", "rollback#after", "work"]);
});

test("a server that was asked for is cleaned up after by its finally when it ends", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\ndev = { cmd = "${cmd("dev")}", persistent = true, finally = "clean" }\nclean = "echo clean"`,
  });
  const run = project.zr("run", "dev");
  const dev = await project.command("dev").started();
  run.kill("SIGINT");
  await dev.closed;
  await run.expect({ code: 130, stdout: "clean\n", stderr: anything });
});

test("a handler that waits for one that is never called for does not wait for ever", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a", finally = "clean", on_failure = "rollback" }
      clean = { cmd = "echo clean", wait_for = ["undo"] }
      rollback = { cmd = "echo rollback", deps = ["undo"] }
      undo = "echo undo"
    `,
  });
  await project.zr("run", "a", "--raw").expect({ stdout: "a\nclean\n", stderr: anything });
});
