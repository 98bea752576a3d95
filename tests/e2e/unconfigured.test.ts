import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const NODE = {
  "package.json":
    '{\n  "name": "shop",\n  "workspaces": ["packages/*"],\n  "scripts": {\n    "lint": "echo lint of all"\n  }\n}\n',
  "packages/app/package.json":
    '{ "name": "app", "scripts": { "test": "echo test of app" }, "dependencies": { "lib": "*" } }',
  "packages/lib/package.json": '{ "name": "lib", "scripts": { "test": "echo test of lib" } }',
};

test("without any zr.toml the listing shows what follows from the manifests, and says so", async () => {
  await using project = await makeProject(NODE, { git: true });
  await project.zr("list").expect({
    stdout: [
      "  lint      echo lint of all (inferred from package.json)",
      "",
      "app",
      "  app:test  echo test of app (inferred from package.json)",
      "",
      "lib",
      "  lib:test  echo test of lib (inferred from package.json)",
      "",
    ].join("\n"),
  });
});

test("a long script is cut short, and what it is inferred from is not", async () => {
  const script = `echo ${"x".repeat(200)}`;
  await using project = await makeProject(
    { "package.json": JSON.stringify({ scripts: { long: script } }) },
    { git: true },
  );
  const { stdout } = await project.zr("list").expect({ stdout: anything });
  expect(stdout).toMatch(/^ {2}long {2}echo x+\.\.\. \(inferred from package\.json\)\n$/);
  expect(stdout.trimEnd().length).toBeLessThanOrEqual(100);
});

test("a build of the root waits for no other, since such scripts often build all of them", async () => {
  await using project = await makeProject(
    {
      "package.json":
        '{ "workspaces": ["a"], "scripts": { "build": "echo all" }, "devDependencies": { "a": "*" } }',
      "a/package.json": '{ "name": "a", "scripts": { "build": "echo a" } }',
    },
    { git: true },
  );
  await project.zr("run", "build", "--raw").expect({ stdout: "all\n", stderr: anything });
});

test("in JSON each task names its manifest", async () => {
  await using project = await makeProject(NODE, { git: true });
  const { stdout } = await project.zr("list", "lint", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({
    tasks: [{ name: "lint", inferredFrom: "package.json", file: project.path("package.json") }],
  });
});

test("tasks run: the root's, those of a package, and those of every package", async () => {
  await using project = await makeProject(NODE, { git: true });
  await project.zr("lint", "--raw").expect({ stdout: "lint of all\n", stderr: anything });
  await project
    .zrWith({ cwd: "packages/lib" }, "run", "test", "--raw")
    .expect({ stdout: "test of lib\n", stderr: anything });
  const { stdout } = await project
    .zr("run", "test", "--output=interleaved", "-j1")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout.trim().split("\n").sort()).toEqual(["test of app", "test of lib"]);
});

test("which and show name the manifest and the line", async () => {
  await using project = await makeProject(NODE, { git: true });
  await project.zr("which", "lint").expect({ stdout: "<root>/package.json:5:5\n" });
  const { stdout } = await project.zr("show", "lint").expect({ stdout: anything });
  expect(stdout).toContain("package.json:5 (inferred from package.json)");
});

test("outside of a working copy the folder that lists the nearest package is the root", async () => {
  await using project = await makeProject({
    ...NODE,
    "other/package.json": '{ "name": "other", "scripts": { "test": "echo other" } }',
  });
  await project
    .zrWith({ cwd: "packages/app" }, "run", "lib:test", "--raw")
    .expect({ stdout: "test of lib\n", stderr: anything });
  // Not listed by the one above: it stands alone.
  const { stdout } = await project.zrWith({ cwd: "other" }, "workspace", "list").expect({ stdout: anything });
  expect(stdout).toBe("other  .\n");
});

test("in a working copy a folder with a manifest that nobody lists is a package too", async () => {
  await using project = await makeProject(
    { ...NODE, "examples/one/package.json": '{ "scripts": { "test": "echo example" } }' },
    { git: true },
  );
  await project
    .zrWith({ cwd: "examples/one" }, "run", "test", "--raw")
    .expect({ stdout: "example\n", stderr: anything });
});

test("tools of the languages are found on PATH and given their words", async () => {
  await using project = await makeProject(
    { "Cargo.toml": '[package]\nname = "crate"\nversion = "0.1.0"\n' },
    { git: true },
  );
  const cargo = project.tool("cargo");
  const run = project.zr("run", "test", "--", "--nocapture");
  const child = await cargo.started();
  expect(child.args).toEqual(["test", "--nocapture"]);
  await child.exit(0);
  await run.expect({ stderr: anything });
});

test("where there is neither a configuration nor a manifest, that is said", async () => {
  await using project = await makeProject({ "readme.md": "" }, { git: true });
  await project.zr("list").expect({ code: 3, stderr: /^error\[E152\]/ });
});

test("a zr.toml in a member is followed though the root has none", async () => {
  await using project = await makeProject(
    { ...NODE, "packages/lib/zr.toml": '[package]\ntags = ["core"]\n[tasks.extra]\ncmd = "echo extra"\n' },
    { git: true },
  );
  await project.zr("run", "lib:extra", "--raw").expect({ stdout: "extra\n", stderr: anything });
  const { stdout } = await project.zr("workspace", "list", "--filter", "{core}").expect({ stdout: anything });
  expect(stdout).toBe("lib  packages/lib    {core}\n");
});
