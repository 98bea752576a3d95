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

test("in the root the name that tasks of packages share is found in each, also where it is misspelt", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["*"]\n[tasks.bad]\ncmd = "true"\n',
    "a/zr.toml": '[tasks.build]\ncmd = "true"\n',
    "b/zr.toml": '[tasks.build]\ncmd = "true"\nmatrix = { os = ["x", "y"] }\n',
  });
  await project.zr("which", "build").expect({ stdout: "<root>/a/zr.toml:1:1\n<root>/b/zr.toml:1:1\n" });
  await project.zr("which", "b:build[os=x]").expect({ stdout: "<root>/b/zr.toml:1:1\n" });
  for (const words of [["bild"], ["run", "bild"], ["show", "bild"], ["explain", "bild"]])
    await project.zr(...words).expect({ code: 2, stderr: /did you mean 'build'/ });
  // Of a package's own folder the names of other packages are no names.
  await project.zr("-C", "a", "run", "bad").expect({ code: 2, stderr: /E160/ });
});
