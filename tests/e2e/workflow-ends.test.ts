import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { eventsOf, startsOf } from "./events";
import { stagesOf } from "./workflow-events";

test("Ctrl-C in the middle stops the stage, runs on_failure and finally, and the run is resumed after its last good stage", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = { cmd = "echo 1.2.3", share_output = true }
      deploy = "${cmd("deploy")}"
      smoke = "echo smoke \${output.build}"
      rollback = "echo rollback"
      cleanup = "echo cleanup"
      [workflows.ship]
      inputs = [{ name = "to", required = true }]
      on_failure = "rollback"
      finally = "cleanup"
      [[workflows.ship.stages]]
      name = "build"
      tasks = ["build"]
      [[workflows.ship.stages]]
      name = "deploy"
      tasks = ["deploy"]
      env = { TO = "\${args.to}" }
      [[workflows.ship.stages]]
      name = "smoke"
      tasks = ["smoke"]
      condition = "stages.build.success && output['build'] == '1.2.3' && args.to == 'eu'"
    `,
  });
  const run = project.zr("workflow", "ship", "eu", "--events=-");
  const deploy = await project.command("deploy").started();
  run.kill("SIGINT");
  await deploy.closed;
  const { stdout } = await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect(stagesOf(stdout)).toEqual([
    "build success",
    "deploy canceled",
    "smoke canceled",
    "on_failure success",
    "finally success",
  ]);
  const resumed = project.zr("workflow", "ship", "--resume", "last", "--events=-");
  (await project.command("deploy").started()).exit();
  const again = await resumed.expect({ stdout: anything, stderr: anything });
  expect(stagesOf(again.stdout)).toEqual([
    "build success",
    "deploy success",
    "smoke success",
    "finally success",
  ]);
  expect(startsOf(again.stdout)).toEqual(["deploy", "smoke", "cleanup"]);
  expect(again.stdout).toContain("smoke 1.2.3");
});

test("a failed run is resumed by its id or the beginning of it; what is done can't be resumed", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "echo build"
      deploy = "test -e ready"
      [workflows.ship]
      steps = [{ run = "build" }, { run = "deploy" }]
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  const id = eventsOf(stdout)[0]?.run ?? "";
  const unknown = await project
    .zr("workflow", "ship", "--resume=20200101")
    .expect({ code: 2, stderr: anything });
  expect(unknown.stderr).toContain(`did you mean '${id}'?`);
  project.write("ready", "");
  const again = await project
    .zr("workflow", "ship", `--resume=${id.slice(0, 12)}`, "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(again.stdout)).toEqual(["deploy"]);
  // The former run is still unfinished business of its own; the one that has ended well is not.
  const done = eventsOf(again.stdout)[0]?.run ?? "";
  await project.zr("workflow", "ship", `--resume=${done}`).expect({ code: 2, stderr: anything });
});

test("a stage's timeout and the workflow's stop what runs and exit with 124, after the clean-up", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      slow = "${cmd("slow")}"
      cleanup = "echo cleanup"
      [workflows.stage]
      finally = "cleanup"
      [[workflows.stage.stages]]
      tasks = ["slow"]
      timeout = "50ms"
      [workflows.whole]
      timeout = "50ms"
      finally = "cleanup"
      steps = [{ run = "slow" }]
    `,
  });
  for (const name of ["stage", "whole"]) {
    const { stdout } = await project
      .zr("workflow", name, "--events=-")
      .expect({ code: 124, stdout: anything, stderr: anything });
    expect(stagesOf(stdout).at(-1)).toBe("finally success");
    expect(stagesOf(stdout)[0]).toBe(name === "stage" ? "stage-1 failed" : "slow canceled");
  }
});

test("a stage's retry is for tasks without a policy of their own, and retry_budget bounds all of them together", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "echo a; exit 1"
      b = { cmd = "echo b; exit 1", retry = 0 }
      c = { cmd = "echo c; exit 1", retry = 5 }
      [workflows.ship]
      retry_budget = 3
      [[workflows.ship.stages]]
      tasks = ["a"]
      retry = 2
      allow_failure = true
      [[workflows.ship.stages]]
      tasks = ["c"]
    `,
  });
  await project.zr("workflow", "ship", "--raw", "--quiet").expect({
    code: 1,
    stdout: "a\na\na\nc\nc\n",
    stderr: anything,
  });
});

test("handlers of tasks run in the stage of their task, each time anew", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a", finally = "tidy" }
      b = { cmd = "echo b", finally = "tidy" }
      tidy = "echo tidy"
      [workflows.ship]
      steps = [{ run = "a" }, { run = "b" }]
    `,
  });
  await project
    .zr("workflow", "ship", "--raw", "--quiet")
    .expect({ stdout: "a\ntidy\nb\ntidy\n", stderr: anything });
});

test("an interrupt leaves out what is not to run then; a second one kills the clean-up", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = "${cmd("work")}"
      undo = "echo undo"
      cleanup = "${cmd("cleanup")}"
      [workflows.ship]
      steps = [{ run = "work" }]
      on_failure = { run = "undo", always = false }
      finally = "cleanup"
    `,
  });
  const run = project.zr("workflow", "ship", "--events=-");
  await project.command("work").started();
  run.kill("SIGTERM");
  const cleanup = await project.command("cleanup").started();
  await cleanup.trap("SIGTERM");
  run.kill("SIGTERM");
  await cleanup.closed;
  const { stdout } = await run.expect({ code: 143, stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["work", "cleanup"]);
});

test("a tampered or foreign state of a run is passed over, never obeyed", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "exit 1"\n[workflows.ship]\nsteps = [{ run = "a" }]`,
    ".zr/workflows/20990101-000000-aaaa.json": '{"v":1,"run":3}',
    ".zr/workflows/20990101-000000-bbbb.json": "not json",
  });
  await project
    .zr("workflow", "ship", "--resume=last")
    .expect({ code: 2, stderr: /no run 'last'|there is no run 'last'/ });
});

test("a secret in a shared output is not stored, so a resumed run says what it lacks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      TOKEN = { value = "hunter2-hunter2", secret = true }
      [tasks]
      login = { cmd = "echo $TOKEN", share_output = true }
      work = "test -e ready"
      use = "echo \${output.login}"
      [workflows.ship]
      steps = [{ run = "login" }, { run = "work" }, { run = "use" }]
    `,
  });
  await project.zr("workflow", "ship").expect({ code: 1, stdout: anything, stderr: anything });
  expect(Bun.spawnSync(["grep", "-r", "hunter2", project.path(".zr")]).stdout.toString()).toBe("");
  project.write("ready", "");
  await project
    .zr("workflow", "ship", "--resume=last")
    .expect({ code: 1, stdout: anything, stderr: /login/ });
});

test("runs of one concurrency group follow each other; with cancel_in_progress the newer one stops the older", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "${cmd("a")}"
      b = "${cmd("b")}"
      [workflows.first]
      concurrency = "deploy"
      steps = [{ run = "a" }]
      [workflows.second]
      concurrency = { group = "deploy" }
      steps = [{ run = "b" }]
      [workflows.hasty]
      concurrency = { group = "deploy", cancel_in_progress = true }
      steps = [{ run = "b" }]
    `,
  });
  const first = project.zr("workflow", "first");
  const a = await project.command("a").started();
  const second = project.zr("workflow", "second");
  await second.waitForOutput("waiting for run");
  expect(project.command("b").count).toBe(0);
  a.exit();
  await first.expect({ stderr: anything });
  (await project.command("b").started()).exit();
  await second.expect({ stderr: anything });
  const older = project.zr("workflow", "first");
  const running = await project.command("a").started();
  const hasty = project.zr("workflow", "hasty");
  await running.closed;
  await older.expect({ code: 143, stderr: anything });
  (await project.command("b").started()).exit();
  await hasty.expect({ stderr: anything });
});

test("a secret input is not stored: a resumed run asks for it, and for no other", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = 'test -e ready && test "$ZR_ARG_token" = hunter2-hunter2 && test $ZR_ARG_to = eu'
      [workflows.ship]
      inputs = [{ name = "token", env = "API_TOKEN" }, { name = "to", default = "us" }]
      steps = [{ run = "work" }]
    `,
  });
  await project.zr("workflow", "ship", "hunter2-hunter2", "eu").expect({ code: 1, stderr: anything });
  expect(Bun.spawnSync(["grep", "-r", "hunter2", project.path(".zr")]).stdout.toString()).toBe("");
  project.write("ready", "");
  const resume = ["workflow", "ship", "--resume=last"];
  const without = await project.zr(...resume).expect({ code: 2, stderr: anything });
  expect(without.stderr).toContain("give it by --input token=…");
  const other = await project
    .zr(...resume, "--input=token=hunter2-hunter2", "--input=to=us")
    .expect({ code: 2, stderr: anything });
  expect(other.stderr).toContain("'to' can't be given anew");
  await project.zr(...resume, "--input=token=hunter2-hunter2").expect({ stderr: anything });
});

test("a run that was resumed to its end is not there to be resumed again", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "true"\nb = "test -e ready"\n[workflows.ship]\nsteps = [{ run = "a" }, { run = "b" }]`,
  });
  await project.zr("workflow", "ship").expect({ code: 1, stderr: anything });
  project.write("ready", "");
  await project.zr("workflow", "ship", "--resume=last").expect({ stderr: anything });
  await project.zr("workflow", "ship", "--resume=last").expect({ code: 2, stderr: anything });
});

test("of runs that began within one second, the one that was going on last is the last one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      say = 'echo "$ZR_ARG_who"; test -e ready'
      [workflows.ship]
      inputs = [{ name = "who" }]
      steps = [{ run = "say" }]
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "first", "--events=-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  const id = eventsOf(stdout)[0]?.run ?? "";
  const state = project.read(`.zr/workflows/${id}.json`);
  const second = id.slice(0, -4);
  project.write(
    `.zr/workflows/${second}0000.json`,
    state.replace(id, `${second}0000`).replace("first", "later"),
  );
  const { stdout: again } = await project
    .zr("workflow", "ship", "--resume=last", "--raw", "--quiet")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(again).toBe("later\n");
});

test("a run whose only failure was allowed has come to its end, and one that failed later is not resumed there", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      audit = "exit 1"
      build = "test -e ready"
      [[workflows.ship.stages]]
      name = "audit"
      tasks = ["audit"]
      allow_failure = true
      [[workflows.ship.stages]]
      name = "build"
      tasks = ["build"]
    `,
  });
  await project.zr("workflow", "ship").expect({ code: 1, stderr: anything });
  project.write("ready", "");
  const { stdout } = await project
    .zr("workflow", "ship", "--resume=last", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["build"]);
  await project.zr("workflow", "ship").expect({ stderr: anything });
  await project.zr("workflow", "ship", "--resume=last").expect({ code: 2, stderr: anything });
});

test("--timeout and the workflow's own both hold: the shorter one ends it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      slow = "${cmd("slow")}"
      [workflows.long]
      timeout = "10m"
      steps = [{ run = "slow" }]
      [workflows.short]
      timeout = "50ms"
      steps = [{ run = "slow" }]
    `,
  });
  await project
    .zr("workflow", "long", "--timeout=50ms")
    .expect({ code: 124, stdout: anything, stderr: /long timed out/ });
  await project
    .zr("workflow", "short", "--timeout=10m")
    .expect({ code: 124, stdout: anything, stderr: /short timed out/ });
});

test("a stage that may fail may run out of its time: the workflow goes on and succeeds", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      slow = "${cmd("slow")}"
      next = "echo next"
      undo = "echo undo"
      [workflows.ship]
      on_failure = "undo"
      [[workflows.ship.stages]]
      name = "look"
      tasks = ["slow"]
      timeout = "50ms"
      allow_failure = true
      [[workflows.ship.stages]]
      name = "next"
      tasks = ["next"]
      condition = "stages.look.failed"
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(stagesOf(stdout)).toEqual(["look failed", "next success"]);
});
