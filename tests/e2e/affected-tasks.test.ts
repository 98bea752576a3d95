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
