import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { keptRunsFolder } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { randomFrom } from "#tests/support/random-from";
import { anything } from "#tests/support/run";

const PACKAGES = 66;
/** Each package needs the one so many before it. */
const STRIDE = 11;

const nameOf = (number: number): string => `p${String(number).padStart(2, "0")}`;

const packageToml = (number: number, more = ""): string => `
  [package]
  name = "${nameOf(number)}"
  ${number < STRIDE ? "" : `deps = ["${nameOf(number - STRIDE)}"]`}
  [tasks.build]
  cmd = "cat src/* ${number < STRIDE ? "" : `../${nameOf(number - STRIDE)}/out/all`} > out/all ${more}"
  deps = ["^build"]
  cache = true
  inputs = ["src/**"]
  outputs = ["out/**"]
`;

/** Packages in eleven chains; each puts together what is in its sources and what the one before it has made. */
async function workspace(more = ""): Promise<Project> {
  const files: Record<string, string> = {
    "zr.toml": `
      [workspace]
      members = ["packages/*"]
      ${more}
    `,
    ".gitignore": "out/\n",
  };
  for (let number = 0; number < PACKAGES; number += 1) {
    const folder = `packages/${nameOf(number)}`;
    files[`${folder}/zr.toml`] = packageToml(number);
    files[`${folder}/src/a.txt`] = `a of ${number}\n`;
    files[`${folder}/src/b.txt`] = `b of ${number}\n`;
    files[`${folder}/out/.keep`] = "";
  }
  return makeProject(files, { git: true });
}

/** What every package has to have made, by its sources as they are now. */
function expected(project: Project): readonly string[] {
  const made: string[] = [];
  for (let number = 0; number < PACKAGES; number += 1) {
    const folder = `packages/${nameOf(number)}/src`;
    const own = readdirSync(project.path(folder))
      .sort()
      .map((name) => project.read(`${folder}/${name}`));
    made.push([...own, number < STRIDE ? "" : (made[number - STRIDE] ?? "")].join(""));
  }
  return made;
}

const outputs = (project: Project): readonly string[] =>
  Array.from({ length: PACKAGES }, (_, number) => project.read(`packages/${nameOf(number)}/out/all`));

/** What is told of the run at the end: how many tasks were run, how many were not. */
async function build(project: Project): Promise<string> {
  const { stderr } = await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
  expect(outputs(project)).toEqual([...expected(project)]);
  return /66 tasks: (.*?) ·/.exec(stderr)?.[1] ?? stderr;
}

/** The file in which a run is kept; undefined where none is. */
function keptFile(project: Project): string | undefined {
  try {
    const folder = keptRunsFolder(project);
    return readdirSync(folder).map((name) => join(folder, name))[0];
  } catch {
    return undefined;
  }
}

function kept(project: Project): number | undefined {
  const path = keptFile(project);
  return path === undefined ? undefined : statSync(path).ino;
}

/** Runs until a run is kept: what has just been written is too young to be told from what is written next. */
async function settle(project: Project): Promise<void> {
  await build(project);
  const before = kept(project);
  for (;;) {
    expect(await build(project)).toBe("66 cached");
    const now = kept(project);
    if (
      now !== undefined &&
      (before === undefined || now !== before || (await build(project)) === "66 cached")
    )
      return;
  }
}

test("where inputs have changed only their tasks and those behind them are run", async () => {
  await using project = await workspace();
  await settle(project);
  project.write("packages/p20/src/a.txt", "edited\n");
  // p20, p31, p42, p53, p64
  expect(await build(project)).toBe("5 ok, 61 cached");
  expect(await build(project)).toBe("66 cached");
  project.write("packages/p20/src/a.txt", "a of 20\n");
  expect(await build(project)).toBe("66 cached");
});

test("the plan of a run in which little had to be done is kept too", async () => {
  await using project = await workspace();
  await build(project);
  expect(kept(project)).toBeUndefined();
  // What was written a moment ago may be written again without looking different: then nothing is kept.
  for (let round = 0; kept(project) === undefined; round += 1) {
    expect(round).toBeLessThan(20);
    project.write("packages/p64/src/a.txt", `edited ${round}\n`);
    expect(await build(project)).toBe("1 ok, 65 cached");
  }
  const before = kept(project);
  project.write("packages/p20/src/a.txt", "edited\n");
  expect(await build(project)).toBe("5 ok, 61 cached");
  project.write("packages/p64/src/a.txt", "edited again\n");
  expect(await build(project)).toBe("1 ok, 65 cached");
  expect(kept(project)).toBe(before);
});

test("a task behind a changed one whose outputs are the same is not run", async () => {
  await using project = await workspace();
  await settle(project);
  renameSync(project.path("packages/p20/src/a.txt"), project.path("packages/p20/src/a2.txt"));
  expect(await build(project)).toBe("1 ok, 65 cached");
});

test("an editor that puts a new file in the place of the old one changes no more than that file", async () => {
  await using project = await workspace();
  await settle(project);
  project.write("packages/p64/src/.a.txt.swp", "edited\n");
  renameSync(project.path("packages/p64/src/.a.txt.swp"), project.path("packages/p64/src/a.txt"));
  expect(await build(project)).toBe("1 ok, 65 cached");
});

test("outputs that are gone are put back", async () => {
  await using project = await workspace();
  await settle(project);
  for (let number = 0; number < PACKAGES; number += 1)
    rmSync(project.path(`packages/${nameOf(number)}/out`), { recursive: true });
  expect(await build(project)).toBe("66 cached");
  project.write("packages/p33/out/all", "broken\n");
  expect(await build(project)).toBe("66 cached");
});

test("a task that fails where a run is repeated is run again until it does not", async () => {
  await using project = await workspace();
  await settle(project);
  rmSync(project.path("packages/p20/src"), { recursive: true });
  mkdirSync(project.path("packages/p20/src"));
  const failed = await project.zr("run", "build").result();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("p20:build");
  project.write("packages/p20/src/a.txt", "back\n");
  expect(await build(project)).toMatch(/^5 ok, 61 cached$/);
});

test("what is kept for that holds no secret of the configuration", async () => {
  await using project = await workspace(`[env]\nPLAIN_NAME = "seen-1482"`);
  await settle(project);
  expect(readFileSync(keptFile(project) ?? "", "utf8")).toContain("seen-1482");
  project.write("zr.toml", project.read("zr.toml").replace("PLAIN_NAME", "API_TOKEN"));
  await settle(project);
  expect(readFileSync(keptFile(project) ?? "", "utf8")).not.toContain("seen-1482");
  project.write("packages/p64/src/a.txt", "edited\n");
  expect(await build(project)).toBe("1 ok, 65 cached");
});

test.each([1, 2])(
  "whatever happens to a workspace between two runs, every output is right after the second (seed %i)",
  async (seed) => {
    await using project = await workspace();
    await build(project);
    const below = randomFrom(seed * 7919);
    const anyPackage = (): string => `packages/${nameOf(below(PACKAGES))}`;
    const changes: readonly (() => void)[] = [
      () => project.write(`${anyPackage()}/src/a.txt`, `edited ${below(1000)}\n`),
      () => project.write(`${anyPackage()}/src/b.txt`, `edited ${below(4)}\n`),
      () => project.write(`${anyPackage()}/src/c${below(3)}.txt`, `new ${below(1000)}\n`),
      () => rmSync(project.path(`${anyPackage()}/src/b.txt`), { force: true }),
      () => rmSync(project.path(`${anyPackage()}/out/all`), { force: true }),
      () => rmSync(project.path(`${anyPackage()}/out`), { recursive: true, force: true }),
      () => project.write(`${anyPackage()}/out/all`, "broken\n"),
      () => project.write(`${anyPackage()}/out/more`, "stale\n"),
      () => utimesSync(project.path(`${anyPackage()}/src/a.txt`), 1, 1),
      () => {
        const number = below(PACKAGES);
        project.write(`packages/${nameOf(number)}/zr.toml`, packageToml(number, `&& echo ${below(9)}`));
      },
      () => {
        const path = `${anyPackage()}/src/a.txt`;
        project.write(`${path}.new`, `renamed ${below(1000)}\n`);
        renameSync(project.path(`${path}.new`), project.path(path));
      },
      () => undefined,
    ];
    for (let round = 0; round < 20; round += 1) {
      for (let count = below(4); count > 0; count -= 1) changes[below(changes.length)]?.();
      await build(project);
    }
  },
  60_000,
);
