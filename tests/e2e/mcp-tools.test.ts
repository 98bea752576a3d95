import { expect, test } from "bun:test";
import { connectMcp } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const WORKSPACE = {
  "zr.toml": `
    [workspace]
    members = ["packages/*"]

    [tasks.build]
    description = "Compile"
    cmd = "echo built"
    tags = ["ci"]

    [tasks.test]
    cmd = "echo 'src/a.ts:3:7: error: boom'; exit 2"
    deps = ["build"]

    [tasks.greet]
    cmd = "echo hello \${args.name} \${args.loud}"
    args = [{ name = "name", required = true }, { name = "loud", default = "no" }]

    [workflows.release]
    description = "Build and ship"
    stages = [{ name = "one", tasks = ["build"] }, { name = "two", tasks = ["greet"] }]
    inputs = [{ name = "name", required = true }]
  `,
  "packages/web/zr.toml": `
    [package]
    name = "web"
    deps = ["lib"]
    [tasks.build]
    cmd = "echo web"
  `,
  "packages/lib/zr.toml": `
    [package]
    name = "lib"
    [tasks.build]
    cmd = "echo lib"
    [env]
    COLOR = "blue"
  `,
};

test("the tools are those of the catalogue, each with titles, schemas and annotations", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  const { tools } = await mcp.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    "list_tasks",
    "show_task",
    "explain_task",
    "show_graph",
    "estimate_duration",
    "run_task",
    "run_workflow",
    "cancel_run",
    "get_run",
    "get_logs",
    "log_summary",
    "search_logs",
    "task_history",
    "validate_config",
    "generate_config",
    "list_packages",
    "affected",
    "cache_status",
    "env_info",
    "doctor",
    "setup",
  ]);
  for (const { inputSchema, outputSchema, annotations, title, description } of tools) {
    expect(inputSchema.type).toBe("object");
    expect(outputSchema?.type).toBe("object");
    expect(title).toBeString();
    expect(description).toBeString();
    expect(Object.keys(annotations ?? {}).sort()).toEqual([
      "destructiveHint",
      "idempotentHint",
      "openWorldHint",
      "readOnlyHint",
      "title",
    ]);
  }
  const writing = tools.filter(({ annotations }) => annotations?.readOnlyHint === false);
  expect(writing.map(({ name }) => name)).toEqual([
    "run_task",
    "run_workflow",
    "cancel_run",
    "generate_config",
    "setup",
  ]);
});

test("list_tasks names tasks and workflows, filters them and pages", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  const all = await mcp.call("list_tasks");
  expect(all.value).toEqual({
    tasks: [
      { name: "build", description: "Compile" },
      { name: "test" },
      { name: "greet", params: ["name!", "loud"] },
      { name: "lib:build" },
      { name: "web:build" },
    ],
    workflows: [
      { name: "release", description: "Build and ship", stages: ["one", "two"], inputs: ["name!"] },
    ],
    total: 5,
  });
  expect(JSON.parse(all.text)).toEqual(all.value);
  const first = await mcp.call("list_tasks", { limit: 2 });
  expect(first.value.tasks).toHaveLength(2);
  const second = await mcp.call("list_tasks", { limit: 2, cursor: first.value.cursor });
  const third = await mcp.call("list_tasks", { limit: 2, cursor: second.value.cursor });
  expect([...first.value.tasks, ...second.value.tasks, ...third.value.tasks]).toEqual(all.value.tasks);
  expect(third.value.cursor).toBeUndefined();
  expect((await mcp.call("list_tasks", { tag: "ci", verbose: true })).value).toEqual({
    tasks: [{ name: "build", description: "Compile", tags: ["ci"], file: "zr.toml" }],
    total: 1,
  });
  expect((await mcp.call("list_tasks", { package: "web" })).value.tasks).toEqual([{ name: "web:build" }]);
  expect((await mcp.call("list_tasks", { match: "gre" })).value.tasks).toHaveLength(1);
});

test("show_task, explain_task, show_graph and list_packages tell what the configuration means", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  expect((await mcp.call("show_task", { task: "test" })).value.tasks).toMatchObject([
    { name: "test", file: "zr.toml", line: 9, needs: ["build"], settings: { deps: ["build"] } },
  ]);
  expect((await mcp.call("explain_task", { task: "test" })).value).toMatchObject({
    plan: [
      { task: "build", would: "would run", why: "test depends on it" },
      { task: "test", would: "would run", why: "asked for", after: ["build"] },
    ],
    total: 2,
  });
  expect((await mcp.call("show_graph", { task: "test" })).value).toEqual({
    needs: { build: [], test: ["build"] },
    total: 2,
  });
  expect((await mcp.call("show_graph", { packages: true })).value.needs).toMatchObject({
    web: ["lib"],
    lib: [],
  });
  expect((await mcp.call("list_packages", { match: "we" })).value).toEqual({
    packages: [{ name: "web", path: "packages/web", deps: ["lib"] }],
    total: 1,
  });
});

test("run_task answers with the end of a run; a failure has its places and is an error of the same shape", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  const good = await mcp.call("run_task", { task: "build" });
  expect(good).toMatchObject({
    isError: false,
    value: { status: "success", exitCode: 0, tasks: { success: 1 }, output: { build: "built" } },
  });
  const bad = await mcp.call("run_task", { task: "test" });
  expect(bad).toMatchObject({
    isError: true,
    value: {
      status: "failed",
      exitCode: 2,
      tasks: { success: 1, failed: 1 },
      failed: [
        {
          task: "test",
          why: "failed: exit code 2",
          problems: [{ file: "src/a.ts", line: 3, column: 7, message: "error: boom" }],
          output: "src/a.ts:3:7: error: boom",
          lines: 1,
        },
      ],
    },
  });
  expect((await mcp.call("get_run")).value).toEqual({ ...bad.value, run: expect.any(String) });
  // The history says the same as the server that has run it.
  await using other = await connectMcp(project);
  const { durationMs: _, ...told } = bad.value;
  expect((await other.call("get_run", { run: bad.value.run })).value).toMatchObject(told);
  expect((await other.call("get_run", { run: "-2" })).value.run).toBe(good.value.run);
});

test("arguments reach the task, by name and in order, and what is left its command", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  const named = await mcp.call("run_task", { task: "greet", params: { name: "you", loud: true } });
  expect(named.value.output).toEqual({ greet: "hello you true" });
  const ordered = await mcp.call("run_task", { task: "greet", args: ["me", "yes", "--more"] });
  expect(ordered.value.output).toEqual({ greet: "hello me yes --more" });
  const elsewhere = await mcp.call("run_task", { task: "build", package: "web" });
  expect(elsewhere.value.output).toEqual({ "web:build": "web" });
  await project.zr("history", "last").expect({ stdout: /run web:build/ });
});

test("run_workflow runs its stages with inputs", async () => {
  await using project = await makeProject(WORKSPACE);
  await using mcp = await connectMcp(project);
  const { value } = await mcp.call("run_workflow", {
    workflow: "release",
    params: { name: "x" },
    stage: "one",
  });
  expect(value).toMatchObject({ status: "success", workflow: "release", stages: { one: "success" } });
  const missing = await mcp.call("run_workflow", { workflow: "release" });
  expect(missing).toMatchObject({ isError: true, text: expect.stringContaining("name") });
});

test("logs are paged by cursors, summed up and searched", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.count]
      cmd = "seq 1 500; echo 'lib/x.py:9: ValueError: bad'; exit 1"
    `,
  });
  await using mcp = await connectMcp(project);
  const run = await mcp.call("run_task", { task: "count" });
  const last = await mcp.call("get_logs", { limit: 3 });
  expect(last.value).toMatchObject({ task: "count", text: "499\n500\nlib/x.py:9: ValueError: bad\n" });
  const before = await mcp.call("get_logs", { limit: 2, cursor: last.value.older });
  expect(before.value.text).toBe("497\n498\n");
  const after = await mcp.call("get_logs", { limit: 3, cursor: before.value.newer });
  expect(after.value.text).toBe(last.value.text);
  expect(after.value.newer).toBeUndefined();
  const start = await mcp.call("get_logs", { limit: 2, cursor: "a0" });
  expect(start.value).toMatchObject({ text: "1\n2\n", newer: "a4" });
  expect((await mcp.call("log_summary")).value).toMatchObject({
    run: run.value.run,
    task: "count",
    lines: 501,
    errors: 1,
    problems: [{ file: "lib/x.py", line: 9, message: "ValueError: bad" }],
  });
  expect((await mcp.call("search_logs", { pattern: "VALUEERROR" })).value.matches).toEqual([
    { run: run.value.run, task: "count", line: 501, text: "lib/x.py:9: ValueError: bad" },
  ]);
  const regex = await mcp.call("search_logs", { pattern: "^4\\d0$", regex: true, limit: 4 });
  expect(regex.value).toMatchObject({ more: true });
  expect(regex.value.matches.map(({ text }: { text: string }) => text)).toEqual(["400", "410", "420", "430"]);
  expect(await mcp.call("search_logs", { pattern: "(", regex: true })).toMatchObject({
    isError: true,
    text: expect.stringContaining("E466"),
  });
});

test("task_history and estimate_duration look back", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nflip = "test -f ok"\n`,
  });
  await project.zr("flip").expect({ code: 1, stderr: anything });
  project.write("ok", "");
  await project.zr("flip").expect({});
  await using mcp = await connectMcp(project);
  const { value } = await mcp.call("task_history", { task: "flip" });
  expect(value).toMatchObject({
    runs: [{ state: "success" }, { state: "failed" }],
    successRate: 0.5,
    total: 2,
  });
  expect((await mcp.call("task_history", { limit: 1 })).value).toMatchObject({
    runs: [{ what: "run flip" }],
    total: 2,
    cursor: "1",
  });
  expect((await mcp.call("estimate_duration", { task: "flip" })).value).toMatchObject({
    usualMs: expect.any(Number),
    criticalPath: ["flip"],
  });
});

test("validate_config, affected, cache_status and env_info answer", async () => {
  await using project = await makeProject(WORKSPACE, { git: true });
  await using mcp = await connectMcp(project);
  expect((await mcp.call("validate_config")).value).toMatchObject({ ok: true, total: 0 });
  project.write("packages/lib/new.txt", "new");
  expect((await mcp.call("affected", { base: "HEAD" })).value).toMatchObject({
    changedFiles: 1,
    packages: [
      { name: "lib", why: "changed: packages/lib/new.txt" },
      { name: "web", why: "depends on what changed: web → lib" },
    ],
  });
  expect((await mcp.call("cache_status")).value).toMatchObject({ entries: 0, mode: "read-write" });
  expect((await mcp.call("env_info", { package: "lib" })).value).toMatchObject({
    variables: { COLOR: "blue" },
    root: project.root,
  });
  // The configuration is read anew for each question.
  project.write("zr.toml", '[tasks.build]\ncmd = "x"\ndeps = ["nothing"]\n');
  expect((await mcp.call("validate_config")).value).toMatchObject({
    ok: false,
    problems: [{ code: "E130", file: "zr.toml", line: 3, column: 9 }],
  });
  expect(await mcp.call("list_tasks")).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^zr\.toml:3:9: E130: .*nothing/),
  });
  // A key of another tool is told with the way in which zr writes it.
  project.write("zr.toml", '[tasks.build]\ncmd = "x"\ntimeout_minutes = 5\n');
  expect((await mcp.call("validate_config")).value.problems).toEqual([
    expect.objectContaining({ code: "E110", suggestions: ["timeout"], hint: 'write timeout = "5m"' }),
  ]);
  expect((await mcp.call("list_tasks")).text).toMatch(/did you mean 'timeout'\?; write timeout = "5m"$/);
});

test("generate_config shows what would be written, and writes it where it is asked to", async () => {
  await using project = await makeProject({
    "package.json": '{"name":"shop","scripts":{"test":"echo tested"}}',
  });
  await using mcp = await connectMcp(project);
  const shown = await mcp.call("generate_config");
  expect(shown.value).toMatchObject({ written: false, files: [{ path: "zr.toml", new: true }], try: "test" });
  expect(project.exists("zr.toml")).toBe(false);
  const written = await mcp.call("generate_config", { write: true });
  expect(written.value.written).toBe(true);
  expect(project.read("zr.toml")).toBe(shown.value.files[0].text);
  expect(await mcp.call("generate_config", { write: true })).toMatchObject({
    isError: true,
    text: expect.stringContaining("E187"),
  });
  expect((await mcp.call("run_task", { task: "test" })).value.status).toBe("success");
});

test("doctor says what is wrong, setup mends it, each with what happened", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [setup]
      steps = ["env", { cmd = "echo reason; test -f there", name = "look" }]
      [doctor.checks.mine]
      cmd = "touch ran"
    `,
    ".env.example": "A=1\n",
  });
  await using mcp = await connectMcp(project);
  const found = await mcp.call("doctor", { checks: ["env"] });
  expect(found.value).toMatchObject({
    ok: false,
    failed: 1,
    findings: [{ check: "env", name: ".env", state: "failed", fix: "zr setup env" }],
  });
  expect((await mcp.call("setup", { check: true })).value.steps).toMatchObject([
    { state: "todo" },
    { state: "todo" },
  ]);
  expect(project.exists(".env")).toBe(false);
  const failed = await mcp.call("setup");
  expect(failed.isError).toBe(true);
  expect(failed.value).toMatchObject({
    ok: false,
    steps: [
      { id: "env", state: "done" },
      { id: "look", state: "failed", output: "reason" },
    ],
  });
  project.write("there", "");
  expect((await mcp.call("setup")).value).toMatchObject({
    ok: true,
    steps: [{ state: "up-to-date" }, { state: "done" }],
  });
  expect((await mcp.call("doctor", { checks: ["env", "mine"] })).value).toMatchObject({ ok: true, total: 0 });
  expect(project.exists("ran")).toBe(true);
});

test("a server that only reads looks without running anything of the configuration, and sets nothing up", async () => {
  await using project = await makeProject({ "zr.toml": '[doctor.checks.mine]\ncmd = "touch ran"\n' });
  await using mcp = await connectMcp(project, ["--read-only"]);
  const { tools } = await mcp.client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain("setup");
  const { value } = await mcp.call("doctor", { checks: ["mine"], verbose: true });
  expect(value.findings).toMatchObject([{ name: "mine", state: "skipped" }]);
  expect(project.exists("ran")).toBe(false);
});

test("where only some tasks may be run, the working copy is not set up", async () => {
  await using project = await makeProject({ "zr.toml": '[setup]\nsteps = [{ cmd = "touch ran" }]\n' });
  await using mcp = await connectMcp(project, ["--allow-task", "test"]);
  expect(await mcp.call("setup")).toMatchObject({ isError: true, text: expect.stringContaining("E461") });
  expect(project.exists("ran")).toBe(false);
});

test("a cursor that no answer has given is refused and is no first page", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\na = "echo a"\nb = "true"' });
  await using mcp = await connectMcp(project);
  await mcp.call("run_task", { task: "a" });
  for (const [operation, cursor] of [
    ["list_tasks", "nope"],
    ["list_tasks", "-1"],
    ["task_history", "1.5"],
    ["get_logs", "5"],
    ["get_logs", "bx"],
  ] as const) {
    const { text, isError } = await mcp.call(operation, { cursor });
    expect([operation, cursor, isError]).toEqual([operation, cursor, true]);
    expect(text).toContain(`cursor: expected what a former answer gave, found "${cursor}"`);
  }
});
