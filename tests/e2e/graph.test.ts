import { describe, expect, test } from "bun:test";
import { expectGolden } from "#tests/support/golden";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["lib", "app"]
    [workspace.dependencies]
    app = ["lib"]

    [tasks.all]
    deps = ["test", "lint"]
    finally = "clean"

    [tasks.test]
    cmd = "true"
    deps = ["build"]
    wait_for = "lint"
    matrix = { os = ["linux", "darwin"] }

    [tasks.lint]
    cmd = "true"

    [tasks.build]
    cmds = ["true", { task = "gen" }]
    deps = ["app:build"]

    [tasks.gen]
    cmd = "true"

    [tasks.clean]
    cmd = "true"
  `,
  "lib/zr.toml": '[tasks.build]\ncmd = "true"\n',
  "app/zr.toml": '[tasks.build]\ncmd = "true"\ndeps = ["^build"]\n',
};

describe("zr graph", () => {
  test.each([
    ["ascii", ["all"]],
    ["whole", []],
    ["dot", ["all", "--format=dot"]],
    ["mermaid", ["all", "--format=mermaid"]],
    ["json", ["all", "--json"]],
    ["critical", ["all", "--critical"]],
    ["critical-dot", ["all", "--critical", "--format=dot"]],
    ["reverse", ["gen", "--reverse"]],
    ["depth", ["all", "--depth=1"]],
    ["focus", ["--focus=test"]],
    ["packages", ["--packages"]],
  ] as const)("as %s prints what its golden says", async (name, words) => {
    await using project = await makeProject(FILES);
    const { stdout } = await project.zr("graph", ...words).expect({ stdout: anything });
    expectGolden(`graph/${name}.txt`, stdout);
  });

  test("--reverse and --focus take the names that zr run takes", async () => {
    await using project = await makeProject({
      "zr.toml":
        '[workspace]\nmembers = ["*"]\n[tasks.test]\ncmd = "true"\nmatrix = { os = ["x", "y"] }\naliases = ["t"]\n[tasks.all]\ndeps = ["test", "*:build"]\n',
      "a/zr.toml": '[tasks.build]\ncmd = "true"\n[tasks.pack]\ncmd = "true"\ndeps = ["build"]\n',
      "b/zr.toml": '[tasks.build]\ncmd = "true"\n',
    });
    const shown = async (...words: readonly string[]): Promise<string> =>
      (await project.zr(...words).expect({ stdout: anything })).stdout.toString();
    const reverse = await shown("graph", "build", "--reverse");
    expect(reverse).toMatch(/^a:build\n[^]*a:pack[^]*\nb:build\n/);
    expect(await shown("-C", "a", "graph", "build", "--reverse")).toContain("pack");
    expect(await shown("graph", "t", "--reverse")).toBe(await shown("graph", "test", "--reverse"));
    expect(await shown("graph", "--focus", "build")).toContain("b:build");
    expect(await shown("graph", "all", "--focus", "t")).toContain("test[os=y]");
    expect(await shown("graph", "all", "--focus", "test[os=y]")).not.toContain("test[os=x]");
    await project.zr("graph", "biuld", "--reverse").expect({ code: 2, stderr: /E160/ });
  });

  test("goes to a file by -o, and says where it can't", async () => {
    await using project = await makeProject({ ...FILES, "taken/x": "" });
    const { stdout } = await project.zr("graph", "all").expect({ stdout: anything });
    await project.zr("graph", "all", "-o", "out/graph.txt").expect({ stderr: anything });
    expect(project.read("out/graph.txt")).toBe(stdout);
    await project
      .zr("graph", "all", "-o", "taken")
      .expect({ code: 2, stderr: "error[E190]: can't write taken: it is a folder\n" });
  });

  test("without Unicode is drawn with ASCII", async () => {
    await using project = await makeProject(FILES);
    const { stdout } = await project
      .zrWith({ env: { LANG: "C", LC_ALL: "C" } }, "graph", "all")
      .expect({ stdout: anything });
    // oxlint-disable-next-line no-control-regex
    expect(stdout).toMatch(/^[\x00-\x7f]+$/);
  });
});
