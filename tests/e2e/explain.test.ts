import { test } from "bun:test";
import { expectGolden } from "#tests/support/golden";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml": `
    [tasks.build]
    cmd = "echo building"
    deps = ["gen", "elsewhere"]
    on_failure = "notify"

    [tasks.gen]
    cmd = "true"
    condition = "false"

    [tasks.elsewhere]
    cmd = "true"
    platforms = ["windows"]

    [tasks.notify]
    cmd = "true"
  `,
};

test.each([
  ["text", []],
  ["json", ["--json"]],
] as const)(
  "why each instance would or would not run is told as %s, and nothing is run",
  async (name, words) => {
    await using project = await makeProject(FILES);
    const { stdout } = await project.zr("explain", "build", ...words).expect({ stdout: anything });
    expectGolden(`explain/${name}.txt`, project.normalize(stdout));
  },
);
