import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { outputOf } from "./events";

const MEGABYTE = 1024 * 1024;
const RESIDENT_LIMIT_MB = 200;

/** The most memory that a live process has held, in MB (Linux). */
const peakMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1024;

const MODES = ["interleaved", "grouped", "prefixed"] as const;

test("output passes through as bytes: invalid UTF-8, NULs, carriage returns and a partial last line stay as they are", async () => {
  const bytes = Uint8Array.from([
    0x61, 0, 0xff, 0xfe, 0xc3, 0x0a, 0x0d, 0x31, 0x0d, 0x32, 0x1b, 0x5b, 0x31, 0x6d, 0xe2, 0x82,
  ]);
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"` });
  const run = project.zr("run", "a", "--raw");
  const a = await project.command("a").started();
  a.print(bytes.slice(0, 5));
  a.print(bytes.slice(5, 11), "stderr");
  await a.print(bytes.slice(11));
  a.exit();
  const { stdoutBytes, stderrBytes } = await run.expect({ stdout: anything, stderr: anything });
  expect([...stdoutBytes]).toEqual([...bytes.slice(0, 5), ...bytes.slice(11)]);
  expect(Array.from(stderrBytes)).toEqual(Array.from(bytes.subarray(5, 11)));
});

test("every byte value in every order of two survives, also grouped", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "cat all"\nb = "true"` });
  const all = Uint8Array.from({ length: 256 * 256 * 2 }, (_, index) =>
    index % 2 === 0 ? index >> 9 : (index >> 1) & 255,
  );
  await Bun.write(project.path("all"), all);
  const raw = await project.zr("run", "a", "--raw").expect({ stdout: anything });
  expect(Buffer.compare(raw.stdoutBytes, all)).toBe(0);
  const grouped = await project
    .zr("run", "a", "b", "--output", "grouped")
    .expect({ stdout: anything, stderr: anything });
  expect(Buffer.from(grouped.stdoutBytes).includes(Buffer.from(all))).toBe(true);
});

test("nothing is lost, duplicated or reordered within a stream when both pipes are flooded", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nflood = "seq 1 200000; exit 0"\nboth = "seq 1 100000 & seq 1 100000 >&2; wait"`,
  });
  const expected = (count: number): string =>
    `${Array.from({ length: count }, (_, index) => index + 1).join("\n")}\n`;
  const { stdout } = await project.zr("run", "flood", "--raw").expect({ stdout: anything });
  expect(stdout === expected(200_000)).toBe(true);
  const both = await project.zr("run", "both", "--raw").expect({ stdout: anything, stderr: anything });
  expect([both.stdout === expected(100_000), both.stderr === expected(100_000)]).toEqual([true, true]);
  const events = await project
    .zr("run", "both", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(events.stdout, "both") === expected(100_000)).toBe(true);
  expect(outputOf(events.stdout, "both", "stderr") === expected(100_000)).toBe(true);
});

for (const mode of MODES) {
  test(`one line of 100 MB passes with bounded memory, ${mode}`, async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\nbig = "head -c ${100 * MEGABYTE} /dev/zero | tr '\\\\0' x"\nlast = { cmd = "${cmd("last")}", deps = ["big"] }`,
    });
    // A reader that counts instead of keeping.
    const words = [
      "sh",
      "-c",
      `"$@" 2>/dev/null | wc -c`,
      "sh",
      ...(await ensureBinary()),
      "run",
      "last",
      "--output",
      mode,
    ];
    const counting = Bun.spawn(words, { cwd: project.root, env: project.environment(), stdout: "pipe" });
    const last = await project.command("last").started();
    const zr = project.processes().find(({ command }) => isZr(command, "run last"));
    expect(peakMb(zr?.pid ?? 0)).toBeLessThan(RESIDENT_LIMIT_MB);
    last.exit();
    expect(Number(await counting.stdout.text())).toBeGreaterThanOrEqual(100 * MEGABYTE);
  });
}

/** Whether it is zr itself, not the shell that started it. */
const isZr = (command: string, words: string): boolean =>
  !command.startsWith("sh ") && command.includes(words);

test("a slow reader holds the task back instead of filling memory", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"` });
  Bun.spawnSync(["mkfifo", project.path("go")]);
  const words = [
    "sh",
    "-c",
    `"$@" | { read -r _ < go; wc -c; }`,
    "sh",
    ...(await ensureBinary()),
    "run",
    "a",
    "--raw",
  ];
  const reading = Bun.spawn(words, { cwd: project.root, env: project.environment(), stdout: "pipe" });
  const a = await project.command("a").started();
  let isDone = false;
  const flood = a.flood(150 * MEGABYTE).then(() => {
    isDone = true;
  });
  const zr = project.processes().find(({ command }) => isZr(command, "run a"));
  // Other runs from start to end are time enough to read ahead in, if it did.
  for (const _ of [1, 2, 3]) await project.zr("list").expect({ stdout: anything });
  expect(isDone).toBe(false);
  await Bun.write(project.path("go"), "go\n");
  await flood;
  expect(peakMb(zr?.pid ?? 0)).toBeLessThan(RESIDENT_LIMIT_MB);
  a.exit();
  expect(Number(await reading.stdout.text())).toBe(150 * MEGABYTE);
});

test("a child that closes its pipes early goes on, and its exit code counts", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"` });
  const run = project.zr("run", "a");
  const a = await project.command("a").started();
  await a.print("before\n");
  await a.closeStdout();
  await a.closeStderr();
  expect(run.hasExited).toBe(false);
  a.exit(9);
  await run.expect({ code: 9, stdout: "before\n", stderr: anything });
});

test("output that a grandchild outside the group keeps open does not keep the task from ending", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"` });
  const run = project.zr("run", "a", "--events", "-");
  const a = await project.command("a").started();
  await a.fork({ detached: true });
  a.print("mine\n");
  a.exit();
  const { stdout } = await run.expect({ stdout: anything });
  expect(outputOf(stdout, "a")).toBe("mine\n");
});

test("a closed pipe of zr's own ends quietly", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "seq 1 100000"` });
  const piped = Bun.spawn(
    ["sh", "-c", `"$@" | head -1`, "sh", ...(await ensureBinary()), "run", "a", "--raw"],
    {
      cwd: project.root,
      env: project.environment(),
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [out, err] = await Promise.all([piped.stdout.text(), piped.stderr.text()]);
  expect([out, err.includes("EPIPE")]).toEqual(["1\n", false]);
  expect(project.processes()).toEqual([]);
});

test("task output goes to the stream it came from in interleaved mode, data of zr to stdout, everything else to stderr", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "echo out; echo err >&2"\nb = { cmd = "echo b", deps = ["a"] }`,
  });
  const { stdout, stderr } = await project
    .zr("run", "b", "--output", "interleaved")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe("out\nb\n");
  expect(stderr).toMatch(/^err\n[^]*2 tasks/);
  const json = await project.zr("run", "b", "--json").expect({ stdout: anything, stderr: anything });
  expect(() => JSON.parse(json.stdout)).not.toThrow();
});

test("secrets are masked in every byte of output, also split across chunks, in every mode, and in files", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      API_TOKEN = "s3cr3t-v4lue"
      [tasks.a]
      cmd = "${cmd("a")}"
      io = { stdout = "file:log.txt" }
    `,
  });
  for (const args of [["--raw"], ["--output", "grouped"], ["--events", "-"]]) {
    const run = project.zr("run", "a", ...args);
    const a = await project.command("a").started();
    expect(a.env["API_TOKEN"]).toBe("s3cr3t-v4lue");
    for (const part of [
      "x s3c",
      "r3t-",
      "v4l",
      "ue y ",
      Buffer.from("s3cr3t-v4lue").toString("base64"),
      "\n",
    ])
      await a.print(part);
    a.exit();
    const { stdout } = await run.expect({ stdout: /\*\*\*\*/, stderr: anything });
    const shown = args[0] === "--events" ? outputOf(stdout, "a") : stdout;
    expect(shown).toBe("x **** y ****\n");
    expect(project.read("log.txt")).toBe("x **** y ****\n");
  }
});
