import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/** No package depends on another: only tasks do. */
const FILES: Readonly<Record<string, string>> = {
  "zr.toml": `
    [workspace]
    members = ["app", "web", "lib", "other"]
    [tasks.setup]
    cmd = "echo set up"
    inputs = ["setup.txt"]
    [tasks.all]
    deps = ["*:test"]
  `,
  ".gitignore": ".zr\n",
  "setup.txt": "",
  "app/zr.toml": `
    [tasks.build]
    cmd = "echo built"
    inputs = ["src/**"]
    deps = ["lib:generate"]
    [tasks.test]
    cmd = "echo testing app"
    inputs = ["tests/**"]
    deps = ["build"]
  `,
  "app/src/a": "a",
  "app/tests/t": "t",
  "app/README.md": "read",
  "web/zr.toml": `
    [package]
    deps = ["app"]
    [tasks.test]
    cmd = "echo testing web"
    inputs = ["tests/**"]
  `,
  "lib/zr.toml": `
    [tasks.generate]
    cmds = [{ task = "prepare" }, "echo generated"]
    inputs = ["grammar"]
    [tasks.prepare]
    cmd = "echo prepared"
    inputs = ["tables"]
    deps = ["//:setup"]
  `,
  "lib/grammar": "g",
  "lib/tables": "t",
  "other/zr.toml": `
    [tasks.test]
    cmd = "echo testing other"
    inputs = ["tests/**"]
    wait_for = ["app:test"]
    finally = "lib:generate"
  `,
};

const workspace = (): Promise<Project> => makeProject(FILES, { git: true });

async function listed(project: Project, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await project
    .zr("affected", "--list", "--base", "HEAD", ...args)
    .expect({ stdout: /^/, stderr: /^/ });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("a task is affected where a task that it needs is in a changed package", () => {
  test("though no package depends on that one, with what depends on its own package", async () => {
    await using project = await workspace();
    project.write("lib/grammar", "changed");
    expect(await listed(project, "test")).toEqual(["app:test", "web:test"]);
    expect(await listed(project, "all")).toEqual(["all"]);
    expect(await listed(project, "test", "--no-dependents")).toEqual([]);
    const { stdout } = await project
      .zr("affected", "test", "--base", "HEAD", "--output", "interleaved", "-j", "1")
      .expect({ stdout: /^/, stderr: /^/ });
    expect(stdout).toContain("generated");
    expect(stdout).toContain("testing app\n");
    await project.zr("affected", "test", "--list", "--explain", "--base", "HEAD").expect({
      stdout: "app:test\nweb:test\n",
      stderr: /^app +depends on what changed: app → app:build → lib:generate$/m,
    });
  });

  test("however far before, but not where it only waits for it or is followed by it", async () => {
    await using project = await workspace();
    project.write("setup.txt", "changed");
    expect(await listed(project, "test")).toEqual(["app:test", "web:test"]);
    expect(await listed(project)).toEqual(["project"]);
  });

  test("whichever way a task that it needs says what it runs", async () => {
    await using project = await makeProject(
      {
        "zr.toml": '[workspace]\nmembers = ["app", "lib"]',
        "app/zr.toml": '[tasks]\ntest = { cmd = "echo testing", deps = ["lib:generate"] }',
        "lib/zr.toml": '[tasks]\ngenerate = { script = "echo generated", inputs = ["grammar"] }',
        "lib/grammar": "g",
        ".gitignore": ".zr\n",
      },
      { git: true },
    );
    project.write("lib/grammar", "changed");
    expect(await listed(project, "test")).toEqual(["app:test"]);
    expect(await listed(project, "test", "--task-inputs")).toEqual(["app:test"]);
  });

  test("with --task-inputs where the inputs of a task that it needs have changed", async () => {
    await using project = await workspace();
    project.write("app/README.md", "changed");
    expect(await listed(project, "test", "--task-inputs")).toEqual([]);
    project.write("app/src/a", "changed");
    expect(await listed(project, "test", "--task-inputs")).toEqual(["app:test", "web:test"]);
    expect(await listed(project, "test", "--task-inputs", "--no-dependents")).toEqual(["app:test"]);
  });
});

describe("a task that names the tasks of all packages is affected where one of them is gone", () => {
  const tagged = '[package]\ntags = ["made"]\n[tasks.gen]\ncmd = "echo made"\ncache = true\n';
  const report = (ref: string): string => `[tasks.report]\ncmd = "echo"\ncache = true\ndeps = ["${ref}"]\n`;
  const files: Readonly<Record<string, string>> = {
    "zr.toml": '[workspace]\nmembers = ["packages/*"]',
    ".gitignore": ".zr\n",
    "packages/a/zr.toml": tagged,
    "packages/b/zr.toml": tagged,
    "packages/every/zr.toml": report("*:gen"),
    "packages/tagged/zr.toml": report("tag:made#gen"),
    "packages/needy/zr.toml": `[package]\ndeps = ["packages/b"]\n${report("^gen")}`,
    "packages/other/zr.toml": report("packages/b:gen"),
  };

  test("with its package, by its tag or by itself", async () => {
    await using project = await makeProject(files, { git: true });
    project.write("packages/a/zr.toml", tagged.replace('["made"]', "[]"));
    expect(await listed(project, "report")).toEqual(["packages/every:report", "packages/tagged:report"]);
    project.write("packages/a/zr.toml", tagged.replace("[tasks.gen]", "[tasks.old]"));
    expect(await listed(project, "report", "--task-inputs")).toEqual([
      "packages/every:report",
      "packages/tagged:report",
    ]);
    project.remove("packages/a/zr.toml");
    expect(await listed(project, "report")).toEqual([
      "packages/every:report",
      "packages/needy:report",
      "packages/tagged:report",
    ]);
  });
});

test("a file that describes a language affects all packages", async () => {
  const language = (cmd: string): string =>
    `name = "gleam"\nmanifests = ["gleam.toml"]\n[package]\nname = "name"\n[tasks.build]\ncmd = "${cmd}"\n`;
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\nmembers = ["packages/*"]\nlanguages = ["languages/*.toml"]',
      ".gitignore": ".zr\n",
      "languages/gleam.toml": language("echo one"),
      "packages/g/gleam.toml": 'name = "g"\n',
    },
    { git: true },
  );
  expect(await listed(project, "build")).toEqual([]);
  project.write("languages/gleam.toml", language("echo two"));
  expect(await listed(project, "build")).toEqual(["g:build"]);
  await project.zr("affected", "--explain", "--base", "HEAD").expect({
    stdout: /^g +changed: languages\/gleam\.toml, one of languages$/m,
    stderr: /^/,
  });
});

test("a cached task without inputs beside a lock file is affected by it, whatever is installed", async () => {
  const lock = (version: string): string =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { workspaces: ["packages/*"] },
        "packages/lib": { version: "1.0.0", dependencies: { left: "*" } },
        "node_modules/left": { version },
      },
    });
  await using project = await makeProject(
    {
      "zr.toml": `
        [workspace]
        members = ["packages/*"]
        [tasks]
        build = { cmd = "echo", cache = true }
        some = { cmd = "echo", cache = true, inputs = ["*.txt"] }
        plain = "echo"
        all = { deps = ["//:plain"], cache = true }
      `,
      "package.json": '{"name": "root", "workspaces": ["packages/*"]}',
      "package-lock.json": lock("1.0.0"),
      "packages/lib/package.json": '{"name": "lib", "version": "1.0.0", "dependencies": {"left": "*"}}',
      ".gitignore": ".zr\n",
    },
    { git: true },
  );
  project.write("package-lock.json", lock("1.0.1"));
  expect(await listed(project, "build", "some", "plain", "all")).toEqual(["build"]);
  expect(await listed(project)).toEqual(["lib"]);
});
