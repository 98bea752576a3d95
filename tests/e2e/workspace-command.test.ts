import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml": '[workspace]\nmembers = ["packages/*"]\n[workspace.dependencies]\nlib = ["base"]\n',
  "packages/app/package.json":
    '{\n  "name": "app",\n  "version": "1.0.0",\n  "dependencies": {\n    "lib": "workspace:*"\n  },\n  "peerDependencies": { "lib": "*" }\n}\n',
  "packages/app/zr.toml":
    '[package]\ntags = ["web"]\n[tasks.start]\ncmd = "true"\n[tasks._hidden]\ncmd = "true"\n',
  "packages/lib/package.json": '{ "name": "lib" }',
  "packages/base/zr.toml": '[package]\nname = "base"\n',
};

test("list shows names, paths, versions and tags in columns", async () => {
  await using project = await makeProject(FILES);
  const text =
    "project  .\napp      packages/app   1.0.0  {web}\nbase     packages/base\nlib      packages/lib\n";
  await project.zr("workspace", "list").expect({ stdout: text });
  await project.zr("ws").expect({ stdout: text });
});

test("info shows where each dependency is declared, and who needs the package", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workspace", "info", "app").expect({
    stdout:
      "app 1.0.0\npackages/app\n\ntags\n  web\n\nmanifests\n  packages/app/package.json\n\ndepends on\n  lib  dependencies in packages/app/package.json:5\n  lib  peerDependencies in packages/app/package.json:7\n\ntasks\n  start\n",
  });
  const { stdout } = await project.zrWith({ cwd: "packages/lib" }, "workspace", "info", "--json").expect({
    stdout: anything,
  });
  expect(JSON.parse(stdout)).toMatchObject({
    v: 1,
    name: "lib",
    version: null,
    dependencies: [
      { name: "base", declared: [{ kind: "workspace.dependencies", file: "zr.toml", line: 4 }] },
    ],
    dependents: ["app"],
  });
});

test("graph draws the packages with how each edge is declared, in every form, from either end", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workspace", "graph").expect({
    stdout: "project\napp\n└─ lib (dependencies, peerDependencies)\n   └─ base (workspace.dependencies)\n",
  });
  await project.zr("workspace", "graph", "--reverse", "--focus", "lib").expect({
    stdout: "base\n└─ lib (workspace.dependencies)\n   └─ app (dependencies, peerDependencies)\n",
  });
  const { stdout } = await project.zr("graph", "--packages", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({
    edges: [
      {
        from: "app",
        to: "lib",
        declared: [
          { kind: "dependencies", file: "packages/app/package.json", line: 5 },
          { kind: "peerDependencies", file: "packages/app/package.json", line: 7 },
        ],
      },
      { from: "lib", to: "base", declared: [{ kind: "workspace.dependencies", file: "zr.toml", line: 4 }] },
    ],
  });
  await project
    .zr("graph", "--packages", "lib")
    .expect({ stdout: "lib\n└─ base (workspace.dependencies)\n" });
  const dot = await project.zr("workspace", "graph", "--format", "dot").expect({ stdout: anything });
  expect(dot.stdout).toContain('"app" -> "lib"');
});

test("a package or a word that does not exist is an error with a suggestion", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workspace", "info", "bas").expect({
    code: 2,
    stderr: "error[E375]: there is no package 'bas'\n  = did you mean 'base'?\n",
  });
  await project.zr("workspace", "lst").expect({ code: 2, stderr: /E181.*'workspace lst'[^]*'list'/ });
});
