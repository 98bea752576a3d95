import { chmodSync, readdirSync } from "node:fs";
import { totalmem } from "node:os";
import { expect, test } from "bun:test";
import { cgroupFacts, findCgroupPlace } from "#system/cgroup/cgroup-place";
import type { RunEvent } from "#core/model/event";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { eventsOf } from "./events";
import { testUnless } from "#tests/support/left-out";

const MB = 1024 * 1024;
/** A scripted command has some fifty megabytes of its own. */
const LIMIT = `resources = { max_memory = "300MB" }`;
const TOO_MUCH = 400 * MB;
const EXCEEDED = /memory limit 300 MB exceeded, peak \d+(\.\d)? MB/;

/** Both ways of keeping a limit; where control groups can't be used here, the first is the second. */
const ways = [
  ["as this machine can", {}],
  ["by looking at the processes", { ZR_NO_CGROUP: "1" }],
] as const;

test.each(ways)(
  "a task above max_memory is stopped and says so, and the one beside it goes on, %s",
  async (_, env) => {
    await using project = await makeProject(
      { "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\n${LIMIT}\n[tasks.b]\ncmd = "${cmd("b")}"\n${LIMIT}` },
      { env },
    );
    const run = project.zr("run", "a", "b", "--keep-going");
    const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
    void a.hold(TOO_MUCH);
    await a.closed;
    expect(isAlive(b.pid)).toBe(true);
    await b.print("still here\n");
    b.exit();
    await run.expect({ code: 1, stdout: /still here/, stderr: EXCEEDED });
  },
);

test.each(ways)("what a task forks counts, wherever it has moved, and goes with it, %s", async (_, env) => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\n${LIMIT}` }, { env });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const child = await a.fork();
  const away = await child.fork({ detached: true, holdsOutput: false });
  void away.hold(TOO_MUCH);
  await Promise.all([a.closed, child.closed, away.closed]);
  await run.expect({ code: 1, stdout: anything, stderr: EXCEEDED });
});

test.each(ways)(
  "a program in a session and an environment of its own is held to the limit too, %s",
  async (_, env) => {
    const hog = `${process.execPath} --no-install -e 'const held = Buffer.alloc(${TOO_MUCH}, 1); setInterval(() => held, 1e6)'`;
    await using project = await makeProject(
      { "zr.toml": `[tasks.a]\ncmd = "setsid -w env -i ${hog.replaceAll('"', '\\"')}"\n${LIMIT}` },
      { env },
    );
    await project.zr("run", "a").expect({ code: 1, stdout: anything, stderr: EXCEEDED });
    expect(project.processes()).toEqual([]);
  },
);

test("the memory of several processes counts together", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\n${LIMIT}` });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const b = await a.fork();
  await a.hold(160 * MB);
  void b.hold(160 * MB);
  await a.closed;
  await run.expect({ code: 1, stdout: anything, stderr: EXCEEDED });
});

test("a task that stays below its limit ends as always, and its failures are its own", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      fine = { cmd = "${cmd("fine")}", ${LIMIT} }
      bad = { cmd = "exit 3", ${LIMIT} }
      missing = { cmd = "no-such-program", ${LIMIT} }
      plain = { cmd = "./plain a b", ${LIMIT} }
    `,
    plain: "echo plain $#",
  });
  const run = project.zr("run", "fine");
  const fine = await project.command("fine").started();
  await fine.hold(100 * MB);
  fine.exit();
  await run.expect({ stdout: anything, stderr: anything });
  await project.zr("run", "bad").expect({ code: 3, stderr: /exit code 3/ });
  await project.zr("run", "missing").expect({ code: 127, stderr: /program 'no-such-program' not found/ });
  chmodSync(project.path("plain"), 0o755);
  await project.zr("run", "plain").expect({ stdout: "plain 2\n" });
});

test("an interactive task is held to its limit on the terminal", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\ninteractive = true\n${LIMIT}`,
  });
  const terminal = await project.terminal({}, "run", "a");
  const a = await project.command("a").started();
  const child = await a.fork();
  void child.hold(TOO_MUCH);
  await Promise.all([a.closed, child.closed]);
  await terminal.waitForScreen(EXCEEDED);
  expect((await terminal.exited).code).toBe(1);
});

test("the limit is kept at every attempt, and a failure by it can be allowed", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\nretry = 1\nallow_failure = true\n${LIMIT}`,
  });
  const run = project.zr("run", "a");
  for (const _ of [1, 2]) {
    const a = await project.command("a").started();
    void a.hold(TOO_MUCH);
    await a.closed;
  }
  await run.expect({ stdout: anything, stderr: EXCEEDED });
});

test("a limit may be a share of the machine's memory", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\nresources = { max_memory = "1%" }`,
  });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  void a.hold(Math.ceil(totalmem() / 50));
  await a.closed;
  await run.expect({ code: 1, stdout: anything, stderr: /memory limit \d+(\.\d)? MB exceeded/ });
});

test("--verbose says in which way limits are kept", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "true"\n${LIMIT}` });
  await project
    .zr("run", "a", "--verbose")
    .expect({ stderr: /limits are kept by (control groups|looking at)/ });
  await project
    .zrWith({ env: { ZR_NO_CGROUP: "1" } }, "run", "a", "--verbose")
    .expect({ stderr: /limits are kept by looking at the processes: control groups are turned off/ });
});

test("SIGKILL of zr ends what was limited, too", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\n${LIMIT}` });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  const away = await a.fork({ detached: true, holdsOutput: false });
  run.kill("SIGKILL");
  await Promise.all([a.closed, away.closed]);
});

test("what an instance took at most is recorded, of a plain task as far as the system tells", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      big = "${cmd("big")}"
      small = "true"
      limited = { cmd = "${cmd("limited")}", ${LIMIT} }
    `,
  });
  const run = project.zr("run", "big", "small", "limited", "--events", "-");
  const big = await project.command("big").started();
  await big.hold(200 * MB);
  big.exit();
  const limited = await project.command("limited").started();
  await limited.hold(150 * MB);
  limited.exit();
  const { stdout } = await run.expect({ stdout: anything, stderr: anything });
  const finished = new Map(
    eventsOf(stdout)
      .filter(
        (event): event is Extract<RunEvent, { type: "instance.finished" }> =>
          event.type === "instance.finished",
      )
      .map((event) => [String(event.id), event]),
  );
  expect(finished.get("big")?.peakMemoryBytes).toBeGreaterThan(200 * MB);
  expect(finished.get("limited")?.peakMemoryBytes).toBeGreaterThan(150 * MB);
  // A program smaller than zr itself: the system knows only what zr had when it started it.
  expect(finished.get("small")?.peakMemoryBytes).toBeUndefined();
});

const facts = await cgroupFacts();
const place = facts === undefined ? undefined : await findCgroupPlace(facts);
const scopes = place?.ok === true && place.value.controllers.has("memory") ? place.value.parent : undefined;

testUnless(scopes === undefined ? "no control groups to write to" : undefined)(
  "where control groups can be used a command is in a scope of its own, which goes with it",
  async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.a]\ncmd = "cat /proc/self/cgroup; setsid env -i sleep 1000 & ${cmd("a")}"\n${LIMIT}`,
    });
    const mine = (run: string): string[] =>
      readdirSync(scopes ?? "").filter((name) => name.startsWith(`zr-${run}-`));
    const run = project.zr("run", "a");
    const a = await project.command("a").started();
    const [, id = ""] = /^0::\S*\/zr-(\S+)-\d+\.\d+-\d+$/m.exec(await run.waitForOutput(/0::.*\n/)) ?? [];
    expect(mine(id)).toHaveLength(1);
    a.exit();
    await run.expect({ stdout: anything, stderr: anything });
    expect(mine(id)).toEqual([]);
    expect(project.processes()).toEqual([]);
  },
);
