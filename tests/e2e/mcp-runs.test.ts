import { expect, test } from "bun:test";
import { connectMcp } from "#tests/support/mcp-client";
import { until, withDeadline } from "#tests/support/deadline";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";

const slow = `[tasks.slow]\ncmd = "${cmd("slow")}"\n[tasks.quick]\ncmd = "echo quick"\n`;

test("a run in the background is asked for by its id, and its output so far is there", async () => {
  await using project = await makeProject({ "zr.toml": slow });
  await using mcp = await connectMcp(project);
  const started = await mcp.call("run_task", { task: "slow", background: true });
  expect(started).toMatchObject({ isError: false, value: { status: "running" } });
  const { run } = started.value;
  const child = await project.command("slow").started();
  await child.print("halfway\n");
  const going = await mcp.call("get_run", { run });
  expect(going.value).toMatchObject({ run, status: "running", tasks: { running: 1 } });
  const heard = (async () => {
    while ((await mcp.call("get_logs", { run })).value.text !== "halfway");
  })();
  await withDeadline(heard, "the log of the run in progress", () => mcp.stderr);
  const waiting = mcp.call("get_run", { run, wait: true });
  void child.exit(3);
  expect((await waiting).value).toMatchObject({
    run,
    status: "failed",
    exitCode: 3,
    failed: [{ output: "halfway" }],
  });
});

test("questions are answered while a task runs", async () => {
  await using project = await makeProject({ "zr.toml": slow });
  await using mcp = await connectMcp(project);
  const running = mcp.call("run_task", { task: "slow" });
  const child = await project.command("slow").started();
  expect((await mcp.call("list_tasks")).value.total).toBe(2);
  expect((await mcp.call("run_task", { task: "quick" })).value.status).toBe("success");
  void child.exit();
  expect((await running).value.status).toBe("success");
});

test("progress is told of each task that starts and ends, and always grows", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"\nall.deps = ["a", "b"]\n`,
  });
  await using mcp = await connectMcp(project);
  const told: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
  const running = mcp.call(
    "run_task",
    { task: "all" },
    { onprogress: (progress) => void told.push(progress) },
  );
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  await until(
    () => told.some(({ progress }) => progress === 2),
    "it to be so",
    () => mcp.stderr,
  );
  void a.exit();
  await until(
    () => told.some(({ message }) => message === "a ok"),
    "it to be so",
    () => mcp.stderr,
  );
  void b.exit();
  await running;
  expect(told.every(({ total }) => total === 6)).toBe(true);
  const steps = told.map(({ progress }) => progress);
  expect(steps).toEqual([...new Set(steps)].sort((x, y) => x - y));
});

test("a request that is cancelled stops its run, with everything that it has started", async () => {
  await using project = await makeProject({ "zr.toml": slow });
  await using mcp = await connectMcp(project);
  const abort = new AbortController();
  const running = mcp.call("run_task", { task: "slow" }, { signal: abort.signal }).catch(String);
  const child = await project.command("slow").started();
  await child.trap("SIGTERM");
  abort.abort("enough");
  expect(await running).toContain("enough");
  await child.signalled("SIGTERM");
  void child.exit();
  await until(
    () => !isAlive(child.pid),
    "it to be so",
    () => mcp.stderr,
  );
  const ended = await mcp.call("get_run", { wait: true });
  expect(ended.value).toMatchObject({ status: "interrupted", tasks: { canceled: 1 } });
});

test("cancel_run stops a run in the background and says how it ended", async () => {
  await using project = await makeProject({ "zr.toml": slow });
  await using mcp = await connectMcp(project);
  const { value } = await mcp.call("run_task", { task: "slow", background: true });
  const child = await project.command("slow").started();
  expect((await mcp.call("cancel_run", { run: value.run })).value).toMatchObject({ status: "interrupted" });
  expect(isAlive(child.pid)).toBe(false);
  expect(await mcp.call("cancel_run", { run: "20200101-000000-none" })).toMatchObject({ isError: true });
});

test.each(["SIGKILL", "EOF"])(
  "a client that vanishes in mid-run (%s) leaves no child: its runs are stopped and the server ends",
  async (way) => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\nbg = "${cmd("bg")}"\n`,
    });
    const mcp = await connectMcp(project);
    void mcp.call("run_task", { task: "slow" }).catch(() => {});
    void mcp.call("run_task", { task: "bg", background: true }).catch(() => {});
    const children = await Promise.all([project.command("slow").started(), project.command("bg").started()]);
    // The runs go on for longer than they take to get their guards.
    await mcp.call("list_tasks");
    const server = mcp.pid;
    if (way === "SIGKILL") process.kill(server, "SIGKILL");
    else void mcp.client.close();
    const pids = [server, ...children.map(({ pid }) => pid)];
    await until(
      () => !pids.some(isAlive),
      "the processes to end",
      () => `${pids.filter(isAlive)} of ${pids}`,
    );
    if (way === "SIGKILL") return;
    // What could still be told is in the history.
    const { stdout } = await project.zr("history", "--status", "interrupted", "--json").result();
    expect((JSON.parse(stdout) as { readonly runs: readonly object[] }).runs).toHaveLength(2);
  },
);

test("what asks first is run only with confirm, and what wants a terminal not at all", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.deploy]
      cmd = "echo deployed"
      confirm = "Really?"
      [tasks.later]
      cmd = "echo later"
      deps = ["deploy"]
      [tasks.repl]
      cmd = "cat"
      interactive = true
      [tasks.reader]
      cmd = "cat"
      io = { stdin = "inherit" }
      [workflows.ship]
      stages = [{ name = "go", tasks = ["deploy"], approval = "Go?" }]
    `,
  });
  await using mcp = await connectMcp(project);
  for (const task of ["deploy", "later"])
    expect(await mcp.call("run_task", { task })).toMatchObject({
      isError: true,
      text: expect.stringContaining("E460: deploy asks first: Really?"),
    });
  expect(await mcp.call("run_workflow", { workflow: "ship" })).toMatchObject({ isError: true });
  expect(project.exists(".zr/history")).toBe(false);
  expect((await mcp.call("run_task", { task: "later", confirm: true })).value.status).toBe("success");
  expect((await mcp.call("run_workflow", { workflow: "ship", confirm: true })).value.status).toBe("success");
  for (const task of ["repl", "reader"])
    expect(await mcp.call("run_task", { task })).toMatchObject({
      isError: true,
      text: expect.stringContaining("E463"),
    });
});

test("a server may be kept from running anything, or anything but some tasks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      test = "true"
      test-all.deps = ["test", "build"]
      build = "true"
      [workflows.test-flow]
      stages = [{ name = "s", tasks = ["build"] }]
      [workflows.flow]
      stages = [{ name = "s", tasks = ["build"] }]
    `,
  });
  await using reading = await connectMcp(project, ["--read-only"]);
  const { tools } = await reading.client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain("run_task");
  expect(await reading.call("run_task", { task: "test" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("E462"),
  });
  await using limited = await connectMcp(project, ["--allow-task", "test*"]);
  expect((await limited.call("run_task", { task: "test" })).value.status).toBe("success");
  expect((await limited.call("run_task", { task: "test-all" })).value.status).toBe("success");
  expect((await limited.call("run_workflow", { workflow: "test-flow" })).value.status).toBe("success");
  for (const [name, given] of [
    ["run_task", { task: "build" }],
    ["run_task", { task: "*" }],
    ["run_workflow", { workflow: "flow" }],
  ] as const)
    expect(await limited.call(name, given)).toMatchObject({ isError: true });
});

test("a server that is a task goes on in the background by itself", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.dev]\ncmd = "${cmd("dev")}"\npersistent = true\n`,
  });
  await using mcp = await connectMcp(project);
  expect((await mcp.call("run_task", { task: "dev" })).value.status).toBe("running");
  const child = await project.command("dev").started();
  expect((await mcp.call("cancel_run")).value.status).toBe("interrupted");
  expect(isAlive(child.pid)).toBe(false);
});

test("no more than sixteen runs go on at once; one more is refused until one has ended", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nlong = "sleep 60"\n' });
  await using mcp = await connectMcp(project);
  const start = () => mcp.call("run_task", { task: "long", background: true });
  const started = await Promise.all(Array.from({ length: 17 }, start));
  const running = started.filter(({ value }) => value.status === "running");
  expect(running).toHaveLength(16);
  expect(started.find(({ isError }) => isError)?.text).toContain("E465: 16 runs are in progress");
  await mcp.call("cancel_run", { run: running[0]?.value.run });
  expect((await start()).value.status).toBe("running");
});

test("the last run is the last of anybody, and without a history the last of this server", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\na = "echo a"\nb = "echo b; exit 1"\n' });
  await using mcp = await connectMcp(project);
  await mcp.call("run_task", { task: "a" });
  await project.zr("b").expect({ code: 1, stdout: "b\n", stderr: /failed/ });
  expect((await mcp.call("get_run")).value).toMatchObject({ status: "failed", failed: [{ task: "b" }] });
  expect((await mcp.call("get_logs")).value.text).toBe("b\n");
  project.write("zr.toml", '[history]\nenabled = false\n[tasks]\na = "echo again"\n');
  project.remove(".zr");
  await mcp.call("run_task", { task: "a" });
  expect((await mcp.call("get_run")).value.output).toEqual({ a: "again" });
  expect((await mcp.call("get_logs")).value.text).toBe("again");
});

test("the logs of a task that the last run had not are those of its newest run", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks]\na = "echo a"\nb = "echo b"\nc = "echo c"\n',
  });
  await using mcp = await connectMcp(project);
  const { value } = await mcp.call("run_task", { task: "a" });
  await mcp.call("run_task", { task: "b" });
  expect((await mcp.call("get_logs", { task: "a" })).value).toMatchObject({ run: value.run, text: "a\n" });
  expect((await mcp.call("log_summary", { task: "a" })).value).toMatchObject({ run: value.run, last: "a" });
  expect((await mcp.call("get_logs", { run: "last", task: "a" })).text).toContain("E402");
  expect((await mcp.call("get_logs", { task: "c" })).text).toContain("E402");
  expect((await mcp.call("cancel_run")).text).toContain("E184");
});

test("--jobs, --timeout and --profile of the server hold for its runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.slow]
      cmd = "sleep 60"
      [tasks.who]
      cmd = "echo $WHO"
      [profiles.ci.env]
      WHO = "ci"
    `,
  });
  await using hurried = await connectMcp(project, ["--timeout", "50ms"]);
  expect((await hurried.call("run_task", { task: "slow" })).value).toMatchObject({
    status: "timed_out",
    exitCode: 124,
  });
  await using mcp = await connectMcp(project, ["--jobs", "1", "--timeout", "1h", "--profile", "ci"]);
  expect((await mcp.call("run_task", { task: "who" })).value.output).toEqual({ who: "ci" });
});
