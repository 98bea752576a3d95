import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

/**
 * How many of the named tasks ran at once at the most, found out by their own account: each adds a mark when it
 * starts, says how many marks it sees, and takes its mark away.
 */
const COUNTING =
  "mkdir -p live; touch live/$$; ls live | wc -l >> seen; for i in 1 2 3 4 5 6 7 8; do ls live >/dev/null; done; ls live | wc -l >> seen; rm live/$$";

const counted = (config: string): string => config.replaceAll("COUNT", () => COUNTING);

async function mostAtOnce(config: string, ...args: readonly string[]): Promise<number> {
  await using project = await makeProject({ "zr.toml": counted(config) });
  await project.zr("run", ...args).expect({ stdout: anything, stderr: anything });
  return Math.max(...project.read("seen").trim().split(/\s+/).map(Number));
}

const many = (resources: string): string => `
  [tasks.t]
  cmd = "COUNT"
  matrix = { n = [1, 2, 3, 4, 5, 6] }
  ${resources}
`;

test("max_workers bounds what runs at once, as a number, a share, -j, and ZR_JOBS do", async () => {
  const withWorkers = (value: string): string => `[global.resources]\nmax_workers = ${value}\n${many("")}`;
  expect(await mostAtOnce(many(""), "t", "-j1")).toBe(1);
  expect(await mostAtOnce(many(""), "t", "-j2")).toBeLessThanOrEqual(2);
  await using project = await makeProject(
    { "zr.toml": counted(withWorkers("1")) },
    { env: { ZR_JOBS: undefined } },
  );
  await project.zr("run", "t").expect({ stdout: anything, stderr: anything });
  expect(new Set(project.read("seen").trim().split(/\s+/))).toEqual(new Set(["1"]));
  project.write("zr.toml", counted(withWorkers('"1%"')));
  await project.zr("run", "t").expect({ stdout: anything, stderr: anything });
  expect(new Set(project.read("seen").trim().split(/\s+/))).toEqual(new Set(["1"]));
});

test("as many as there are slots do run at once", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = "${cmd("t")}"\nmatrix = { n = [1, 2, 3, 4] }`,
  });
  const run = project.zr("run", "t", "-j3");
  const three = await Promise.all([1, 2, 3].map(() => project.command("t").started()));
  expect(project.command("t").count).toBe(3);
  three[0]?.exit();
  const last = await project.command("t").started();
  for (const child of [...three, last]) child.exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("weight is the number of slots that an instance takes", async () => {
  expect(await mostAtOnce(many("resources = { weight = 2 }"), "t", "-j3")).toBe(1);
  expect(await mostAtOnce(many("resources = { weight = 2 }"), "t", "-j5")).toBeLessThanOrEqual(2);
});

test("max_concurrent bounds the instances of one task", async () => {
  expect(await mostAtOnce(many("resources = { max_concurrent = 1 }"), "t", "-j4")).toBe(1);
  expect(await mostAtOnce(many("resources = { max_concurrent = 2 }"), "t", "-j4")).toBeLessThanOrEqual(2);
});

test("a mutex group lets one of its tasks run at a time, and a [concurrency] group as many as its max", async () => {
  const tasks = ["a", "b", "c", "d"]
    .map((name) => `[tasks.${name}]\ncmd = "COUNT"\nresources = { mutex = "db" }\n`)
    .join("");
  expect(await mostAtOnce(tasks, "a", "b", "c", "d", "-j4")).toBe(1);
  expect(
    await mostAtOnce(`[concurrency.db]\nmax = 2\n${tasks}`, "a", "b", "c", "d", "-j4"),
  ).toBeLessThanOrEqual(2);
});

test("tasks outside a mutex group run beside the one that holds it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "${cmd("a")}", resources = { mutex = "m" } }
      b = { cmd = "${cmd("b")}", resources = { mutex = "m" } }
      free = "${cmd("free")}"
    `,
  });
  const run = project.zr("run", "a", "b", "free", "-j3");
  const [a, free] = await Promise.all([project.command("a").started(), project.command("free").started()]);
  expect(project.command("b").count).toBe(0);
  a.exit();
  await (await project.command("b").started()).exit();
  free.exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("an exclusive task is alone in the run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "${cmd("a")}"
      alone = { cmd = "${cmd("alone")}", resources = { exclusive = true, priority = 1 } }
    `,
  });
  const run = project.zr("run", "a", "alone", "-j4");
  const alone = await project.command("alone").started();
  await alone.print("here\n");
  expect(project.command("a").count).toBe(0);
  alone.exit();
  await (await project.command("a").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("an exclusive task may depend on a server, which stays up beside it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      server = { cmd = "${cmd("server")}", persistent = true, ready = { log = "listening" } }
      alone = { cmd = "echo alone", deps = ["server"], resources = { exclusive = true } }
    `,
  });
  const run = project.zr("run", "alone", "--raw");
  const server = await project.command("server").started();
  server.print("listening\n");
  await server.signalled("SIGTERM");
  await run.expect({ stdout: "listening\nalone\n", stderr: anything });
});

test("no deadlock: an instance that can never fit is an error before anything starts", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      small = "touch ran"
      big = { cmd = "true", deps = ["small"], resources = { weight = 3 } }
      server = { cmd = "touch ran; sleep 60", persistent = true, ready = { exec = "true" }, resources = { mutex = "port" } }
      client = { cmd = "true", deps = ["server"], resources = { mutex = "port" } }
    `,
  });
  await project
    .zr("run", "big", "-j2")
    .expect({ code: 3, stderr: /E165[^]*needs 3 worker slots, and there are only 2/ });
  await project.zr("run", "client").expect({ code: 3, stderr: /E165[^]*'client' can never start[^]*'port'/ });
  expect(project.exists("ran")).toBe(false);
  await project.zr("run", "big", "-j3").expect({ stdout: anything, stderr: anything });
});
