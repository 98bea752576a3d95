import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { eventsOf, outcomesOf } from "./events";

test("before_run runs before the first task and after_run after the last, each entry in its turn", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = ["echo one", { run = "prepare" }, { cmd = "echo three" }]
      after_run = ["echo last", "echo very last"]
      [tasks]
      prepare = { cmd = "echo prepare", deps = ["fetch"] }
      fetch = "echo fetch"
      a = "echo a"
      b = { cmd = "echo b", deps = ["a"] }
    `,
  });
  await project.zr("run", "b", "--raw").expect({
    stdout: "one\nfetch\nprepare\nthree\na\nb\nlast\nvery last\n",
    stderr: /9 tasks: 9 ok/,
  });
});

test("a before_run hook that fails fails the run before any task is started, and after_run is told of it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = ["exit 3", "touch second"]
      after_run = "echo $ZR_RUN_STATUS $ZR_EXIT_CODE $ZR_FAILED"
      [tasks]
      a = { cmd = "touch a", finally = "clean" }
      clean = "touch clean"
    `,
  });
  const { stderr } = await project
    .zr("run", "a", "--raw")
    .expect({ code: 1, stdout: "failed 1 [hooks].before_run\n", stderr: anything });
  expect(stderr).toStartWith("✗ [hooks].before_run failed: exit code 3");
  expect(stderr).toMatch(/⊘ a +blocked: \[hooks\]\.before_run failed/);
  expect(stderr).not.toContain("again");
  expect(["second", "a", "clean"].filter((file) => project.exists(file))).toEqual([]);
  const events = await project.zr("run", "a", "--events", "-").result();
  expect(outcomesOf(events.stdout)).toMatchObject({
    a: { state: "blocked" },
    "clean#after": { state: "blocked" },
  });
});

test("after_run runs after a failure too and knows how the run ended; its own failure changes nothing", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      after_run = ["false", "echo $ZR_RUN_STATUS $ZR_EXIT_CODE [$ZR_FAILED] \${ZR_RUN_ID:+id} \${ZR_DURATION_MS:+ms}", { run = "t" }]
      [tasks]
      good = "true"
      bad = "exit 7"
      t = "echo $ZR_RUN_STATUS"
    `,
  });
  await project
    .zr("run", "good", "--raw")
    .expect({ stdout: "success 0 [] id ms\nsuccess\n", stderr: /\[hooks\]\.after_run failed \(allowed\)/ });
  await project
    .zr("run", "bad", "--raw")
    .expect({ code: 7, stdout: "failed 7 [bad] id ms\nfailed\n", stderr: anything });
});

test("Ctrl-C stops the tasks, then after_run runs and is told; a second one stops that too", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      after_run = ["echo $ZR_RUN_STATUS $ZR_EXIT_CODE", "${cmd("after")}"]
      [tasks.a]
      cmd = "${cmd("a")}"
    `,
  });
  const run = project.zr("run", "a", "--raw");
  const a = await project.command("a").started();
  run.kill("SIGINT");
  await a.closed;
  const after = await project.command("after").started();
  await after.trap("SIGTERM");
  run.kill("SIGINT");
  await after.closed;
  await run.expect({ code: 130, stdout: "interrupted 130\n", stderr: anything });
});

test("Ctrl-C during before_run starts no task", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_run = "${cmd("before")}"\n[tasks.a]\ncmd = "touch a"`,
  });
  const run = project.zr("run", "a", "--raw");
  const before = await project.command("before").started();
  run.kill("SIGINT");
  await before.closed;
  await run.expect({ code: 130, stderr: anything });
  expect(project.exists("a")).toBe(false);
});

const AROUND = `
  [hooks]
  before_task = "echo before $ZR_TASK $ZR_ATTEMPT"
  after_task = "echo after $ZR_TASK $ZR_TASK_STATUS [$ZR_EXIT_CODE] \${ZR_DURATION_MS:+ms}"
`;

test("before_task and after_task run around each task that runs a command, not around groups and skipped ones", async () => {
  await using project = await makeProject({
    "zr.toml": `${AROUND}
      [tasks]
      a = "echo a"
      done = { cmd = "echo done", status = "true" }
      never = { cmd = "echo never", condition = "false" }
      all = { deps_serial = ["a", "done", "never"] }
      bad = "exit 5"
    `,
  });
  await project
    .zr("run", "all", "--raw")
    .expect({ stdout: "before a 1\na\nafter a success [0] ms\n", stderr: anything });
  await project
    .zr("run", "bad", "--raw")
    .expect({ code: 5, stdout: "before bad 1\nafter bad failed [5] ms\n", stderr: anything });
});

test("hooks of tasks run around each attempt", async () => {
  await using project = await makeProject({
    "zr.toml": `${AROUND}
      [tasks.t]
      cmd = '''test "\${ZR_ATTEMPT:-1}" = 2'''
      retry = 1
    `,
  });
  await project.zr("run", "t", "--raw").expect({
    stdout: "before t 1\nafter t failed [1] ms\nbefore t 2\nafter t success [0] ms\n",
    stderr: anything,
  });
});

test("a before_task hook that fails fails the task without running it; after_task still runs", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_task = ["exit 4", "touch second"]\nafter_task = "echo $ZR_TASK_STATUS [$ZR_EXIT_CODE]"\n[tasks.a]\ncmd = "touch a"`,
  });
  const run = project.zr("run", "a", "--raw");
  await run.expect({
    code: 1,
    stdout: "failed []\n",
    stderr: /a failed: its before_task hook failed: exit code 4/,
  });
  expect(project.exists("a") || project.exists("second")).toBe(false);
  const { stdout } = await project.zr("run", "a", "--events", "-").result();
  const order = eventsOf(stdout).flatMap((event) => ("id" in event && event.id === "a" ? [event.type] : []));
  expect(order).toEqual([
    "instance.queued",
    "instance.started",
    "instance.output",
    "instance.attempt-finished",
    "instance.finished",
  ]);
});

test("an after_task hook that fails is a warning, and the task stays what it is", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nafter_task = ["exit 4", "echo still"]\n[tasks.a]\ncmd = "true"`,
  });
  await project
    .zr("run", "a", "--raw")
    .expect({ stdout: "still\n", stderr: "warning: the after_task hook of a failed: exit code 4\n" });
});

test("after a task that was stopped its after_task hook runs", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nafter_task = "echo $ZR_TASK_STATUS"\n[tasks.a]\ncmd = "${cmd("a")}"`,
  });
  const run = project.zr("run", "a", "--raw");
  const a = await project.command("a").started();
  run.kill("SIGINT");
  await a.closed;
  await run.expect({ code: 130, stdout: "canceled\n", stderr: anything });
});

test("a task used as a hook of tasks runs its own commands, in its own folder and environment, without hooks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_task = { run = "note" }
      [tasks]
      note = { cmds = ["echo $ZR_TASK $MODE", "basename $PWD"], env = { MODE = "noted" }, cwd = "sub" }
      a = "echo a [$MODE]"
    `,
    "sub/x": "",
  });
  await project.zr("run", "a", "--raw").expect({ stdout: "a noted\nsub\na []\n", stderr: anything });
});

test("the root's hooks come first, then the package's; each runs in the folder of its file", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["app", "other"]
      [hooks]
      before_run = "echo run root $(basename $PWD)"
      before_task = "echo task root $ZR_PACKAGE"
    `,
    "app/zr.toml": `
      [hooks]
      before_run = "echo run app $(basename $PWD)"
      before_task = "echo task app $(basename $PWD)"
      [tasks]
      build = "echo build"
    `,
    "other/zr.toml": `[hooks]\nbefore_run = "echo not for this run"\n[tasks]\nother = "true"\n`,
  });
  const root = project.path(".").replace(/\/\.$/, "").split("/").at(-1);
  await project.zr("run", "app:build", "--raw").expect({
    stdout: `run root ${root}\nrun app app\ntask root app\ntask app app\nbuild\n`,
    stderr: anything,
  });
});

test("a profile's lists replace those of the file, one by one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = "echo usual"
      after_run = "echo after"
      [profiles.ci]
      hooks = { before_run = "echo ci" }
      [profiles.none]
      extends = "ci"
      hooks = { before_run = [] }
      [tasks]
      a = "echo a"
    `,
  });
  await project.zr("run", "a", "--raw").expect({ stdout: "usual\na\nafter\n", stderr: anything });
  await project
    .zr("run", "a", "--raw", "--profile", "ci")
    .expect({ stdout: "ci\na\nafter\n", stderr: anything });
  await project
    .zr("run", "a", "--raw", "--profile", "none")
    .expect({ stdout: "a\nafter\n", stderr: anything });
});

test("secrets are masked in the output of hooks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      API_TOKEN = "s3cr3t-value"
      [hooks]
      before_run = "echo $API_TOKEN"
      before_task = "echo $API_TOKEN"
      [tasks.a]
      cmd = "true"
    `,
  });
  await project.zr("run", "a", "--raw").expect({ stdout: "****\n****\n", stderr: anything });
});

test("--dry-run shows hooks and runs none", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = ["touch before", { run = "a" }]
      after_task = "touch after"
      [tasks.a]
      cmd = "touch a"
    `,
  });
  await project.zr("run", "a", "--dry-run").expect({
    stdout: `
      level 1
        a  touch a
          asked for · in .

      hook before_run
        touch before
        zr run a

      hook after_task
        touch after
    `,
  });
  const { stdout } = await project.zr("run", "a", "--dry-run", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout).hooks).toEqual({
    before_run: ["touch before", "zr run a"],
    after_task: ["touch after"],
  });
  expect(project.exists("before") || project.exists("after")).toBe(false);
});

test("a hook that names no task is found by validate and before a run, with its place and what was meant", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_run = ["true", { run = "biuld" }]\n[tasks.build]\ncmd = "touch ran"\n`,
  });
  const stderr = `
    error[E130]: step 'biuld' of task '[hooks].before_run.2' does not exist
      ┌─ zr.toml:2:31
     2│ before_run = ["true", { run = "biuld" }]
      │                               ^^^^^^^ did you mean 'build'?
  `;
  await project.zr("validate").expect({ code: 3, stderr, stdout: anything });
  await project.zr("run", "build").expect({ code: 3, stderr });
  expect(project.exists("ran")).toBe(false);
});

test("a hook of tasks has commands alone: a task with dependencies is refused", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_task = { run = "check" }\n[tasks]\ncheck = { cmd = "true", deps = ["build"] }\nbuild = "true"\n`,
  });
  await project.zr("run", "build").expect({
    code: 3,
    stderr: `
      error[E290]: 'check' can't be a 'before_task' hook: it has dependencies
        ┌─ zr.toml:2:23
       2│ before_task = { run = "check" }
        │                       ^^^^^^^ only commands run around each task
    `,
  });
});

test.each([
  ["{}", "'run' or 'cmd'"],
  ['{ run = "a", cmd = "true" }', "either 'run' or 'cmd', not both"],
])("the entry %s is no hook", async (entry, what) => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nafter_run = ${entry}\n[tasks.a]\ncmd = "true"\n`,
  });
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything, stdout: anything });
  expect(stderr).toContain(`error[E291]: an entry of 'after_run' needs ${what}\n`);
});

test("what runs before and after is named in the plan that a run tells of, and is not among what was asked for", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_run = "true"\n[tasks.a]\ncmd = "true"`,
  });
  const { stdout } = await project.zr("run", "a", "--events", "-").result();
  const planned = eventsOf(stdout).find((event) => event.type === "run.planned");
  expect(planned?.instances.map(({ id }) => String(id))).toEqual(["[hooks].before_run", "a"]);
  expect(planned?.requested.map(String)).toEqual(["a"]);
});

const WORKFLOW = `
  [tasks]
  build = "echo build"
  clean = "echo clean"
  [workflows.release]
  finally = ["clean"]
  [[workflows.release.stages]]
  name = "build"
  tasks = ["build"]
`;

test("a workflow has the hooks of its tasks and of its run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = "echo before"
      after_run = "echo after $ZR_RUN_STATUS"
      before_task = "echo around $ZR_TASK"
      ${WORKFLOW}
    `,
  });
  await project.zr("workflow", "release", "--raw").expect({
    stdout: "before\naround build\nbuild\naround clean\nclean\nafter success\n",
    stderr: anything,
  });
});

test("a before_run hook that fails keeps every stage of a workflow from being run", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nbefore_run = "exit 3"\nafter_run = "echo $ZR_RUN_STATUS $ZR_FAILED"\n${WORKFLOW}`,
  });
  const { stdout } = await project
    .zr("workflow", "release", "--events", "-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(outcomesOf(stdout)).toMatchObject({ build: { state: "blocked" }, clean: { state: "blocked" } });
  const ended = eventsOf(stdout).flatMap((event) => (event.type === "stage.finished" ? [event.why] : []));
  expect(ended).toEqual(["before_run of [hooks] has failed"]);
});

test("a second Ctrl-C while a task is stopped runs neither its after_task hook nor after_run", async () => {
  await using project = await makeProject({
    "zr.toml": `[hooks]\nafter_task = "touch after-task"\nafter_run = "touch after-run"\n[tasks.a]\ncmd = "${cmd("a")}"\ngrace_period = "1h"`,
  });
  const run = project.zr("run", "a", "--events", "-");
  const a = await project.command("a").started();
  await a.trap("SIGTERM");
  run.kill("SIGINT");
  await a.signalled("SIGTERM");
  run.kill("SIGINT");
  await a.closed;
  const { stdout } = await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect(outcomesOf(stdout)).toMatchObject({
    a: { state: "canceled" },
    "[hooks].after_run": { state: "canceled" },
  });
  expect(project.exists("after-task") || project.exists("after-run")).toBe(false);
});
