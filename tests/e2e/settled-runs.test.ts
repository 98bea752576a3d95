import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { keptRunsFolder } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { writtenAt } from "#tests/support/written-at";

const PACKAGES = 70;

/** A workspace of so many packages that a run in which nothing has to be done is kept. */
async function workspace(
  task = `cmd = "cat src/*.txt > out/all; echo made {{name}}"`,
  more: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const files: Record<string, string> = {
    "zr.toml": `
      [workspace]
      members = ["packages/*"]
    `,
    ".gitignore": "out/\n",
    ...more,
  };
  for (let number = 0; number < PACKAGES; number += 1) {
    const name = `p${String(number).padStart(2, "0")}`;
    files[`packages/${name}/zr.toml`] = `
      [tasks.build]
      ${task.replace("{{name}}", name)}
      cache = true
      inputs = ["src/**"]
      outputs = ["out/**"]
    `;
    files[`packages/${name}/src/a.txt`] = `${name}\n`;
    files[`packages/${name}/out/.keep`] = "";
  }
  return makeProject(files, { git: true });
}

/** Which run is kept, and when it was written; undefined where none is, or nothing but its plan. */
function kept(project: Project): string | undefined {
  const folder = keptRunsFolder(project);
  try {
    const [name] = readdirSync(folder);
    if (name === undefined || readFileSync(join(folder, name), "utf8").includes('"told":[]'))
      return undefined;
    return writtenAt(join(folder, name));
  } catch {
    return undefined;
  }
}

const keptText = (project: Project): string => {
  const folder = keptRunsFolder(project);
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join("\n")
    : "";
};

async function build(project: Project): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return project.zr("run", "build", "--keep-going").expect({ stdout: anything, stderr: anything });
}

/** Runs until a run is kept: what has just been written is too young to be told from what is written next. */
async function settled(project: Project): Promise<{ readonly stdout: string; readonly stderr: string }> {
  for (let round = 0; round < 50; round += 1) {
    const shown = await build(project);
    if (kept(project) !== undefined) return shown;
  }
  throw new Error("no run was kept");
}

/** Whether the next run is told from what is kept. */
async function isRecalled(project: Project): Promise<boolean> {
  const before = kept(project);
  const { stderr } = await build(project);
  expect(stderr).toContain(`${PACKAGES} tasks: ${PACKAGES} cached`);
  return kept(project) === before;
}

test("a run in which nothing has to be done says the same when it is told again, and is in the history", async () => {
  await using project = await workspace();
  await build(project);
  const first = await settled(project);
  const inode = kept(project);
  const again = await build(project);
  expect(kept(project)).toBe(inode);
  expect(again.stdout).toBe(first.stdout);
  expect(again.stdout).toContain("made p42");
  expect(again.stderr.replaceAll(/\d+ms/g, "")).toBe(first.stderr.replaceAll(/\d+ms/g, ""));
  const { stdout } = await project.zr("history", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout).runs.length).toBeGreaterThanOrEqual(3);
});

const CHANGES: readonly (readonly [string, (project: Project) => void, RegExp])[] = [
  ["an input has been edited", (project) => project.write("packages/p07/src/a.txt", "other\n"), /69 cached/],
  ["an input has been added", (project) => project.write("packages/p07/src/b.txt", "more\n"), /69 cached/],
  ["an input is gone", (project) => project.remove("packages/p07/src/a.txt"), /1 ok, 69 cached/],
  ["an output has been edited", (project) => project.write("packages/p07/out/all", "x\n"), /70 cached/],
  ["an output is gone", (project) => project.remove("packages/p07/out/all"), /70 cached/],
  [
    "a file stands in a folder that was empty",
    (project) => project.write("packages/p07/src/empty/new.txt", "new\n"),
    /1 ok, 69 cached/,
  ],
  [
    "the configuration says another command",
    (project) =>
      project.write(
        "packages/p07/zr.toml",
        '[tasks.build]\ncmd = "true"\ncache = true\ninputs = ["src/**"]\n',
      ),
    /69 cached/,
  ],
  [
    "a package is new",
    (project) =>
      project.write("packages/q/zr.toml", '[tasks.build]\ncmd = "true"\ncache = true\ninputs = ["src/**"]\n'),
    /71 tasks: 1 ok, 70 cached/,
  ],
  [
    "a user's configuration appears",
    (project) => {
      mkdirSync(join(project.folders.config, "zr"), { recursive: true });
      writeFileSync(join(project.folders.config, "zr", "config.toml"), "[cache]\nenabled = false\n");
    },
    /70 ok|70 tasks: 70 (?!cached)/,
  ],
];

test.each(CHANGES)("a run is not told from memory where %s", async (_, change, expected) => {
  await using project = await workspace(undefined);
  mkdirSync(project.path("packages/p07/src/empty"));
  await build(project);
  await settled(project);
  expect(await isRecalled(project)).toBe(true);
  change(project);
  const { stderr } = await project.zr("run", "build", "--keep-going").result();
  expect(stderr).toMatch(expected);
  await settledAgain(project);
});

/** After a change the outputs are those that a run without a cache makes. */
async function settledAgain(project: Project): Promise<void> {
  const outputs = (): string => {
    let all = "";
    for (const name of readdirSync(project.path("packages")).sort())
      try {
        all += `${name}: ${project.read(`packages/${name}/out/all`)}`;
      } catch {
        all += `${name}: none\n`;
      }
    return all;
  };
  const cached = outputs();
  await project.zr("run", "build", "--no-cache", "--keep-going").result();
  expect(cached).toBe(outputs());
}

test("a run is not told from memory in another environment", async () => {
  await using project = await workspace();
  await build(project);
  await settled(project);
  const count = (): number => readdirSync(keptRunsFolder(project)).length;
  const before = count();
  await project
    .zrWith({ env: { OTHER: "1" } }, "run", "build", "--keep-going")
    .expect({ stdout: anything, stderr: anything });
  // It has been worked out anew, and is kept beside the other.
  expect(count()).toBe(before + 1);
});

test("a run is not told from memory when the cache has been emptied", async () => {
  await using project = await workspace();
  await build(project);
  await settled(project);
  expect(await isRecalled(project)).toBe(true);
  await project.zr("cache", "clean", "--all").expect({ stdout: anything, stderr: anything });
  await project.zr("run", "build").expect({ stdout: anything, stderr: /70 ok|70 tasks: 70 (?!cached)/ });
});

test("a run is not told from memory where a link leads elsewhere", async () => {
  await using project = await workspace();
  project.write("shared/one.txt", "one\n");
  project.write("shared/two.txt", "two\n");
  symlinkSync("../../../shared/one.txt", project.path("packages/p07/src/link.txt"));
  await build(project);
  await settled(project);
  expect(await isRecalled(project)).toBe(true);
  unlinkSync(project.path("packages/p07/src/link.txt"));
  symlinkSync("../../../shared/two.txt", project.path("packages/p07/src/link.txt"));
  await project.zr("run", "build").expect({ stdout: anything, stderr: /69 cached/ });
  expect(project.read("packages/p07/out/all")).toContain("two");
});

test("a damaged memory of a run is as good as none", async () => {
  await using project = await workspace();
  await build(project);
  await settled(project);
  const folder = keptRunsFolder(project);
  const [name = ""] = readdirSync(folder);
  const size = statSync(join(folder, name)).size;
  for (const damage of [Buffer.alloc(size, 120), Buffer.from("zrsettle"), Buffer.alloc(1)]) {
    writeFileSync(join(folder, name), damage);
    await project.zr("run", "build").expect({ stdout: anything, stderr: /70 cached/ });
  }
  rmSync(folder, { recursive: true });
});

test("of a run that something besides files decides no more than the plan is kept", async () => {
  for (const task of [
    `cmd = "echo {{name}}"\ncondition = "env.HOME != ''"`,
    `cmd = "echo {{name}}"\nsecrets = ["HOME"]`,
    `cmd = "echo {{name}} $STAMP"\nenv = { STAMP = { cmd = "cat ../stamp 2>&1 || true" } }`,
  ]) {
    await using project = await workspace(task);
    for (let round = 0; round < 3; round += 1)
      await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
    expect(keptText(project)).not.toMatch(/"told":\[[^\]]/);
  }
});

test("a run is not told from memory where a command gives a variable another value", async () => {
  await using project = await workspace(
    `cmd = "mkdir -p out; echo $STAMP > out/all; : {{name}}"\nenv = { STAMP = { cmd = "cat $STAMP_FILE" } }`,
  );
  const stamp = join(project.folders.tmp, "stamp");
  const run = () => project.zrWith({ env: { STAMP_FILE: stamp } }, "run", "build", "--keep-going").result();
  writeFileSync(stamp, "one\n");
  for (let round = 0; round < 3; round += 1) await run();
  writeFileSync(stamp, "two\n");
  await run();
  expect(project.read("packages/p07/out/all")).toBe("two\n");
});

test("what comes and goes around the workspace keeps no run from being told again", async () => {
  await using project = await workspace();
  await build(project);
  for (let round = 0; kept(project) === undefined; round += 1) {
    expect(round).toBeLessThan(10);
    writeFileSync(join(project.root, "..", `round-${round}`), "");
    await build(project);
  }
  writeFileSync(join(project.root, "..", "one-more"), "");
  expect(await isRecalled(project)).toBe(true);
});

const SECRET = "hunter2-hunter2-hunter2";

test.each([
  ["a value by --set", ["build", "--set", `note=${SECRET}`]],
  ["a label", ["build", "--label", `note=${SECRET}`]],
  ["an argument behind --", ["build", "--", SECRET]],
  ["a parameter", ["all", SECRET]],
])("a run is not kept where %s may be a secret, and none is written anywhere", async (_, words) => {
  await using project = await workspace(`cmd = ': {{name}} "$@"'`, {
    "zr.toml": `
      [workspace]
      members = ["packages/*"]
      [vars]
      note = "none"
      [tasks.all]
      deps = ["*:build"]
      args = [{ name = "note", default = "none" }]
    `,
  });
  const env = { API_TOKEN: SECRET };
  // Once a run is kept, everything is old enough for any other to be kept as well.
  await settled(project);
  const before = settledNames(project);
  for (let round = 0; round < 3; round += 1)
    await project.zrWith({ env }, "run", ...words).expect({ stdout: anything, stderr: anything });
  expect(settledNames(project)).toEqual(before);
  expect(filesWith(SECRET, [project.root, project.folders.cache, project.folders.data])).toEqual([]);
});

const settledNames = (project: Project): readonly string[] => readdirSync(keptRunsFolder(project)).sort();

/** The files below folders that contain a text. */
const filesWith = (text: string, folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(text)),
  );
