import { test } from "bun:test";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml":
    '# top\ninclude = [{ path = "ci/ci.toml", namespace = "ci" }]\n[tasks.build]\ncmd = "true"\naliases = ["b"]\n[tasks]\nshort = "true"\n[tasks."serve:*"]\ncmd = "true"\n',
  "ci/ci.toml": '# ci\n[tasks.lint]\ncmd = "true"\n',
};

test.each([
  ["build", "<root>/zr.toml:3:1"],
  ["b", "<root>/zr.toml:3:1"],
  ["short", "<root>/zr.toml:7:1"],
  ["serve:web", "<root>/zr.toml:8:1"],
  ["ci:lint", "<root>/ci/ci.toml:2:1"],
])("zr which %s prints the file and line that define it", async (name, place) => {
  await using project = await makeProject(FILES);
  await project.zr("which", name).expect({ stdout: `${place}\n` });
});

test("--json gives file, line and column", async () => {
  await using project = await makeProject(FILES);
  await project.zr("which", "build", "--json").expect({
    stdout:
      '{\n  "v": 1,\n  "tasks": [\n    {\n      "task": "build",\n      "file": "<root>/zr.toml",\n      "line": 3,\n      "column": 1\n    }\n  ]\n}\n',
  });
});
