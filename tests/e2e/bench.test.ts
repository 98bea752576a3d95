import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const FILE = `
  [tasks]
  count = "echo x >> runs"
  dep = "echo x >> deps"
  with-dep = { cmd = "echo x >> runs", deps = ["dep"] }
  slow = "sleep 0.05"
  fast = "true"
  bad = "echo trouble; exit 4"
  all = { deps = ["fast"] }
  server = { cmd = "sleep 60", persistent = true }
  maybe = { cmd = "true", condition = "false" }
  done = { cmd = "echo x >> runs", status = "true" }
  each = { cmd = "true", matrix = { os = ["a", "b"] } }
`;

const lines = async (path: string): Promise<number> => (await Bun.file(path).text()).split("\n").length - 1;

test("a task is run for warm-up and then measured so many times; the table tells of it", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stdout } = await project
    .zr("bench", "count", "--runs", "7", "--warmup", "2")
    .expect({ stdout: anything });
  expect(await lines(project.path("runs"))).toBe(9);
  const [head, row] = stdout.split("\n");
  expect(head?.trim().split(/ {2,}/)).toEqual([
    "median",
    "95% interval",
    "mean",
    "deviation",
    "least",
    "most",
    "cpu",
    "runs",
  ]);
  expect(row).toMatch(/^count( +\S+ms){1} +\S+ms … \S+ms( +\S+ms){5} +7$/);
});

test("what it depends on is run once before, and is not measured", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project.zr("bench", "with-dep", "--runs", "3", "--warmup", "0").expect({ stdout: anything });
  expect(await lines(project.path("deps"))).toBe(1);
  expect(await lines(project.path("runs"))).toBe(4);
});

test("the JSON document has every measurement and the figures made of them", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stdout } = await project
    .zr("bench", "slow", "--runs", "6", "--warmup", "0", "--json")
    .expect({ stdout: anything });
  const { v, warmup, results, comparisons } = JSON.parse(stdout);
  expect([v, warmup, comparisons]).toEqual([1, 0, []]);
  const [result] = results;
  expect(result).toMatchObject({ task: "slow", runs: 6, interval: { confidence: 0.96875 } });
  expect(result.timesMs).toHaveLength(6);
  expect(result.minMs).toBe(Math.min(...result.timesMs));
  expect(result.maxMs).toBe(Math.max(...result.timesMs));
  expect(result.minMs).toBeGreaterThanOrEqual(49);
  expect(result.interval.lowMs).toBe(result.minMs);
});

test("the CSV has a line for each run", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  for (const option of [["--csv"], ["--format", "csv"]]) {
    const { stdout } = await project
      .zr("bench", "fast", "--runs", "2", "--against", "slow", ...option)
      .expect({ stdout: anything });
    expect(stdout).toMatch(
      /^task,run,time_ms,cpu_ms\nfast,1,[\d.]+,[\d.]+\nfast,2,[\d.]+,[\d.]+\nslow,1,[\d.]+,[\d.]+\nslow,2,[\d.]+,[\d.]+\n$/,
    );
  }
});

test("--against measures the other in turns, and names the faster one with the ratio", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "echo a >> order; sleep 0.05"\nb = "echo b >> order"\n`,
  });
  const { stdout } = await project
    .zr("bench", "a", "--against", "b", "--runs", "6", "--warmup", "1")
    .expect({ stdout: anything });
  expect(stdout).toMatch(/\na is slower than b: \S+× its time, 95% interval \S+ … \S+\n$/);
  expect((await Bun.file(project.path("order")).text()).replaceAll("\n", "")).toBe("abbaabbaabbaab");
});

test("of the same command twice no difference is claimed", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stdout } = await project
    .zr("bench", "fast", "--against", "fast", "--runs", "3", "--json")
    .expect({ stdout: anything });
  // Three runs on each side are too few for any claim, so that this holds on every machine.
  expect(JSON.parse(stdout).comparisons[0]).toMatchObject({
    task: "fast",
    with: { kind: "task", name: "fast" },
    verdict: "unclear",
  });
});

test("--save keeps the measurements, --baseline compares with them by name or by file", async () => {
  await using project = await makeProject({ "zr.toml": FILE, "sub/x": "" });
  await project.zr("bench", "fast", "--runs", "6", "--save", "before").expect({ stdout: anything });
  const kept = JSON.parse(await Bun.file(project.path(".zr/bench/before.json")).text());
  expect(kept).toMatchObject({ v: 1, task: "fast" });
  expect(await Bun.file(project.path(".zr/.gitignore")).text()).toBe("*\n");
  expect(kept.timesMs).toHaveLength(6);
  for (const baseline of ["before", ".zr/bench/before.json"]) {
    const { stdout } = await project
      .zr("bench", "slow", "--runs", "6", "--baseline", baseline)
      .expect({ stdout: anything });
    expect(stdout).toContain(`slow is slower than the baseline '${baseline}': `);
  }
});

test("--fail-slower makes a sure slowdown an exit code, and nothing else", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const kept = { v: 1, task: "slow", savedAt: 1, zr: "0", timesMs: [1, 1, 1, 1, 1, 1] };
  project.write(".zr/bench/short.json", JSON.stringify(kept));
  project.write(".zr/bench/long.json", JSON.stringify({ ...kept, timesMs: [9e5, 9e5, 9e5, 9e5, 9e5, 9e5] }));
  const words = ["bench", "slow", "--runs", "6", "--fail-slower"] as const;
  await project.zr(...words, "10", "--baseline", "short").expect({ code: 1, stdout: anything });
  await project.zr(...words, "999999999", "--baseline", "short").expect({ stdout: anything });
  await project.zr(...words, "10", "--baseline", "long").expect({ stdout: anything });
});

test.each([
  ["", "the file is not JSON"],
  ["[1]", "the file is no baseline of this version"],
  [
    '{ "v": 1, "task": "a", "savedAt": 1, "zr": "0", "timesMs": [1, -1] }',
    "the file is no baseline of this version",
  ],
  [
    '{ "v": 2, "task": "a", "savedAt": 1, "zr": "0", "timesMs": [1] }',
    "the file is no baseline of this version",
  ],
])("the baseline file %p is refused before anything is run", async (text, reason) => {
  await using project = await makeProject({ "zr.toml": FILE });
  project.write(".zr/bench/odd.json", text);
  await project
    .zr("bench", "count", "--baseline", "odd")
    .expect({ code: 2, stderr: `error[E295]: can't read the baseline 'odd': ${reason}\n` });
  expect(project.exists("runs")).toBe(false);
});

test("a baseline that is not there and a name that is none are refused", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project
    .zr("bench", "count", "--baseline", "none")
    .expect({ code: 2, stderr: "error[E295]: can't read the baseline 'none': there is none\n" });
  await project
    .zr("bench", "count", "--save", "../up")
    .expect({ code: 2, stderr: "error[E183]: option '--save' must be a name, not '../up'\n" });
  expect(project.exists("runs")).toBe(false);
});

test("a run that fails ends the benchmark with its failure block and exit code", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stderr } = await project
    .zr("bench", "bad", "--runs", "5")
    .expect({ code: 4, stdout: "trouble\n", stderr: anything });
  expect(stderr).toContain("✗ bad failed: exit code 4");
});

test.each([
  ["all", "it has no command of its own"],
  ["server", "it is persistent and does not end"],
  ["maybe", "skipped: its condition is false: false"],
])("the task %s can't be measured, and it is said why", async (task, reason) => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project
    .zr("bench", task, "--runs", "1")
    .expect({ code: 2, stderr: `error[E296]: '${task}' can't be measured: ${reason}\n` });
});

test("what is up to date is run all the same", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project.zr("bench", "done", "--runs", "2", "--warmup", "0").expect({ stdout: anything });
  expect(await lines(project.path("runs"))).toBe(2);
});

test("one task is asked for, a combination of a matrix is one", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project.zr("bench").expect({ code: 2, stderr: "error[E184]: 'zr bench' needs the name of a task\n" });
  await project.zr("bench", "each").expect({
    code: 2,
    stderr: "error[E184]: 'zr bench' needs one task, such as each[os=a] or each[os=b]\n",
  });
  await project.zr("bench", "each[os=a]", "--runs", "1").expect({ stdout: anything });
});

test("--time measures for about so long, but never fewer than six times", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stdout } = await project
    .zr("bench", "slow", "--time", "1ms", "--warmup", "0", "--json")
    .expect({ stdout: anything });
  expect(JSON.parse(stdout).results[0].runs).toBe(6);
});

test("Ctrl-C ends the benchmark with 130 and no table", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.t]\ncmd = "${cmd("t")}"\n` });
  const run = project.zr("bench", "t", "--runs", "5");
  const first = await project.command("t").started();
  first.exit(0);
  const second = await project.command("t").started();
  run.kill("SIGINT");
  await second.closed;
  await run.expect({ code: 130, stderr: anything });
  expect(project.command("t").count).toBe(2);
});

test("measurements that can't be kept are an error, after they have been shown", async () => {
  await using project = await makeProject({ "zr.toml": FILE, ".zr/bench": "a file\n" });
  const { stdout, stderr } = await project
    .zr("bench", "fast", "--runs", "1", "--save", "x")
    .expect({ code: 2, stdout: anything, stderr: anything });
  expect(stdout).toContain("fast");
  expect(stderr).toStartWith("error[E190]: can't write .zr/bench/x.json: ");
});
