import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { keptRuns, run } from "#tests/support/kept-runs";
import type { Shown } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { randomFrom } from "#tests/support/random-from";
import { anything } from "#tests/support/run";
import { writtenAt } from "#tests/support/written-at";

const keptText = (project: Project): string =>
  keptRuns(project)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

/** Which plan is kept, and when it was written; undefined where none is. */
function keptPlan(project: Project): string | undefined {
  const written = keptRuns(project).map(writtenAt);
  return written.length === 0 ? undefined : written.join(" ");
}

/** Runs until the plan is kept: what has just been written is too young to be told from what is written next. */
async function runUntilKept(project: Project, ...words: readonly string[]): Promise<Shown> {
  for (let round = 0; round < 50; round += 1) {
    const shown = await run(project, ...words);
    if (keptPlan(project) !== undefined) return shown;
  }
  throw new Error("no plan was kept");
}

/** Lists until the listing is kept: from then on it is not its youth that keeps the plan of a configuration from being kept. */
async function untilOldEnough(project: Project): Promise<void> {
  const folder = join(project.folders.cache, "zr", "listings");
  rmSync(folder, { recursive: true, force: true });
  for (let round = 0; round < 50; round += 1) {
    await project.zr("list").result();
    if (existsSync(folder)) return;
  }
  throw new Error("no listing was kept");
}

/** Whether a run goes by the plan that is kept. */
async function isByKeptPlan(project: Project, ...words: readonly string[]): Promise<boolean> {
  const before = keptPlan(project);
  await run(project, ...words);
  return keptPlan(project) === before;
}

test("a task is run each time that it is asked for, by the plan of the first time", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.count]
      cmd = "echo x >> count; wc -l < count; cat /dev/stdin"
    `,
  });
  await runUntilKept(project, "count");
  const before = keptPlan(project);
  const lines = project.read("count").length;
  const { stdout, code } = await run(project, "count");
  expect(code).toBe(0);
  expect(stdout.trim()).toBe(String(lines / 2 + 1));
  expect(keptPlan(project)).toBe(before);
});

type Change = (project: Project) => void;

const CHANGES: readonly (readonly [string, Change, RegExp])[] = [
  [
    "the configuration has another command",
    (project) => project.write("zr.toml", '[tasks.say]\ncmd = "echo other"\n'),
    /^0 other\n/,
  ],
  [
    "the configuration is as long as before",
    (project) => project.write("zr.toml", project.read("zr.toml").replace("first", "later")),
    /later\n/,
  ],
  [
    "a configuration of one's own appears beside it",
    (project) => project.write("zr.local.toml", '[tasks.say]\ncmd = "echo mine"\n'),
    /mine\n/,
  ],
  [
    "a user's configuration appears",
    (project) => {
      mkdirSync(join(project.folders.config, "zr"), { recursive: true });
      writeFileSync(join(project.folders.config, "zr", "config.toml"), '[global]\noutput = "prefixed"\n');
    },
    /say +│ first/,
  ],
  [
    "an included file has been edited",
    (project) => project.write("more.toml", '[tasks.before]\ncmd = "echo new"\n'),
    /new\n/,
  ],
  [
    "a folder around it becomes the workspace",
    (project) =>
      project.write("../zr.toml", '[workspace]\nmembers = ["*"]\n[defaults.tasks]\nsilent = true\n'),
    /^0 $/,
  ],
  [
    "programs are installed in the project",
    (project) => {
      project.write(".venv/bin/cat", "#!/bin/sh\necho installed\n");
      chmodSync(project.path(".venv/bin/cat"), 0o755);
    },
    /installed\n/,
  ],
  ["the task is gone", (project) => project.write("zr.toml", '[tasks.other]\ncmd = "true"\n'), /^2 .*E160/s],
  ["the configuration is broken", (project) => project.write("zr.toml", "[tasks.say\n"), /^3 /],
  ["the configuration is gone", (project) => project.remove("zr.toml"), /^3 .*E152/s],
];

test.each(CHANGES)("a plan that was kept is not used where %s", async (_, change, expected) => {
  await using project = await makeProject({
    "zr.toml": `
      include = ["more.toml"]
      [tasks.say]
      cmd = "echo first; cat /dev/null"
      deps = ["before"]
    `,
    "more.toml": `
      [tasks.before]
      cmd = "true"
    `,
  });
  await runUntilKept(project, "say");
  expect(await isByKeptPlan(project, "say")).toBe(true);
  change(project);
  const { code, stdout, stderr } = await run(project, "say");
  expect(`${code} ${stdout}${code === 0 ? "" : stderr}`).toMatch(expected);
});

test("a plan that was kept is not used in another environment", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.say]
      cmd = "echo \${env.MODE}"
    `,
  });
  const say = (mode: string): Promise<Shown> =>
    project.zrWith({ env: { MODE: mode } }, "run", "say").result();
  for (let round = 0; round < 5; round += 1) expect((await say("one")).stdout).toBe("one\n");
  expect((await say("two")).stdout).toBe("two\n");
});

test("a run that can't be started by the plan that was kept says what is wrong with the lines of the file", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.say]
      cmd = "echo $KEY"
      env_file = "key.env"
    `,
    "key.env": "KEY=one\n",
  });
  await runUntilKept(project, "say");
  project.remove("key.env");
  const { code, stderr } = await run(project, "say");
  expect(code).toBe(3);
  expect(stderr).toContain("key.env");
  expect(stderr).toContain('env_file = "key.env"');
  project.write("key.env", "KEY=two\n");
  expect((await run(project, "say")).stdout).toBe("two\n");
});

/** Keys of a record that tell one run from the next of the same. */
const MEASURED = new Set([
  "run",
  "wallMs",
  "startedAt",
  "durationMs",
  "cpuMs",
  "start",
  "peakMemoryBytes",
  "readBytes",
  "writtenBytes",
]);

test("a run by a plan that was kept says the same, and leaves the same in the history, as one that was planned", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global]
      output = "prefixed"
      [tasks.test]
      cmd = "echo of \${matrix.n}; test \${matrix.n} != 2"
      matrix = { n = [1, 2, 3] }
      deps = ["lib"]
      retry = { max = 1, delay = "1ms" }
      on_failure = ["tell"]
      [tasks.lib]
      cmd = "echo lib >&2"
      [tasks.tell]
      cmds = [{ task = "greet", args = { name = "you" } }]
      [tasks.greet]
      cmd = "echo hello \${args.name}"
      args = [{ name = "name", default = "world" }, { name = "title", default = "none" }]
    `,
  });
  const shown = await runUntilKept(project, "test", "--jobs", "1", "--keep-going");
  const again = await run(project, "test", "--jobs", "1", "--keep-going");
  const withoutTimes = (text: string): string => text.replaceAll(/\d+(?:\.\d+)?m?s\b/g, "TIME");
  expect(again.code).toBe(shown.code);
  expect(withoutTimes(again.stdout)).toBe(withoutTimes(shown.stdout));
  expect(withoutTimes(again.stderr)).toBe(withoutTimes(shown.stderr));
  expect(await isByKeptPlan(project, "test", "--jobs", "1", "--keep-going")).toBe(true);
  const { stdout } = await project.zr("history", "--json").expect({ stdout: anything });
  const [last, before] = JSON.parse(stdout).runs;
  const lasting = (record: unknown): unknown =>
    JSON.parse(JSON.stringify(record, (key, value: unknown) => (MEASURED.has(key) ? undefined : value)));
  expect(lasting(last)).toEqual(lasting(before));
});

test("what went wrong is run again alone where the plan of the whole is kept", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.all]
      deps = ["good", "bad"]
      [tasks.good]
      cmd = "echo good"
      [tasks.bad]
      cmd = "echo bad; test -e fixed"
    `,
  });
  await runUntilKept(project, "all", "--keep-going");
  project.write("fixed", "");
  const { stdout, code } = await project.zr("rerun", "--failed").result();
  expect(code).toBe(0);
  expect(stdout).toContain("bad");
  expect(stdout).not.toContain("good");
});

test("a plan in a workspace whose members are found by globs and manifests is kept until another member is there", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [workspace]
        members = ["tools/*"]
        [tasks.all]
        deps = ["*:hello"]
      `,
      "package.json": '{"name":"root","workspaces":["packages/*"]}\n',
      "packages/a/package.json": '{"name":"a","scripts":{"hello":"echo of a"}}\n',
      "tools/b/zr.toml": '[tasks.hello]\ncmd = "echo of b"\n',
    },
    { git: true },
  );
  await runUntilKept(project, "all");
  expect(await isByKeptPlan(project, "all")).toBe(true);
  project.write("packages/c/package.json", '{"name":"c","scripts":{"hello":"echo of c"}}\n');
  expect((await run(project, "all")).stdout).toContain("of c");
  project.write("tools/d/zr.toml", '[tasks.hello]\ncmd = "echo of d"\n');
  expect((await run(project, "all")).stdout).toContain("of d");
  rmSync(project.path("packages/a"), { recursive: true });
  const { stdout } = await run(project, "all");
  expect(stdout).not.toContain("of a");
  expect(stdout).toContain("of c");
});

test("a member of a workspace is run by the plan that was kept in its folder", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [workspace]
        members = ["packages/*"]
      `,
      "packages/a/zr.toml": `
        [tasks.build]
        cmd = "cat src.txt > out.txt; echo built"
        deps = ["prepare"]
        cache = true
        inputs = ["src.txt"]
        outputs = ["out.txt"]
        [tasks.prepare]
        cmd = "true"
        [tasks.report]
        cmd = "date > report.txt"
        cache = true
        outputs = ["report.txt"]
      `,
      "packages/a/src.txt": "one\n",
      "packages/b/zr.toml": "",
    },
    { git: true },
  );
  const build = (): Promise<Shown> => project.zrWith({ cwd: "packages/a" }, "run", "build").result();
  await build();
  for (let round = 0; keptPlan(project) === undefined; round += 1) {
    expect(round).toBeLessThan(50);
    await build();
  }
  project.write("packages/a/src.txt", "two\n");
  expect((await build()).stdout).toContain("built\n");
  expect((await build()).stderr).toContain("1 cached");
  // What another task of the package makes is nothing that a task without declared inputs goes by.
  project.write("packages/a/report.txt", "of another task\n");
  expect((await build()).stderr).toContain("1 cached");
  project.write("packages/a/src.txt", "one\n");
  expect((await build()).stderr).toContain("1 cached");
  expect(project.read("packages/a/out.txt")).toBe("one\n");
});

test.each([1, 2, 3])(
  "whatever is edited between two runs, the second says what a run does that remembers nothing (seed %i)",
  async (seed) => {
    await using project = await makeProject(
      {
        "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
        "a/zr.toml": tasksOf(0, "[]"),
        "b/zr.toml": '[tasks.other]\ncmd = "echo of b"\n',
        "more.toml": '[tasks.more]\ncmd = "echo more"\n',
      },
      { git: true },
    );
    const below = randomFrom(seed * 7919);
    const gone = (path: string): void => rmSync(project.path(path), { recursive: true, force: true });
    const edits: readonly (() => void)[] = [
      () => project.write("zr.toml", `[workspace]\nmembers = ["*"]\n[env]\nSHARED = "${below(9)}"\n`),
      () => project.write("zr.toml", `[workspace]\nmembers = ["a", "b"]\n[vars]\nv = ${below(9)}\n`),
      () => project.write("zr.local.toml", `[env]\nLOCAL = "${below(9)}"\n`),
      () => gone("zr.local.toml"),
      () => project.write("a/.env", `DOTENV=${below(9)}\n`),
      () => gone("a/.env"),
      () => project.write("b/zr.toml", `[tasks.other]\ncmd = "echo of b ${below(9)}"\n`),
      () => project.write("more.toml", `[tasks.more]\ncmd = "echo more ${below(9)}"\n`),
      () => project.write("package.json", `{"name":"root${below(3)}","workspaces":["*"]}\n`),
      () => gone("package.json"),
      () => project.write("c/package.json", `{"name":"c","scripts":{"other":"echo of c ${below(9)}"}}\n`),
      () => project.write("d/zr.toml", `[tasks.other]\ncmd = "echo of d ${below(9)}"\n`),
      () => gone("c"),
      () => gone("d"),
      () => project.write("a/zr.toml", tasksOf(below(9), '["b:other"]')),
      () => project.write("a/zr.toml", tasksOf(below(9), '["*:other"]')),
      () => project.write("a/zr.toml", tasksOf(below(9), '["more"]', 'include = ["../more.toml"]')),
      () => project.write("a/zr.toml", tasksOf(below(9), "[]", "[global]\ndotenv = true")),
      () => project.write(".venv/bin/tool", `#!/bin/sh\necho ${below(9)}\n`),
      () => gone(".venv"),
    ];
    const words = ["run", "say", "--jobs", "1", "--output", "prefixed"];
    for (let round = 0; round < 40; round += 1) {
      if (below(2) > 0) edits[below(edits.length)]?.();
      const seen = await project.zrWith({ cwd: "a" }, ...words).result();
      const env = { XDG_CACHE_HOME: join(project.folders.tmp, `empty-${round}`) };
      const fresh = await project.zrWith({ cwd: "a", env }, ...words).result();
      expect({ code: seen.code, stdout: seen.stdout }).toEqual({ code: fresh.code, stdout: fresh.stdout });
    }
    expect(keptPlan(project)).toBeDefined();
  },
);

const tasksOf = (number: number, deps: string, more = ""): string =>
  `${more}\n[tasks.say]\ncmd = "echo ${number} $SHARED $LOCAL $DOTENV"\ndeps = ${deps}\n`;

const SECRET = "hunter2-hunter2-hunter2";

test.each([
  ["a variable that is called like a secret", `env = { API_TOKEN = "${SECRET}" }`],
  ["a variable that is said to be a secret", `env = { NAME = { value = "${SECRET}", secret = true } }`],
])("no plan is kept with %s", async (_, line) => {
  await using project = await makeProject({ "zr.toml": `[tasks.say]\ncmd = "true"\n${line}\n` });
  await untilOldEnough(project);
  for (let round = 0; round < 4; round += 1) expect((await run(project, "say")).code).toBe(0);
  expect(keptText(project)).not.toContain(SECRET);
  expect(keptPlan(project)).toBeUndefined();
});

test("no plan is kept that decides while it runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.if]
      cmd = "echo yes"
      condition = "file.exists('zr.toml')"
      [tasks.hooked]
      cmd = "true"
    `,
  });
  await untilOldEnough(project);
  for (let round = 0; round < 3; round += 1) expect((await run(project, "if")).stdout).toBe("yes\n");
  expect(keptPlan(project)).toBeUndefined();
  project.write("zr.toml", `${project.read("zr.toml")}\n[hooks]\nbefore_run = "true"\n`);
  await untilOldEnough(project);
  for (let round = 0; round < 3; round += 1) expect((await run(project, "hooked")).code).toBe(0);
  expect(keptPlan(project)).toBeUndefined();
});
