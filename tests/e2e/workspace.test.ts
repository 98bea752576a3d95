import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml":
    '[workspace]\nmembers = ["packages/*", "!packages/old"]\nignore = ["packages/tmp"]\n[workspace.dependencies]\napp = ["lib"]\n[tasks.build]\ncmd = "echo root"\n[env]\nSHARED = "from the root"\n',
  "packages/app/zr.toml":
    '[package]\nname = "app"\ntags = ["web"]\n[tasks.build]\ncmd = "echo app $SHARED"\ndeps = ["^build"]\n',
  "packages/lib/zr.toml":
    '[package]\nname = "lib"\n[tasks.build]\ncmd = "echo lib"\n[tasks.check]\ncmd = "echo check"\n',
  "packages/old/zr.toml": "[tasks\n",
  "packages/tmp/zr.toml": "[tasks\n",
  "packages/plain/readme": "",
};
const flags = ["--output=interleaved", "-j1"];

test("members are the folders of the globs that hold a zr.toml, but for what is excluded", async () => {
  await using project = await makeProject(FILES);
  const { stdout } = await project.zr("list", "--json").expect({ stdout: anything });
  const { tasks } = JSON.parse(stdout) as { readonly tasks: readonly { readonly name: string }[] };
  expect(tasks.map((task) => task.name)).toEqual(["build", "app:build", "lib:build", "lib:check"]);
});

test.each([
  [".", "build", "root\n"],
  [".", "app:build", "lib\napp from the root\n"],
  ["packages/app", "build", "lib\napp from the root\n"],
  ["packages/app", "//:build", "root\n"],
  ["packages/app", "lib:check", "check\n"],
  [".", "check", "check\n"],
  ["packages/plain", "build", "root\n"],
])("in %s the task %s prints %p", async (cwd, name, stdout) => {
  await using project = await makeProject(FILES);
  await project.zrWith({ cwd }, "run", name, ...flags).expect({ stdout, stderr: anything });
});

test.each([
  ["*:build", ["app from the root", "lib", "root"]],
  ["tag:web#build", ["app from the root", "lib"]],
])("%s leads to the packages that it says", async (name, lines) => {
  await using project = await makeProject(FILES);
  const { stdout } = await project.zr("run", name, ...flags).expect({ stdout: anything, stderr: anything });
  expect(stdout.trim().split("\n").toSorted()).toEqual(lines);
});

test("packages in a folder of other people's code are members where the globs name it", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["vendor/*", "*/lib"]\n',
    "vendor/a/zr.toml": '[tasks.t]\ncmd = "true"\n',
    "vendor/lib/zr.toml": '[tasks.t]\ncmd = "true"\n',
    "target/lib/zr.toml": '[tasks.t]\ncmd = "true"\n',
    "own/lib/zr.toml": '[tasks.t]\ncmd = "true"\n',
  });
  const { stdout } = await project.zr("workspace", "list", "--json").result();
  const { packages } = JSON.parse(stdout) as { packages: readonly { path: string }[] };
  const paths = packages.map(({ path }) => path).filter((path) => path.includes("/"));
  expect(paths).toEqual(["own/lib", "vendor/a", "vendor/lib"]);
});

test("the topmost file with [workspace] is the root, and --config names another", async () => {
  await using project = await makeProject({
    ...FILES,
    "packages/app/inner/zr.toml": '[workspace]\n[tasks.t]\ncmd = "echo inner"\n',
    "other.toml": '[tasks.t]\ncmd = "echo other"\n',
  });
  await project
    .zrWith({ cwd: "packages/app/inner" }, "run", "t", ...flags)
    .expect({ stdout: "inner\n", stderr: anything });
  await project
    .zrWith({ cwd: "packages/app/inner" }, "run", "lib:build", ...flags)
    .expect({ stdout: "lib\n", stderr: anything });
  await project
    .zr("run", "t", "--config", "other.toml", ...flags)
    .expect({ stdout: "other\n", stderr: anything });
});

test("a package that does not exist is an error with a suggestion", async () => {
  await using project = await makeProject({
    ...FILES,
    "packages/lib/zr.toml": '[package]\nname = "lib"\ndeps = ["ap"]\n[tasks.build]\ncmd = "true"\n',
  });
  await project.zr("list").expect({
    code: 3,
    stderr:
      "error[E132]: package 'ap' does not exist\n  ┌─ packages/lib/zr.toml:3:9\n 3│ deps = [\"ap\"]\n  │         ^^^^ did you mean 'app'?\n",
  });
});

test("a member may change a template of the root", async () => {
  await using project = await makeProject({
    "zr.toml":
      '[workspace]\nmembers = ["a"]\n[templates.base]\ncmd = "echo root"\nenv = { A = "1" }\n[tasks.t]\nextends = "base"\n',
    "a/zr.toml": '[templates.base]\ncmd = "echo member"\n[tasks.t]\nextends = "base"\n',
  });
  await project.zr("run", "a:t", ...flags).expect({ stdout: "member\n", stderr: anything });
  await project.zr("run", "t", ...flags).expect({ stdout: "root\n", stderr: anything });
});
