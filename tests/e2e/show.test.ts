import { expect, test } from "bun:test";
import { expectGolden } from "#tests/support/golden";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml": `
    [templates.node]
    timeout = "5m"
    env = { API_TOKEN = "s3cret", MODE = "dev", PASS = { value = "hunter2", secret = true } }

    [tasks.build]
    extends = "node"
    cmd = "echo building"
    description = "Build it"
    deps = ["gen"]
    matrix = { os = ["linux", "darwin"] }
    args = [{ name = "level", type = "number", default = 2 }]

    [tasks.gen]
    cmd = "true"

    [tasks.all]
    deps = ["build"]
  `,
};

test.each([
  ["text", []],
  ["json", ["--json"]],
] as const)("what is known of a task is shown as %s, secrets masked", async (name, words) => {
  await using project = await makeProject(FILES);
  const { stdout } = await project.zr("show", "build", ...words).expect({ stdout: anything });
  expect(stdout).not.toMatch(/s3cret|hunter2/);
  // `normalize` would take the timeout for a measured time.
  expectGolden(`show/${name}.txt`, stdout.replaceAll(project.root, "<root>"));
});

test("a task that does not exist is a usage error with a suggestion", async () => {
  await using project = await makeProject(FILES);
  await project
    .zr("show", "biuld")
    .expect({ code: 2, stderr: "error[E160]: no task 'biuld'\n  = did you mean 'build'?\n" });
});
