import { describe, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** Puts a program that says its name and its arguments into a folder of the project. */
function put(project: Project, ...paths: readonly string[]): void {
  for (const path of paths) {
    project.write(path, `#!/bin/sh\necho "${path} $*"\n`);
    chmodSync(project.path(path), 0o755);
  }
}

describe("the environment of a Python project", () => {
  const FILES = {
    "zr.toml": '[workspace]\nmembers = ["api", "lib"]\n[tasks]\nwhere = "echo ${VIRTUAL_ENV:-none}"\n',
    "api/pyproject.toml": '[project]\nname = "api"\ndependencies = ["pytest"]\n',
    "api/zr.toml": '[tasks]\nwhere = "echo ${VIRTUAL_ENV:-none}"\n',
    "lib/pyproject.toml": '[project]\nname = "lib"\n',
    "lib/zr.toml": '[tasks]\nwhere = "echo ${VIRTUAL_ENV:-none}"\n',
  };

  test("is that of its folder, without having been activated: what setup has installed is what runs", async () => {
    await using project = await makeProject(FILES);
    put(project, "api/.venv/bin/python3");
    await project.zr("run", "api:test").expect({ stdout: "api/.venv/bin/python3 -m pytest\n" });
    await project.zr("run", "api:where").expect({ stdout: "<root>/api/.venv\n" });
    await project
      .zr("exec", "--package", "api", "--", "python3", "x")
      .expect({ stdout: "api/.venv/bin/python3 x\n" });
    const { stdout } = await project
      .zr("env", "api:where", "--resolve", "VIRTUAL_ENV")
      .expect({ stdout: anything });
    expect(stdout).toContain("tools");
    expect(stdout).toContain(project.path("api/.venv"));
  });

  test("is that of the workspace where a member has none, and none for packages of other languages", async () => {
    await using project = await makeProject(FILES);
    put(project, ".venv/bin/python3", "api/.venv/bin/python3");
    await project.zr("run", "lib:where").expect({ stdout: "<root>/.venv\n" });
    await project.zr("run", "api:where").expect({ stdout: "<root>/api/.venv\n" });
    await project.zr("run", "where").expect({ stdout: "none\n" });
  });

  test("is one that has been activated, where one has", async () => {
    await using project = await makeProject(FILES);
    put(project, "api/.venv/bin/python3", "other/python3");
    const env = { VIRTUAL_ENV: "/own", PATH: `${project.path("other")}:/usr/bin:/bin` };
    await project.zrWith({ env }, "run", "api:where").expect({ stdout: "/own\n" });
    await project.zrWith({ env }, "run", "api:test").expect({ stdout: "other/python3 -m pytest\n" });
  });

  test("is none where there is only a file of that name, and [env] has the last word", async () => {
    await using project = await makeProject({ ...FILES, "api/.venv": "name\n" });
    await project.zr("run", "api:where").expect({ stdout: "none\n" });
    put(project, "lib/.venv/bin/python3");
    project.write("lib/zr.toml", '[env]\nVIRTUAL_ENV = "mine"\n[tasks]\nwhere = "echo $VIRTUAL_ENV"\n');
    await project.zr("run", "lib:where").expect({ stdout: "mine\n" });
  });

  test("is used beside a configuration that is no workspace, and says nothing of the language", async () => {
    await using project = await makeProject({ "zr.toml": '[tasks]\na = "python3 x"\n' });
    put(project, ".venv/bin/python3");
    await project.zr("run", "a").expect({ stdout: ".venv/bin/python3 x\n" });
    await project.zr("exec", "--", "python3", "y").expect({ stdout: ".venv/bin/python3 y\n" });
  });

  test("is used in a folder without any configuration", async () => {
    await using project = await makeProject({ "pyproject.toml": FILES["api/pyproject.toml"] });
    put(project, ".venv/bin/python3");
    await project.zr("run", "test").expect({ stdout: ".venv/bin/python3 -m pytest\n" });
  });
});

describe("programs that a project has installed", () => {
  test("are found by tasks where [tools] asks for the language's tool, the package's before the workspace's", async () => {
    await using project = await makeProject({
      "zr.toml": '[workspace]\nmembers = ["web"]\n[tools]\nnode = "system"\n[tasks]\na = "thing; both"\n',
      "web/zr.toml": '[tasks]\na = "thing; both"\n',
    });
    put(project, "node_modules/.bin/thing", "node_modules/.bin/both", "web/node_modules/.bin/both");
    await project.zr("run", "web:a").expect({
      stdout: "node_modules/.bin/thing \nweb/node_modules/.bin/both \n",
    });
    await project.zr("run", "a").expect({ stdout: "node_modules/.bin/thing \nnode_modules/.bin/both \n" });
  });

  test("are in the environment of hooks and of the stages of a workflow too", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tools]
        php = "system"
        [hooks]
        before_run = "thing hook"
        [tasks]
        a = "thing task"
        [[workflows.w.stages]]
        tasks = ["a"]
      `,
    });
    put(project, "vendor/bin/thing");
    const { stdout, stderr } = await project
      .zr("workflow", "w", "--raw")
      .expect({ stdout: anything, stderr: anything });
    expect(stdout + stderr).toContain("vendor/bin/thing task");
    expect(stdout + stderr).toContain("vendor/bin/thing hook");
  });

  test("are not on PATH where nothing asks for the tool", async () => {
    await using project = await makeProject({
      "zr.toml": '[tasks]\na = "command -v thing || echo none"\n',
      "package.json": "{}",
    });
    put(project, "node_modules/.bin/thing");
    await project.zr("run", "a").expect({ stdout: "none\n" });
  });

  test("of a language that a file describes are those of its bin_folders", async () => {
    await using project = await makeProject({
      "zr.toml": '[workspace]\nlanguages = ["gleam.lang.toml"]\nmembers = ["app"]\n',
      "gleam.lang.toml":
        'name = "gleam"\nmanifests = ["gleam.toml"]\n[tasks]\nrun = "thing here"\n[project]\nbin_folders = ["build/bin"]\n',
      "app/gleam.toml": "",
    });
    put(project, "app/build/bin/thing");
    await project.zr("run", "app:run").expect({ stdout: "app/build/bin/thing here\n" });
  });
});
