import { existsSync, rmSync, statSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { letFilesAge, run } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/* Two tasks of which one has its outputs among those of the other, as `allow_overlap` allows where they write different files. */

const TASKS = (wide: string, order: string): string => `
  [tasks.${wide}]
  cmd = "mkdir -p out; cp w out/wide"
  cache = true
  inputs = ["w"]
  outputs = ["out/**"]
  allow_overlap = true

  [tasks.m]
  cmd = "mkdir -p out/n; rm -f out/n/*; cp m out/n/$(cat name)"
  cache = true
  inputs = ["m", "name"]
  outputs = ["out/n/**"]
  ${order.replace("wide", wide)}

  [tasks.all]
  deps = ["${wide}", "m"]
`;
const FILES = { w: "w1", m: "m1", name: "narrow", ".gitignore": "out/\n" };

const made = (project: Project): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    ["wide", "n/narrow", "n/other"]
      .filter((name) => existsSync(project.path(`out/${name}`)))
      .map((name) => [name, project.read(`out/${name}`)]),
  );

async function both(project: Project): Promise<object> {
  const { code, stdout, stderr } = await run(project, "all", "-j1");
  expect(`${code}${code === 0 ? "" : stdout + stderr}`).toBe("0");
  letFilesAge(project);
  return made(project);
}

describe.each([
  ["first", "a", ""],
  ["last", "z", ""],
  ["first, since the other needs it", "a", 'deps = ["wide"]'],
])("where the task with the wider outputs is looked at %s", (_, wide, order) => {
  test.each([
    [
      "by themselves",
      async (project: Project) => {
        await run(project, wide);
        await run(project, "m", "--only");
      },
    ],
    [
      "together",
      async (project: Project) => {
        await both(project);
      },
    ],
    [
      "the other way round",
      async (project: Project) => {
        await run(project, "m", "--only");
        await run(project, wide);
      },
    ],
  ])("results that were made %s are all there after each run, and stay untouched", async (__, make) => {
    await using project = await makeProject({ ...FILES, "zr.toml": TASKS(wide, order) }, { git: true });
    await make(project);
    letFilesAge(project);
    const all = { wide: "w1", "n/narrow": "m1" };
    expect(await both(project)).toEqual(all);
    expect(await both(project)).toEqual(all);
    const before = ["wide", "n/narrow"].map((name) => statSync(project.path(`out/${name}`)).ctimeMs);
    expect(await both(project)).toEqual(all);
    expect(["wide", "n/narrow"].map((name) => statSync(project.path(`out/${name}`)).ctimeMs)).toEqual(before);

    project.write("m", "m2");
    expect(await both(project)).toEqual({ ...all, "n/narrow": "m2" });
    expect(await both(project)).toEqual({ ...all, "n/narrow": "m2" });
    project.write("name", "other");
    expect(await both(project)).toEqual({ wide: "w1", "n/other": "m2" });
    project.write("w", "w2");
    expect(await both(project)).toEqual({ wide: "w2", "n/other": "m2" });
    project.write("m", "m1");
    project.write("name", "narrow");
    project.write("w", "w1");
    expect(await both(project)).toEqual(all);
    rmSync(project.path("out"), { recursive: true });
    expect(await both(project)).toEqual(all);
  });
});
