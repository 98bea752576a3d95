import { symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** No package has files of its own but its configuration; each goes by files of the root. */
const FILES: Readonly<Record<string, string>> = {
  "zr.toml": `
    [workspace]
    members = ["packages/*"]
    [vars]
    tables = "data"
  `,
  ".gitignore": ".zr\n",
  "data/deep/x.json": "1",
  "data/e.env": "B=1\n",
  "packages/direct/zr.toml": task('inputs = ["//data/**/*.json"]'),
  "packages/filled/zr.toml": task('inputs = ["//${vars.tables}/deep"]'),
  "packages/linked/zr.toml": task('inputs = ["src/**"]'),
  "packages/stdin/zr.toml": task('inputs = []\nio = { stdin = "file:../../data/deep/x.json" }'),
  "packages/variables/zr.toml": task('inputs = []\nenv_file = "../../data/e.env"'),
  "packages/secret/zr.toml": task('inputs = []\nenv = { B = { file = "../../data/e.env" } }'),
  "packages/other/zr.toml": task('inputs = ["src/**"]'),
};

function task(keys: string): string {
  return `[tasks.test]\ncmd = "echo $B"\ncache = true\n${keys}\n`;
}

async function workspace(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await makeProject({ ...FILES, ...files }, { git: true });
  symlinkSync("../../data/deep", project.path("packages/linked/src"));
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "link");
  return project;
}

async function listed(project: Project, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await project
    .zr("affected", "test", "--list", "--base", "HEAD", ...args)
    .expect({ stdout: anything, stderr: anything });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^packages\/|:test$/g, ""));
}

describe("a task is affected by what it goes by outside of its package", () => {
  const byInputs = ["direct", "filled", "linked", "stdin"];

  test("whether its inputs name it, a link leads there or its stdin comes from it", async () => {
    await using project = await workspace();
    project.write("data/deep/x.json", "2");
    expect(await listed(project)).toEqual(byInputs);
    expect(await listed(project, "--task-inputs")).toEqual(byInputs);
    expect(await listed(project, "--no-dependents")).toEqual(byInputs);
    project.write("changed.txt", "data/deep/x.json\n");
    expect(await listed(project, "--files", "changed.txt")).toEqual(byInputs);
  });

  test("and where its variables come from a file", async () => {
    await using project = await workspace();
    project.write("data/e.env", "B=2\n");
    expect(await listed(project)).toEqual(["secret", "variables"]);
    expect(await listed(project, "--task-inputs")).toEqual(["secret", "variables"]);
  });

  test("so that nothing is left to run once what is affected has been run", async () => {
    await using project = await workspace();
    await project.zr("run", "test", "--all").expect({ stdout: anything, stderr: anything });
    project.write("data/deep/x.json", "2");
    project.write("data/e.env", "B=2\n");
    await project.zr("affected", "test", "--base", "HEAD").expect({ stdout: anything, stderr: anything });
    await project
      .zr("run", "test", "--all", "--output", "quiet")
      .expect({ stdout: "", stderr: /^7 tasks: 7 cached/ });
  });
});

test("a file of variables of the root affects all packages, as its zr.toml does", async () => {
  const files = { "zr.toml": `${FILES["zr.toml"]}[global]\ndotenv = true\n`, ".env": "B=1\n" };
  await using project = await workspace(files);
  project.write(".env", "B=2\n");
  const all = ["direct", "filled", "linked", "other", "secret", "stdin", "variables"];
  expect(await listed(project)).toEqual(all);
  expect(await listed(project, "--task-inputs")).toEqual(all);
  await project
    .zr("affected", "--base", "HEAD", "--explain")
    .expect({ stdout: /^packages\/other +changed: \.env$/m, stderr: anything });
});

test("what is taken out before $default is in again", async () => {
  await using project = await workspace({
    "packages/other/zr.toml": task('inputs = ["!a.md", "$default", "!b.md"]'),
  });
  project.write("packages/other/b.md", "1");
  expect(await listed(project, "--task-inputs")).toEqual([]);
  project.write("packages/other/a.md", "1");
  expect(await listed(project, "--task-inputs")).toEqual(["other"]);
});

test("with --task-inputs what another package needs of a package does not change the package's own task", async () => {
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\nmembers = ["packages/*"]',
      ".gitignore": ".zr\n",
      "packages/core/zr.toml": `
        [tasks]
        test = { cmd = "echo core", inputs = ["src/**"], deps = ["prepare"] }
        prepare = { cmd = "echo prepare", inputs = ["tools/**"] }
        generate = "echo generate"
      `,
      "packages/user/zr.toml": `
        [package]
        deps = ["packages/core"]
        [tasks]
        test = { cmd = "echo user", inputs = ["src/**"], deps = ["^generate"] }
      `,
    },
    { git: true },
  );
  project.write("packages/core/README.md", "1");
  expect(await listed(project, "--task-inputs")).toEqual(["user"]);
  expect(await listed(project)).toEqual(["core", "user"]);
  project.write("packages/core/tools/make", "1");
  expect(await listed(project, "--task-inputs")).toEqual(["core", "user"]);
  expect(await listed(project, "--task-inputs", "--no-dependents")).toEqual(["core"]);
});
