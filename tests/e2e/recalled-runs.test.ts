import { chownSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { keptRuns, keptRunsFolder, letFilesAge, run } from "#tests/support/kept-runs";
import type { Shown } from "#tests/support/kept-runs";
import { testUnless } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/*
 * Whether a run that goes by what is kept of an earlier one does, shows and leaves the same as one that is planned. A planned
 * one is the same command after what is kept has been removed.
 */

const forget = (project: Project): void => rmSync(keptRunsFolder(project), { recursive: true, force: true });

/** As it was last written. */
const keptState = (project: Project): string =>
  keptRuns(project)
    .map((path) => `${path} ${statSync(path).mtimeMs}`)
    .join("\n");

/** Runs until it goes by what is kept and keeps nothing more. */
async function runUntilRecalled(project: Project, ...words: readonly string[]): Promise<Shown> {
  for (let round = 0; round < 50; round += 1) {
    letFilesAge(project);
    const before = keptState(project);
    const shown = await run(project, ...words);
    if (before !== "" && keptState(project) === before) return shown;
  }
  throw new Error("no run was recalled");
}

const CACHED = `
  [tasks.build]
  cmd = "cat src/* > out.txt; cat out.txt"
  cache = true
  outputs = ["out.txt"]
`;

describe("a new file among the inputs", () => {
  test.each([
    ["in a repository", true, ""],
    ["without one", false, ""],
    ["where inputs are declared", true, 'inputs = ["src/**"]'],
  ])("is seen by the run after the one that had nothing to do (%s)", async (_, git, more) => {
    await using project = await makeProject(
      { "zr.toml": `${CACHED}${more}\n`, "src/a.txt": "one\n", ".gitignore": "out.txt\n" },
      { git },
    );
    letFilesAge(project);
    // Makes its output, so the folder is too young for more than the plan to be kept.
    expect((await run(project, "build")).stdout).toBe("one\n");
    expect((await runUntilRecalled(project, "build")).stderr).toContain("cached");
    project.write("src/b.txt", "two\n");
    expect((await run(project, "build")).stdout).toBe("one\ntwo\n");
    expect((await runUntilRecalled(project, "build")).stdout).toBe("one\ntwo\n");
    project.remove("src/a.txt");
    expect((await run(project, "build")).stdout).toBe("two\n");
  });
});

const withoutTimes = (text: string): string =>
  text
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "CLOCK")
    .replaceAll(/\b\d+(?:\.\d+)?m?s\b/g, "TIME")
    .replaceAll(/"(run|wallMs|at|durationMs)":(?:"[^"]*"|[\d.]+)/g, '"$1":_');

test.each([
  ["events as lines of JSON", '[global]\nlog_format = "json"'],
  ["what is planned", '[global]\nlog_level = "debug"'],
  ["the time at each line", '[global]\noutput = "prefixed"\n[ui]\ntimestamps = true'],
  ["colours for a bright screen", '[global]\noutput = "prefixed"\n[ui]\ntheme = "light"\ncolor = "always"'],
  ["nothing but failures", '[global]\nlog_level = "warn"'],
])("a run that is recalled shows %s as one that is planned does", async (_, settings) => {
  await using project = await makeProject(
    {
      "zr.toml": `${settings}
      [tasks.all]
      deps = ["one", "two"]
      [tasks.one]
      cmd = "echo of one; cat in.txt > one.txt"
      cache = true
      inputs = ["in.txt"]
      outputs = ["one.txt"]
      [tasks.two]
      cmd = "echo of two; cat in.txt > two.txt"
      cache = true
      inputs = ["in.txt"]
      outputs = ["two.txt"]
    `,
      "in.txt": "x\n",
    },
    { env: { NO_COLOR: undefined } },
  );
  const words = ["all", "--jobs", "1"];
  const recalled = await runUntilRecalled(project, ...words);
  forget(project);
  const planned = await run(project, ...words);
  expect(withoutTimes(recalled.stderr)).toBe(withoutTimes(planned.stderr));
  expect(withoutTimes(recalled.stdout)).toBe(withoutTimes(planned.stdout));
});

test.each([
  ["with a cache", 'cmd = "touch ../flag; echo ran"\ncache = true\ninputs = ["x"]', "ran"],
  ["of a group that others are cached in", 'deps = ["other"]', ""],
])("what status checks say is asked each time (%s)", async (_, task, stdout) => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      status = "echo asked >> ../log; test -f ../flag"
      ${task}
      [tasks.other]
      cmd = "cat x > out.txt"
      cache = true
      inputs = ["x"]
      outputs = ["out.txt"]
    `,
    x: "1\n",
    "../flag": "",
  });
  for (let round = 0; round < 4; round += 1) {
    letFilesAge(project);
    await run(project, "build");
  }
  expect(project.read("../log")).toBe("asked\n".repeat(4));
  project.remove("../flag");
  const shown = await run(project, "build");
  expect(project.read("../log")).toBe("asked\n".repeat(5));
  expect(shown.stdout).toContain(stdout);
});

test("files of the user's own below .zr are inputs and configuration as any other", async () => {
  await using project = await makeProject({
    "zr.toml": `
      include = [".zr/tasks.toml"]
      [tasks.build]
      cmd = "cat .zr/made/x"
      cache = true
      inputs = [".zr/made/*"]
    `,
    ".zr/tasks.toml": '[tasks.say]\ncmd = "echo one"\n',
    ".zr/made/x": "one\n",
  });
  await runUntilRecalled(project, "build");
  await run(project, "say");
  expect((await run(project, "say")).stdout).toBe("one\n");
  project.write(".zr/made/x", "two\n");
  expect((await run(project, "build")).stdout).toBe("two\n");
  project.write(".zr/tasks.toml", '[tasks.say]\ncmd = "echo two"\n');
  expect((await run(project, "say")).stdout).toBe("two\n");
  expect((await project.zr("list").result()).stdout).toContain("say");
});

test.each([
  ["that it names among its inputs", 'env_inputs = ["OLDPWD"]'],
  ["that it names by a star", 'env_inputs = ["OLD*"]'],
  ["that another variable is made of", 'env = { CAME_FROM = "$OLDPWD" }'],
])("a result goes by the folder that a shell has left (%s)", async (_, line) => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmd = "echo from $OLDPWD"
      cache = true
      inputs = ["zr.toml"]
      ${line}
    `,
  });
  const build = async (from: string): Promise<string> =>
    (await project.zrWith({ env: { OLDPWD: from } }, "run", "build").result()).stdout;
  letFilesAge(project);
  for (let round = 0; round < 4; round += 1) expect(await build("/one")).toBe("from /one\n");
  expect(await build("/two")).toBe("from /two\n");
});

describe("where the place of a kept run holds", () => {
  const STATES: readonly (readonly [string, (path: string) => void])[] = [
    ["a pipe", (path) => void Bun.spawnSync(["mkfifo", path])],
    ["a folder", (path) => mkdirSync(path)],
    ["a device", (path) => symlinkSync("/dev/zero", path)],
    ["a link that leads to itself", (path) => symlinkSync(path, path)],
  ];
  test.each(STATES)("%s, the run is planned", async (_, put) => {
    await using project = await makeProject({ "zr.toml": '[tasks.say]\ncmd = "echo hello"\n' });
    await runUntilRecalled(project, "say");
    for (const path of keptRuns(project)) {
      rmSync(path);
      put(path);
    }
    for (let round = 0; round < 2; round += 1)
      expect(await run(project, "say")).toMatchObject({ stdout: "hello\n", code: 0 });
  });

  testUnless(process.getuid?.() === 0 ? undefined : "only root gives files away")(
    "what belongs to someone else, the run is planned",
    async () => {
      await using project = await makeProject({ "zr.toml": '[tasks.say]\ncmd = "echo hello"\n' });
      await runUntilRecalled(project, "say");
      const before = keptState(project);
      for (const path of keptRuns(project)) chownSync(path, 12_345, 12_345);
      expect((await run(project, "say")).stdout).toBe("hello\n");
      expect(keptState(project)).not.toBe(before);
      rmSync(keptRunsFolder(project), { recursive: true });
      mkdirSync(keptRunsFolder(project), { mode: 0o777 });
      chownSync(keptRunsFolder(project), 12_345, 12_345);
      for (let round = 0; round < 3; round += 1) await run(project, "say");
      expect(keptRuns(project)).toEqual([]);
    },
  );
});

test("no plan is kept of files in whose place others have been put while it ran", async () => {
  await using project = await makeProject({
    "zr.toml": `
      include = ["shared/tasks.toml"]
      [tasks.all]
      cmd = "swap"
      deps = ["say"]
    `,
    "shared/tasks.toml": '[tasks.say]\ncmd = "echo one"\n',
    "other/tasks.toml": '[tasks.say]\ncmd = "echo two"\n',
  });
  const swap = project.tool("swap");
  letFilesAge(project);
  const started = project.zr("run", "all");
  const child = await swap.started();
  letFilesAge(project);
  renameSync(project.path("shared"), project.path("before"));
  renameSync(project.path("other"), project.path("shared"));
  child.exit(0);
  expect((await started.result()).stdout).toContain("one");
  const again = project.zr("run", "all");
  (await swap.started()).exit(0);
  expect((await again.result()).stdout).toContain("two");
});

test("where tasks are run is said once, also where the plan that was kept can't be started", async () => {
  const say = '[tasks.say]\ncmd = "echo hello"\nenv_file = "../env/key.env"\n';
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
    "a/zr.toml": say,
    "b/zr.toml": say,
    "env/key.env": "KEY=one\n",
  });
  await runUntilRecalled(project, "say");
  project.remove("env/key.env");
  const { stderr, code } = await run(project, "say");
  expect(code).toBe(3);
  expect(stderr.split("is run in 2 packages")).toHaveLength(2);
});
