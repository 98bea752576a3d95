import { readdirSync, statSync } from "node:fs";
import { expect, test } from "bun:test";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { samplesAfter } from "./resource-events";

const MB = 1024 * 1024;
const CONFIG = `[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"\nboth = { deps = ["a", "b"] }`;
const TABLE = /task +time +CPU time +peak memory +read +written\na +\S+ +\S+ +\d+\.\d MB +\S+ \S+ +\S+ \S+\n/;

/** The names of the runs in progress, once so many can be followed. */
async function followable(project: Project, count = 1, folder = "."): Promise<readonly string[]> {
  const runs = `${folder}/.zr/run`;
  const ready = (): string[] =>
    (project.exists(runs) ? readdirSync(project.path(runs)) : []).filter((run) =>
      project.exists(`${runs}/${run}/live.json`),
    );
  await until(
    () => ready().length >= count,
    `${count} runs that can be followed`,
    () => project.transcript(),
  );
  return ready();
}

test("--monitor says on stderr what runs and takes, and in a table at the end what was taken", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "a", "--monitor");
  const a = await project.command("a").started();
  await a.hold(100 * MB);
  await run.waitForOutput(
    /monitor: 1 running {2}CPU \d+ % {2}memory \d+\.\d MB {2}read \S+ \S+ {2}written/,
    "stderr",
  );
  await a.print("the output\n");
  a.exit();
  await run.expect({ stdout: "the output\n", stderr: TABLE });
});

test("on a terminal --monitor draws a table below the output, which it leaves whole", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const terminal = await project.terminal({}, "run", "a", "--monitor");
  const a = await project.command("a").started();
  await a.print("first\n");
  await terminal.waitForScreen(/first\nrunning +CPU +memory[^]*\na +\d+ %[^]*\ntotal +\d+ %/);
  await a.print("second\n");
  await terminal.waitForScreen(/first\nsecond\nrunning +CPU/);
  // A line that has no end yet is not broken by the table.
  await a.print("half");
  await terminal.waitForScreen(/first\nsecond\nhalf$/);
  await a.print(" a line\n");
  a.exit();
  await terminal.waitForScreen(/first\nsecond\nhalf a line\ntask +time/);
  expect((await terminal.exited).code).toBe(0);
});

test("zr monitor follows a run in progress until that ends", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "both");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  await followable(project);
  const monitor = project.zr("monitor");
  await monitor.waitForOutput(/^run \S+: both\n2 running {2}CPU/, "stdout");
  a.exit(3);
  await monitor.waitForOutput(/a failed: exit code 3/, "stdout");
  b.exit();
  await run.expect({ code: 1, stdout: anything, stderr: anything });
  await monitor.expect({
    stdout: /task +time +CPU time[^]*1 ok, 1 failed, 1 blocked after \S+, exit code 1\n$/,
  });
});

test("zr monitor --json streams the record so far and then every event, samples only while it listens", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "a", "--events", "-");
  const a = await project.command("a").started();
  const [id] = await followable(project);
  const monitor = project.zr("monitor", "--json");
  await samplesAfter(monitor, () => true, 2);
  a.exit();
  const [own, theirs] = await Promise.all([
    run.expect({ stdout: anything, stderr: anything }),
    monitor.expect({ stdout: anything }),
  ]);
  const [hello, ...events] = theirs.stdout.trimEnd().split("\n");
  expect(JSON.parse(hello ?? "")).toMatchObject({ type: "hello", v: 1, record: { run: id, request: ["a"] } });
  expect(events.join("\n")).toContain('"type":"instance.finished","id":"a"');
  expect(events.at(-1)).toContain('"type":"run.finished","exitCode":0');
  // What it was told is what the run has told everybody, from some moment on.
  const all = own.stdout
    .trimEnd()
    .split("\n")
    .filter((line) => !line.includes('"instance.output"'));
  expect(all.slice(-events.length)).toEqual(events);
  const started = all.findIndex((line) => line.includes('"instance.started"'));
  expect(all.slice(0, started + 1).some((line) => line.includes("resources.sampled"))).toBe(false);
});

test("q leaves zr monitor, and the run goes on", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  await followable(project);
  for (const key of ["q", "\x03"]) {
    const terminal = await project.terminal({}, "monitor");
    await terminal.waitForScreen(/run \S+: a\n\S+ · 1 running · q leaves\nrunning +CPU/);
    terminal.type(key);
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.scrollback().join("\n") + terminal.screen().join("\n")).toContain("the run goes on");
  }
  await a.print("still here\n");
  a.exit();
  await run.expect({ stdout: "still here\n", stderr: anything });
});

test("of several runs the newest is followed, or the one whose name begins as said", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const first = project.zr("run", "a");
  const a = await project.command("a").started();
  const [firstId = ""] = await followable(project);
  const second = project.zr("run", "b");
  const b = await project.command("b").started();
  await followable(project, 2);
  const { stdout: list } = await project.zr("monitor", "--list").expect({ stdout: /^\S+ {2}b\n\S+ {2}a\n$/ });
  const { stdout: json } = await project.zr("monitor", "--list", "--json").expect({ stdout: anything });
  expect(JSON.parse(json)).toMatchObject({ runs: [{ request: ["b"] }, { run: firstId, request: ["a"] }] });
  const newest = project.zr("monitor");
  const named = project.zr("monitor", firstId);
  await newest.waitForOutput(/run \S+: b/, "stdout");
  await named.waitForOutput(`run ${firstId}: a`, "stdout");
  await project
    .zr("monitor", "2")
    .expect({ code: 1, stderr: /E301[^]*no one run in progress is meant by '2'/ });
  await project.zr("monitor", "nope").expect({ code: 1, stderr: /E301/ });
  a.exit();
  b.exit();
  await first.expect({ stdout: anything, stderr: anything });
  await second.expect({ stdout: anything, stderr: anything });
  await named.expect({ stdout: anything });
  await newest.expect({ stdout: anything, stderr: `2 runs are in progress; this is the newest:\n${list}` });
});

test("without a run in progress zr monitor says so and exits with 1, also where a killed one has left its files", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project
    .zr("monitor")
    .expect({ code: 1, stderr: /E300[^]*no run is in progress that could be followed/ });
  await project.zr("monitor", "--list").expect({ stdout: "no run is in progress\n" });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  await followable(project);
  const monitor = project.zr("monitor");
  await monitor.waitForOutput(/1 running/, "stdout");
  run.kill("SIGKILL");
  await a.closed;
  await monitor.expect({ code: 1, stdout: /the run is gone without having told of its end\n$/ });
  await project.zr("monitor").expect({ code: 1, stderr: /E300/ });
});

test("the socket is for this user alone and goes with the run, which leaves nothing in a short one", async () => {
  await using project = await makeProject({ "zr.toml": `${CONFIG}\nshort = "true"` });
  await project.zr("run", "short").expect();
  expect(project.exists(".zr/run")).toBe(false);
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const [id = ""] = await followable(project);
  expect(statSync(project.path(`.zr/run/${id}/live.sock`)).mode & 0o777).toBe(0o600);
  expect(statSync(project.path(`.zr/run/${id}`)).mode & 0o777).toBe(0o700);
  a.exit();
  await run.expect();
  expect(readdirSync(project.path(".zr/run"))).toEqual([]);
});

test("a project whose path is too long for a socket can be followed too", async () => {
  await using project = await makeProject({});
  const folder = "a-name-of-forty-characters-in-all-and-it".repeat(3);
  project.write(`${folder}/zr.toml`, CONFIG);
  const run = project.zrWith({ cwd: folder }, "run", "a");
  const a = await project.command("a").started();
  await followable(project, 1, folder);
  const monitor = project.zrWith({ cwd: folder }, "monitor");
  await monitor.waitForOutput(/run \S+: a/, "stdout");
  a.exit();
  await Promise.all([run.expect(), monitor.expect({ stdout: /exit code 0/ })]);
  expect(readdirSync(project.folders.tmp)).toEqual([]);
});

test("a reader that takes nothing does not hold the run back", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const [id = ""] = await followable(project);
  const socket = await Bun.connect({
    unix: project.path(`.zr/run/${id}/live.sock`),
    socket: { data: () => undefined },
  });
  socket.pause();
  socket.write("garbage that nobody reads\n".repeat(1000));
  a.exit();
  await run.expect();
  socket.terminate();
});

test("what lies in a run's folder and who answers at its socket is checked", async () => {
  await using project = await makeProject({
    "zr.toml": CONFIG,
    ".zr/run/x1/live.json": "not JSON",
    ".zr/run/x2/live.json": '{"v":2,"address":"/nowhere","wallMs":1,"request":[]}',
    ".zr/run/x3/live.json": '{"v":1,"address":{},"wallMs":1,"request":[]}',
    ".zr/run/x4/live.json": '{"v":1,"address":"/nowhere","wallMs":1,"request":["a"]}',
  });
  await project.zr("monitor").expect({ code: 1, stderr: /E300/ });
  const path = project.path("stranger.sock");
  using stranger = Bun.listen({
    unix: path,
    socket: { open: (socket) => void socket.write('{"type":"hello","v":1}\n'), data: () => undefined },
  });
  project.write(
    ".zr/run/x5/live.json",
    JSON.stringify({ v: 1, address: path, wallMs: 1, request: ["\x1b[31m"] }),
  );
  await project.zr("monitor", "--list").expect({ stdout: "x5  \\x1b[31m\n" });
  await project
    .zr("monitor")
    .expect({ code: 1, stderr: "run x5 can't be followed: it speaks another protocol\n" });
  expect(stranger).toBeDefined();
});
