import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { keptRunsFolder, letFilesAge, run } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/*
 * Tasks whose inputs are what others make, in runs that go by what is kept of an earlier one: how the inputs looked when
 * the run began says nothing of them once something before the task has been run.
 */

/** What is kept of a run that was planned is more than its plan where results were there. */
async function settle(project: Project, task: string): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    if (round === 2) rmSync(keptRunsFolder(project), { recursive: true, force: true });
    letFilesAge(project);
    await run(project, task);
  }
  letFilesAge(project);
}

const MAKE = `
  [tasks.make]
  cmd = "mkdir -p made; rm -f made/*; for name in $(cat names); do echo $name$(cat text) > made/$name; done"
  cache = true
  inputs = ["names", "text"]
  outputs = ["made/**"]
`;
/** Makes the same whatever comes before it. */
const BETWEEN = `
  [tasks.between]
  cmd = "echo between > between.out"
  cache = true
  inputs = ["other"]
  outputs = ["between.out"]
  deps = ["make"]
`;
const USE = (more: string): string => `
  [tasks.use]
  cmd = "cat other made/* > use.out"
  cache = true
  outputs = ["use.out"]
  ${more}
  [tasks.all]
  deps = ["make", "use"]
`;
const FILES: Readonly<Record<string, string>> = {
  names: "a",
  text: "1",
  other: "x\n",
  ".gitignore": "made/\n*.out\n",
};

describe.each([
  ["right after it", `${MAKE}${USE('inputs = ["made/*", "other"]\ndeps = ["make"]')}`],
  ["after it where that is in the plan", `${MAKE}${USE('inputs = ["made/*", "other"]\nwait_for = "make"')}`],
  [
    "after another one, which makes the same as before",
    `${MAKE}${BETWEEN}${USE('inputs = ["made/*", "other"]\ndeps = ["between"]')}`,
  ],
  [
    "after it, by a stream",
    `${MAKE}${USE('inputs = ["other"]\nio = { stdin = "file:made/a" }\nwait_for = "make"').replace("made/*", "-")}`,
  ],
])("a task that reads what another one makes, and comes %s,", (_, config) => {
  test.each([
    ["other contents", (project: Project) => project.write("text", "2"), "x\na2\n"],
    [
      "other contents and a change of its own",
      (project: Project) => {
        project.write("text", "2");
        project.write("other", "y\n");
      },
      "y\na2\n",
    ],
  ])("sees %s", async (__, change, expected) => {
    await using project = await makeProject({ ...FILES, "zr.toml": config }, { git: true });
    await settle(project, "all");
    change(project);
    expect((await run(project, "all")).code).toBe(0);
    expect(project.read("use.out")).toBe(expected);
  });
});

test.each([
  ["after it", 'deps = ["make"]'],
  ["after it where that is in the plan", 'wait_for = "make"'],
])("a result is not stored for fewer files than it was made of (%s)", async (_, line) => {
  const config = `${MAKE}${USE(`inputs = ["made/*", "other"]\n${line}`)}`;
  await using project = await makeProject({ ...FILES, "zr.toml": config }, { git: true });
  await settle(project, "all");
  project.write("names", "a b");
  project.write("other", "y\n");
  await run(project, "all");
  expect(project.read("use.out")).toBe("y\na1\nb1\n");
  project.write("names", "a");
  await run(project, "all");
  expect(project.read("use.out")).toBe("y\na1\n");
});

describe.each([
  ["a link to their folder", "link", "made"],
  ["a link to a folder below theirs", "link", "made/sub"],
  ["a link in the middle of the path", "d/link", "../made"],
  ["a link to a link", "link", "first"],
])("files of another task that are named through %s", (_, link, target) => {
  test.each([
    ["after it where that is in the plan", "", 'wait_for = "make"'],
    ["after another one, which makes the same as before", BETWEEN, 'deps = ["between"]'],
  ])("are seen as they are now (%s)", async (__, between, line) => {
    const make = MAKE.replace("mkdir -p made;", "mkdir -p made/sub;")
      .replace("rm -f made/*;", "rm -f made/*.x made/sub/*.x;")
      .replace("> made/$name;", "> made/$name.x; cp made/$name.x made/sub;");
    const use = USE(`inputs = ["${link}/*.x", "other"]\n${line}`).replace("made/*", `${link}/*.x`);
    const config = `${make}${between}${use}`;
    for (const [name, text, expected] of [
      ["text", "2", "x\na2\n"],
      ["names", "a b", "x\na1\nb1\n"],
    ] as const) {
      await using project = await makeProject({ ...FILES, "zr.toml": config }, { git: true });
      mkdirSync(project.path("d"));
      symlinkSync("made", project.path("first"));
      symlinkSync(target, project.path(link));
      await settle(project, "all");
      project.write(name, text);
      expect((await run(project, "all")).code).toBe(0);
      expect(project.read("use.out")).toBe(expected);
    }
  });
});

/** What is made by a task that declares nothing and is always run, out of what zr knows nothing of. */
const ALWAYS = `
  [tasks.make]
  cmd = "for name in $(cat ../names); do test -f src/$name || echo $name > src/$name; done; cmp -s ../text src/text || cp ../text src/text"
`;
const BEHIND = (dep: string): string => `
  [tasks.use]
  cmd = "cat src/* > use.out"
  cache = true
  outputs = ["use.out"]
  deps = ["${dep}"]
`;

describe.each([
  ["right behind", `${ALWAYS}${BEHIND("make")}`],
  ["farther behind", `${ALWAYS}${BETWEEN}${BEHIND("between")}`],
])("a task %s one that is always run and declares nothing", (_, config) => {
  test.each([
    ["other contents", "a", "2\n", "a\n2\n"],
    ["new files", "a b", "1\n", "a\nb\n1\n"],
  ])("sees %s", async (__, names, text, expected) => {
    await using project = await makeProject(
      { ".gitignore": "*.out\n", "src/a": "a\n", "src/text": "1\n", other: "", "zr.toml": config },
      { git: true },
    );
    await Bun.write(project.path("../names"), "a");
    await Bun.write(project.path("../text"), "1\n");
    await settle(project, "use");
    await Bun.write(project.path("../names"), names);
    await Bun.write(project.path("../text"), text);
    expect((await run(project, "use")).code).toBe(0);
    expect(project.read("use.out")).toBe(expected);
  });
});
