import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
import { processesMarked } from "#system/process/marker";
import { REPOSITORY } from "#tests/support/binary";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import { anything } from "#tests/support/run";
import type { Run } from "#tests/support/run";

/** A stand-in for zr: starts the children, tells the guard of them, and does what a line on its stdin says. */
const HOST = `
  import { startGuard } from "${REPOSITORY}/src/system/process/guard";
  import { createInterface } from "node:readline";
  const [runId, ...commands] = process.argv.slice(2);
  const env = { ...process.env, ZR_RUN_ID: runId };
  const start = (command) =>
    Bun.spawn(["sh", "-c", command], { env, stdio: ["ignore", "inherit", "inherit"], detached: true });
  let guard;
  const children = commands.map((command) => {
    const child = start(command);
    guard ??= startGuard({ runId, stayMs: 0 });
    guard.add(child.pid);
    return child;
  });
  // The guard is told of them in the next turn of the event loop, which this waits for.
  await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 0)));
  console.error("guarded");
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, index] = line.split(" ");
    if (order === "remove") guard.remove(children[index].pid);
    if (order === "close") guard.close();
    if (order === "fail") throw new Error("a bug");
    if (order === "exit") break;
    console.log(line);
  }
  process.exit(0);
`;

let runs = 0;
const nextRunId = (): string => `guard-test-${process.pid}-${(runs += 1)}`;

const makeHost = (): Promise<Project> =>
  makeProject({ "host.ts": HOST }, { program: [process.execPath, "host.ts"] });

const startHost = (project: Project, ...args: readonly string[]) => project.zrWith({ stdin: null }, ...args);

test("children, what they started and what left their session die when zr is killed", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const host = startHost(project, runId, cmd("a"), cmd("b"));
  const children = await Promise.all([project.command("a").started(), project.command("b").started()]);
  const kept = await children[0].fork();
  const escaped = await children[1].fork({ detached: true });
  host.kill("SIGKILL");
  await Promise.all([...children, kept, escaped].map((child) => child.closed));
});

test("fifty children with two grandchildren each, one of them in a session of its own, die with zr", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const command = "sleep 1000 & setsid sleep 1000 & echo started; wait";
  const host = startHost(project, runId, ...Array.from({ length: 50 }, () => command));
  await host.waitForOutput(/(?:started\n){50}/);
  await host.waitForOutput("guarded");
  host.kill("SIGKILL");
  // All of them hold its output open: it ends when the last is gone.
  await host.expect({ signal: "SIGKILL", stdout: anything, stderr: "guarded\n" });
  expect(processesMarked("ZR_RUN_ID", runId)).toEqual([]);
});

test("a child that forgot its environment dies by its process group", async () => {
  await using project = await makeHost();
  const host = startHost(project, nextRunId(), "exec env -i sh -c 'echo started; exec sleep 1000'");
  await host.waitForOutput("started");
  await host.waitForOutput("guarded");
  host.kill("SIGKILL");
  await host.expect({ signal: "SIGKILL", stdout: "started\n", stderr: "guarded\n" });
});

test("a crash of zr is as good as a kill", async () => {
  await using project = await makeHost();
  const host = startHost(project, nextRunId(), cmd("a"));
  const child = await project.command("a").started();
  host.write("fail\n");
  await child.closed;
});

test("after a goodbye the guard is gone and what still runs is left alone", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const host = startHost(project, runId, cmd("service"));
  const service = await project.command("service").started();
  const guard = await guardOf(host, runId);
  host.write("close\nexit\n");
  expect(await host.exited).toBe(0);
  await ended(guard);
  expect(isAlive(service.pid)).toBe(true);
  await service.exit();
});

test("a group that was removed is not killed, its number may be somebody else's by then", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const commands = ["a", "b", "c"].map((name) => `exec env -u ZR_RUN_ID ${cmd(name)}`);
  const host = startHost(project, runId, ...commands);
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => project.command(name).started()));
  host.write("remove 1\n");
  await host.waitForOutput("remove 1");
  const guard = await guardOf(host, runId);
  host.kill("SIGKILL");
  await Promise.all([a!.closed, c!.closed]);
  await ended(guard);
  expect(isAlive(b!.pid)).toBe(true);
  await b!.exit();
});

test("the guard survives what stops zr politely, so that a later kill still finds it", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const host = startHost(project, runId, cmd("a"));
  const child = await project.command("a").started();
  const guard = await guardOf(host, runId);
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) process.kill(guard, signal);
  host.kill("SIGKILL");
  await child.closed;
});

test("a guard that somebody killed is no error, and leaves no zombie", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const host = startHost(project, runId, cmd("a"));
  const child = await project.command("a").started();
  const guard = await guardOf(host, runId);
  process.kill(guard, "SIGKILL");
  await ended(guard);
  host.write("remove 0\nremove 0\nclose\n");
  await host.waitForOutput("close");
  expect(existsSync(`/proc/${guard}`)).toBe(false);
  await child.exit();
  host.write("exit\n");
  await host.expect({ stdout: "remove 0\nremove 0\nclose\n", stderr: "guarded\n" });
});

test("no child holds the guard's input open", async () => {
  await using project = await makeHost();
  const runId = nextRunId();
  const host = startHost(project, runId, "exec sleep 1000", "ls /proc/self/fd; echo; exec sleep 1000");
  await host.waitForOutput(/^0\n1\n2\n3\n\n/);
  host.kill("SIGKILL");
  await host.expect({ signal: "SIGKILL", stdout: "0\n1\n2\n3\n\n", stderr: anything });
});

/** The guard is found by its arguments: it carries no marks of a run in its environment. */
/** The guard of a run, once the host has started it. */
async function guardOf(host: Run, runId: string): Promise<number> {
  await host.waitForOutput("guarded");
  const { stdout } = Bun.spawnSync(["ps", "-eo", "pid=,args="]);
  const lines = stdout.toString().split("\n");
  return Number.parseInt(
    lines.find((line) => line.endsWith(` zr-guard ZR_RUN_ID=${runId}`))!,
    10,
  );
}

async function ended(pid: number): Promise<void> {
  // Field 3 of stat is the state; the guard's name in field 2 has no blanks.
  const script = 'while read -r _ _ state _ < "$0" && [ "$state" != Z ]; do sleep 0.005; done';
  await Bun.spawn(["sh", "-c", script, `/proc/${pid}/stat`], { stderr: "ignore" }).exited;
}
