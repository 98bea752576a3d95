import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJobserver } from "#system/jobserver/jobserver";
import type { Jobserver } from "#system/jobserver/jobserver";
import { joinJobserver } from "#system/jobserver/join";
import { makeStyle, styleOfVersion } from "#system/jobserver/make-style";
import { withJobserver } from "#system/jobserver/makeflags";
import type { JobserverStyle } from "#system/jobserver/makeflags";
import { REPOSITORY } from "#tests/support/binary";
import { testUnless, without } from "#tests/support/left-out";

const PATH = process.env["PATH"] ?? "";
const SLOTS = 3;
const folders: string[] = [];
const opened: Jobserver[] = [];

afterEach(() => {
  for (const jobserver of opened.splice(0)) jobserver.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "zr-jobserver-"));
  folders.push(folder);
  return folder;
}

async function open(style: JobserverStyle, slots = SLOTS, folder = makeFolder()): Promise<Jobserver> {
  const jobserver = await openJobserver({ slots, folder, style });
  opened.push(jobserver);
  return jobserver;
}

/**
 * A job that notes its start and its end, and waits in between until as many jobs have started as there are slots:
 * where fewer than that may run at once, it waits for ever.
 */
const LEAF = `
  echo + >> log
  while [ "$(grep -c + log)" -lt ${SLOTS} ]; do sleep 0.005; done
  echo - >> log
`;

/** Three jobs of its own and three of a make below. */
const MAKEFILE = `
all: a b c below
a b c d e f:
	@sh leaf
below:
	@$(MAKE) --no-print-directory d e f
nested:
	+@$(NESTED)
.PHONY: all a b c d e f below nested
`;

const NINJA = `
rule leaf
  command = sh leaf
build a: leaf
build b: leaf
build c: leaf
build d: leaf
build e: leaf
`;

/** A stand-in for a zr that was started by a task of another: six jobs in the slots of the jobserver above. */
const NESTED = `
  import { joinJobserver } from "${REPOSITORY}/src/system/jobserver/join";
  import { withJobserver } from "${REPOSITORY}/src/system/jobserver/makeflags";
  const jobserver = await joinJobserver(process.env);
  if (jobserver === undefined) throw new Error("no jobserver: " + process.env.MAKEFLAGS);
  const MAKEFLAGS = withJobserver(process.env.MAKEFLAGS, jobserver.makeflags);
  const jobs = process.argv.slice(2);
  await Promise.all(jobs.map(async (command) => {
    const token = await jobserver.acquire();
    const child = Bun.spawn(["sh", "-c", command], {
      env: { ...process.env, MAKEFLAGS },
      stdio: ["ignore", "inherit", "inherit", ...jobserver.inherit],
    });
    if ((await child.exited) !== 0) process.exitCode = 1;
    jobserver.release(token);
  }));
  jobserver.close();
`;

function makeWorkFolder(): string {
  const folder = makeFolder();
  const files = { leaf: LEAF, Makefile: MAKEFILE, "build.ninja": NINJA, "nested.ts": NESTED, log: "" };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const nested = (...jobs: readonly string[]): string =>
  [process.execPath, "nested.ts", ...jobs].map((word) => `'${word}'`).join(" ");

/** Runs the commands as instances of a run would: each in a slot of its own. Gives what they printed. */
async function runAll(jobserver: Jobserver, cwd: string, commands: readonly string[]): Promise<string> {
  const printed = await Promise.all(
    commands.map(async (command) => {
      const token = await jobserver.acquire();
      const child = Bun.spawn(["sh", "-c", command], {
        cwd,
        env: {
          PATH,
          MAKEFLAGS: withJobserver(undefined, jobserver.makeflagsFor(command)),
          NESTED: nested("make --no-print-directory", "sh leaf", "sh leaf"),
        },
        stdio: ["ignore", "pipe", "pipe", ...jobserver.inherit],
      });
      const text = (await Promise.all([child.stdout.text(), child.stderr.text()])).join("");
      jobserver.release(token!);
      return (await child.exited) === 0 ? text : `${text}(exit code ${child.exitCode})`;
    }),
  );
  return printed.join("");
}

/** How many jobs there were, and the most that ran at the same time. */
function counted(cwd: string): { readonly jobs: number; readonly most: number } {
  const marks = readFileSync(join(cwd, "log"), "utf8").trim().split("\n");
  let running = 0;
  let most = 0;
  for (const mark of marks) {
    running += mark === "+" ? 1 : -1;
    most = Math.max(most, running);
  }
  return { jobs: marks.filter((mark) => mark === "+").length, most };
}

/** What stands behind the program's name in its version, as 104 for 1.4; 0 where it isn't installed. */
function release(program: string): number {
  const path = Bun.which(program);
  if (path === null) return 0;
  const text = Bun.spawnSync([path, "--version"]).stdout.toString();
  const version = /(\d+)\.(\d+)/.exec(text);
  return Number(version?.[1] ?? 0) * 100 + Number(version?.[2] ?? 0);
}

const style = await makeStyle({ path: PATH, cwd: "/", cacheFolder: "/nonexistent" });
const noMake = without("make");
// Before 1.13 ninja knows no jobserver.
const noNinja = release("ninja") >= 113 ? undefined : "no ninja from 1.13 on here";

testUnless(noMake)("make trees fill all slots together and never run more jobs than there are", async () => {
  const cwd = makeWorkFolder();
  expect(await runAll(await open(style), cwd, ["make", "make"])).toBe("");
  expect(counted(cwd)).toEqual({ jobs: 12, most: SLOTS });
});

testUnless(noMake)("one make alone gets all slots", async () => {
  const cwd = makeWorkFolder();
  expect(await runAll(await open(style), cwd, ["make"])).toBe("");
  expect(counted(cwd)).toEqual({ jobs: 6, most: SLOTS });
});

testUnless(noMake)("a nested zr, and a make below it, stay within the slots of the outer one", async () => {
  const cwd = makeWorkFolder();
  const commands = [nested("sh leaf", "make", "sh leaf"), nested("sh leaf"), "make"];
  expect(await runAll(await open(style), cwd, commands)).toBe("");
  expect(counted(cwd)).toEqual({ jobs: 15, most: SLOTS });
});

testUnless(noMake)("a nested zr below a make takes part in the jobserver that make passes on", async () => {
  const cwd = makeWorkFolder();
  expect(await runAll(await open(style), cwd, ["make --no-print-directory nested a", "sh leaf"])).toBe("");
  expect(counted(cwd)).toEqual({ jobs: 10, most: SLOTS });
});

testUnless(noNinja)("ninja shares the slots with make, whatever make is installed", async () => {
  const cwd = makeWorkFolder();
  const printed = await runAll(await open(style), cwd, [
    "ninja --quiet",
    ...(noMake === undefined ? ["make"] : []),
  ]);
  expect(printed).toBe("");
  expect(counted(cwd)).toEqual({ jobs: noMake === undefined ? 11 : 5, most: SLOTS });
});

for (const form of ["fifo", "pipe", "fds"] as const) {
  test(`a nested zr finds the jobserver in the form ${form} and keeps within it`, async () => {
    const cwd = makeWorkFolder();
    const leaves = Array.from({ length: 5 }, () => "sh leaf");
    expect(await runAll(await open(form), cwd, [nested(...leaves), nested(...leaves)])).toBe("");
    expect(counted(cwd)).toEqual({ jobs: 10, most: SLOTS });
  });
}

test("a token that a child took and never gave back is there again once nothing runs", async () => {
  const jobserver = await open("pipe");
  const other = jobserver.tryAcquire()!;
  const token = jobserver.tryAcquire()!;
  const thief = Bun.spawn(["dd", "bs=1", "count=1"], {
    stdio: ["ignore", "ignore", "ignore", ...jobserver.inherit],
  });
  const robbed = Bun.spawn(["sh", "-c", "dd bs=1 count=1 <&3"], {
    stdio: ["ignore", "ignore", "ignore", ...jobserver.inherit],
  });
  await Promise.all([thief.exited, robbed.exited]);
  jobserver.release(token);
  expect(jobserver.tryAcquire(2)).toBeUndefined();
  jobserver.release(other);
  expect(jobserver.tryAcquire(SLOTS)).toBeDefined();
});

test("a token too many, which a child made up, is taken away once nothing runs", async () => {
  const jobserver = await open("pipe");
  const token = jobserver.tryAcquire()!;
  const forger = Bun.spawn(["sh", "-c", "printf +++++ >&4"], {
    stdio: ["ignore", "ignore", "ignore", ...jobserver.inherit],
  });
  await forger.exited;
  jobserver.release(token);
  expect(jobserver.tryAcquire(SLOTS)).toBeDefined();
  expect(jobserver.tryAcquire()).toBeUndefined();
});

test("tokens are handed out in the order of asking, a heavy instance is not overtaken", async () => {
  const jobserver = await open("fifo", 2);
  const first = jobserver.tryAcquire()!;
  const order: string[] = [];
  const heavy = jobserver.acquire(undefined, 2).then((token) => (order.push("heavy"), token!));
  const light = jobserver.acquire().then((token) => (order.push("light"), token!));
  expect(jobserver.tryAcquire()).toBeUndefined();
  jobserver.release(first);
  jobserver.release(await heavy);
  await light;
  expect(order).toEqual(["heavy", "light"]);
});

test("an instance heavier than all slots gets them all", async () => {
  const jobserver = await open("fifo", 2);
  expect(jobserver.tryAcquire(5)?.tokens.length).toBe(2);
});

test("whoever no longer waits leaves the queue, and the next one is served", async () => {
  const jobserver = await open("fifo", 2);
  const held = jobserver.tryAcquire()!;
  const controller = new AbortController();
  const heavy = jobserver.acquire(controller.signal, 2);
  const light = jobserver.acquire();
  controller.abort();
  expect(await heavy).toBeUndefined();
  expect(await light).toBeDefined();
  expect(await jobserver.acquire(controller.signal)).toBeUndefined();
  jobserver.release(held);
});

test("a token that another process puts back reaches whoever waits", async () => {
  const folder = makeFolder();
  const jobserver = await open("fifo", 1, folder);
  // A client's own slot is free, the pool's only token is the second one.
  const client = (await joinJobserver({ MAKEFLAGS: jobserver.makeflags }))!;
  opened.push(client);
  client.tryAcquire();
  const waiting = jobserver.tryAcquire()!;
  const second = client.acquire();
  jobserver.release(waiting);
  expect((await second)?.tokens.length).toBe(1);
});

test("a token that is given back twice counts once", async () => {
  const jobserver = await open("fifo", 2);
  const token = jobserver.tryAcquire()!;
  const other = jobserver.tryAcquire()!;
  jobserver.release(token);
  jobserver.release(token);
  expect(jobserver.tryAcquire()).toBeDefined();
  expect(jobserver.tryAcquire()).toBeUndefined();
  jobserver.release(other);
});

test("the first instance of a client needs no token, and closing gives back what it holds", async () => {
  const jobserver = await open("fifo", 2);
  const client = (await joinJobserver({ MAKEFLAGS: jobserver.makeflags }))!;
  expect(client.slots).toBe(2);
  expect(client.tryAcquire()?.isImplicit).toBe(true);
  expect(client.tryAcquire(2)).toBeDefined();
  expect(jobserver.tryAcquire()).toBeUndefined();
  client.close();
  expect(jobserver.tryAcquire(2)).toBeDefined();
});

test("closing ends all waiting and removes the pipe", async () => {
  const folder = makeFolder();
  const jobserver = await open("fifo", 1, folder);
  expect(existsSync(join(folder, "jobserver"))).toBe(true);
  jobserver.tryAcquire();
  const waiting = jobserver.acquire();
  jobserver.close();
  expect(await waiting).toBeUndefined();
  expect(await jobserver.acquire()).toBeUndefined();
  expect(existsSync(join(folder, "jobserver"))).toBe(false);
});

test("a jobserver that is named but not there is none", async () => {
  const gone = ["-j2 --jobserver-auth=fifo:/nonexistent/fifo", "-j2 --jobserver-auth=998,999", "-j2", ""];
  for (const MAKEFLAGS of gone) expect(await joinJobserver({ MAKEFLAGS })).toBeUndefined();
  // A descriptor that is open, but something else.
  const file = join(makeFolder(), "file");
  writeFileSync(file, "");
  expect(await joinJobserver({ MAKEFLAGS: `--jobserver-auth=fifo:${file}` })).toBeUndefined();
});

test("cargo's own variable is read where MAKEFLAGS is not set", async () => {
  const jobserver = await open("fifo");
  const client = await joinJobserver({ CARGO_MAKEFLAGS: jobserver.makeflags });
  opened.push(client!);
  expect(client?.slots).toBe(SLOTS);
});

test("a folder whose path has blanks, which flags can't name, is served by descriptors", async () => {
  const folder = mkdtempSync(join(makeFolder(), "two words "));
  const jobserver = await open("fifo", SLOTS, folder);
  expect(jobserver.makeflags).toBe("-j3 --jobserver-auth=3,4");
  expect(jobserver.inherit).toHaveLength(2);
});

test("a folder that can't hold the pipe leaves the slots to ourselves", async () => {
  const jobserver = await open("fifo", 2, "/nonexistent");
  expect(jobserver).toMatchObject({ makeflags: "", inherit: [], slots: 2 });
  expect(jobserver.tryAcquire(2)).toBeDefined();
  expect(jobserver.tryAcquire()).toBeUndefined();
});

test("ninja alone gets the form with a path, beside make the form that make knows", async () => {
  const jobserver = await open("pipe");
  const form = (command: string) => jobserver.makeflagsFor(command).includes("fifo:");
  expect(["ninja -C out", "cd out && ninja", "/usr/bin/ninja all"].map(form)).toEqual([true, true, true]);
  expect(["make", "make && ninja", "echo ninjas"].map(form)).toEqual([false, false, false]);
});

test("the style is that of the make on PATH, and make is asked only once", async () => {
  const folder = makeFolder();
  const write = (version: string) => {
    const script = `#!/bin/sh\necho asked >> '${folder}/asked'\necho 'GNU Make ${version}'\n`;
    writeFileSync(join(folder, "make"), script, { mode: 0o755 });
  };
  const ask = () => makeStyle({ path: folder, cwd: "/", cacheFolder: folder });
  expect(await ask()).toBe("fifo");
  write("4.3");
  expect([await ask(), await ask()]).toEqual(["pipe", "pipe"]);
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("asked\n");
  write("4.4.1");
  expect(await ask()).toBe("fifo");
  const cacheFolder = join(folder, "missing");
  expect(await makeStyle({ path: folder, cwd: "/", cacheFolder })).toBe("fifo");
  expect(existsSync(cacheFolder)).toBe(false);
});

test("each make gets the newest form it knows", () => {
  expect(styleOfVersion("GNU Make 4.4.1\nBuilt for x")).toBe("fifo");
  expect(styleOfVersion("GNU Make 5.0")).toBe("fifo");
  expect(styleOfVersion("GNU Make 4.3")).toBe("pipe");
  expect(styleOfVersion("GNU Make 4.1")).toBe("fds");
  expect(styleOfVersion("GNU Make 3.81")).toBe("fds");
  expect(styleOfVersion("usage: make [-BeikNnqrstWwX]")).toBe("fifo");
});
