import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** A leaf counts the leaves that live beside it, then makes way. */
const LEAF = `
  #!/bin/sh
  mkdir -p "$LEAVES/live"
  touch "$LEAVES/live/$$"
  for i in 1 2 3 4 5; do ls "$LEAVES/live" | wc -l >> "$LEAVES/seen"; done
  rm "$LEAVES/live/$$"
`;

async function leavesProject(config: string, files: Record<string, string> = {}): Promise<Project> {
  const project = await makeProject({ "zr.toml": config, leaf: LEAF, ...files });
  Bun.spawnSync(["chmod", "+x", project.path("leaf")]);
  return project;
}

const mostAtOnce = (project: Project): number =>
  Math.max(...project.read("seen").trim().split(/\s+/).map(Number));
const leaves = (project: Project): number => project.read("seen").trim().split(/\s+/).length / 5;

const MAKEFILE = "all: a b c d e f\na b c d e f:\n\t@$(ROOT)/leaf\n.PHONY: all a b c d e f\n";

test("nested make -j shares the worker slots instead of multiplying them", async () => {
  await using project = await leavesProject(
    `[tasks.m]\ncmd = "make --no-print-directory -s"\nmatrix = { n = [1, 2, 3] }\n[tasks.x]\ncmd = "./leaf"`,
    { Makefile: MAKEFILE },
  );
  const env = { LEAVES: project.root, ROOT: project.root };
  await project.zrWith({ env }, "run", "m", "x", "-j3").expect({ stdout: anything, stderr: anything });
  expect(leaves(project)).toBe(19);
  expect(mostAtOnce(project)).toBeLessThanOrEqual(3);
});

test("a make that runs alone in a run of several gets all the slots", async () => {
  await using project = await leavesProject(
    `[tasks]\nfirst = "true"\nm = { cmd = "make -s", deps = ["first"] }`,
    {
      Makefile:
        "all: a b\na:\n\t@mkfifo p; echo hello > p\nb:\n\t@while [ ! -p p ]; do :; done; cat p\n.PHONY: all a b\n",
    },
  );
  // Each half waits for the other: done one after the other they would never end.
  await project.zr("run", "m", "-j2", "--raw").expect({ stdout: "hello\n", stderr: anything });
});

test("nested zr run shares the worker slots instead of multiplying them", async () => {
  await using project = await leavesProject(
    `
      [tasks.outer]
      cmd = '"$ZR" run inner -j4 --quiet'
      matrix = { n = [1, 2, 3] }
      [tasks.inner]
      cmd = "./leaf"
      matrix = { m = [1, 2, 3, 4] }
    `,
  );
  const { ensureBinary } = await import("#tests/support/binary");
  const [zr = ""] = await ensureBinary();
  await project
    .zrWith({ env: { LEAVES: project.root, ZR: zr } }, "run", "outer", "-j2")
    .expect({ stdout: anything, stderr: anything });
  expect(leaves(project)).toBe(12);
  expect(mostAtOnce(project)).toBeLessThanOrEqual(2);
});

test("zr under make -j takes part in make's slots", async () => {
  await using project = await leavesProject(`[tasks.inner]\ncmd = "./leaf"\nmatrix = { m = [1, 2, 3, 4] }`, {
    Makefile: 'all: x y\nx y:\n\t+@"$(ZR)" run inner -j8 --quiet\n.PHONY: all x y\n',
  });
  const { ensureBinary } = await import("#tests/support/binary");
  const [zr = ""] = await ensureBinary();
  const env = { ...project.environment(), LEAVES: project.root, ZR: zr };
  const make = Bun.spawn(["make", "-j2", "-s"], { cwd: project.root, env, stdout: "ignore", stderr: "pipe" });
  const stderr = await make.stderr.text();
  expect([await make.exited, stderr.includes("rror")]).toEqual([0, false]);
  expect(leaves(project)).toBe(8);
  expect(mostAtOnce(project)).toBeLessThanOrEqual(2);
});

test("zr offers a GNU make jobserver to its children in MAKEFLAGS, and to cargo in CARGO_MAKEFLAGS, but not to one that sets MAKEFLAGS itself", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = 'echo "$MAKEFLAGS|$CARGO_MAKEFLAGS"'\nb = { cmd = 'echo "$MAKEFLAGS"', env = { MAKEFLAGS = "-k" }, deps = ["a"] }`,
  });
  const { stdout } = await project
    .zr("run", "b", "-j2", "--raw")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toMatch(/^.*-j2 --jobserver-auth=(fifo:\S+|3,4)\|.*--jobserver-auth=.*\n-k\n$/);
});

test("the jobserver is a named pipe where make knows that style, and a plain pipe where its path can't be named", async () => {
  await using project = await leavesProject(
    `[tasks]\na = 'echo "$MAKEFLAGS"'\nb = { cmd = "make -s", deps = ["a"] }`,
    {
      "a b/zr.toml": `[tasks]\na = 'echo "$MAKEFLAGS"'\nb = { cmd = "make -s", deps = ["a"] }`,
      "a b/Makefile": MAKEFILE,
      Makefile: MAKEFILE,
    },
  );
  const env = { LEAVES: project.root, ROOT: project.root };
  const named = await project
    .zrWith({ env }, "run", "b", "-j2", "--raw")
    .expect({ stdout: anything, stderr: anything });
  const version = Bun.spawnSync(["make", "--version"]).stdout.toString();
  const knowsNames = Number(/Make (\d+\.\d+)/.exec(version)?.[1] ?? 0) >= 4.4;
  expect(named.stdout).toMatch(knowsNames ? /--jobserver-auth=fifo:/ : /--jobserver-auth=3,4/);
  const unnamed = await project
    .zrWith({ env, cwd: "a b" }, "run", "b", "-j2", "--raw")
    .expect({ stdout: anything, stderr: anything });
  expect(unnamed.stdout).toMatch(/--jobserver-auth=3,4/);
  expect(leaves(project)).toBe(12);
  expect(mostAtOnce(project)).toBeLessThanOrEqual(2);
});
