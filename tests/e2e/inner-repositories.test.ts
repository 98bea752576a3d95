import { symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { cacheRun, cacheRunWith } from "./cache-runs";

/** Git fetches submodules from folders only where it is told that it may. */
const FROM_FOLDERS = ["-c", "protocol.file.allow=always"];

const MEMBER = `
  [tasks.build]
  cmd = "cat src/*; mkdir -p dist; echo made > dist/made"
  cache = true
  outputs = ["dist/**"]
`;

/** A workspace in a repository, and a submodule in it with files of its own. */
async function withSubmodule(
  files: Readonly<Record<string, string>>,
  { at, inner }: { readonly at: string; readonly inner: Readonly<Record<string, string>> },
): Promise<Project> {
  const project = await makeProject({ ".gitignore": ".zr\ndist/\n", ...files }, { git: true });
  for (const [path, text] of Object.entries(inner)) project.write(`../library/${path}`, text);
  project.git("init", "--quiet", "--initial-branch", "main", "../library");
  commitIn(project, "../library");
  project.git(...FROM_FOLDERS, "submodule", "--quiet", "add", "../library", at);
  commitIn(project, ".");
  return project;
}

function commitIn(project: Project, folder: string): void {
  project.git("-C", folder, "add", "--all", "--force");
  project.git("-C", folder, "commit", "--quiet", "--message", "change");
}

async function affected(project: Project, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await project.zr("affected", "--list", ...args).expect({ stdout: /^/, stderr: /^/ });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("what is cached", () => {
  test("a package that is a submodule goes by its own files, as its own git tells them", async () => {
    await using project = await withSubmodule(
      { "zr.toml": '[workspace]\nmembers = ["packages/*"]' },
      {
        at: "packages/sub",
        inner: { "zr.toml": MEMBER, "src/a.txt": "one\n", "dist/tracked": "1", ".gitignore": "*.tmp\n" },
      },
    );
    const why = async (): Promise<string | undefined> =>
      (await cacheRun(project, "build")).why["packages/sub:build"];
    expect(await why()).toBe("no result of it is stored");
    expect(await why()).toBeUndefined();
    project.write("packages/sub/src/a.txt", "two\n");
    expect(await why()).toBe("input src/a.txt changed");
    project.write("packages/sub/src/b.tmp", "ignored");
    expect(await why()).toBeUndefined();
    project.write("packages/sub/src/b.txt", "new");
    expect(await why()).toBe("input src/b.txt is new");
  });

  test("packages inside of a submodule go by their own files", async () => {
    await using project = await withSubmodule(
      { "zr.toml": '[workspace]\nmembers = ["libs/*"]' },
      { at: "libs", inner: { "a/zr.toml": MEMBER, "a/src/x": "1", "b/zr.toml": MEMBER, "b/src/x": "1" } },
    );
    await cacheRun(project, "build");
    project.write("libs/a/src/x", "2");
    expect((await cacheRun(project, "build")).why).toEqual({ "libs/a:build": "input src/x changed" });
  });

  test.each(["sub/**", "sub/src/*.txt", "**/a.txt", "sub/src/a.txt", "sub"])(
    "inputs = [%j] means files of a submodule",
    async (glob) => {
      await using project = await withSubmodule(
        { "zr.toml": `[tasks.build]\ncmd = "cat sub/src/a.txt"\ncache = true\ninputs = ["${glob}"]` },
        { at: "sub", inner: { "src/a.txt": "one\n" } },
      );
      await cacheRun(project, "build");
      expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
      project.write("sub/src/a.txt", "two\n");
      expect((await cacheRun(project, "build")).why["build"]).toBe("input sub/src/a.txt changed");
    },
  );

  test.each(["src/**", "src/*.txt", "src"])("inputs = [%j] means what lies behind a link", async (glob) => {
    await using project = await makeProject(
      {
        "zr.toml": `[tasks.build]\ncmd = "cat src/a.txt"\ncache = true\ninputs = ["${glob}"]`,
        "shared/a.txt": "one\n",
      },
      { git: true },
    );
    symlinkSync("shared", project.path("src"));
    await cacheRun(project, "build");
    expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
    project.write("shared/a.txt", "two\n");
    expect((await cacheRun(project, "build")).why["build"]).toBe("input src/a.txt changed");
  });

  test("a package that a link leads to goes by the files there", async () => {
    await using project = await makeProject(
      {
        "zr.toml": '[workspace]\nmembers = ["packages/linked"]',
        "packages/README.md": "",
        "real/zr.toml": MEMBER,
        "real/src/a.txt": "one\n",
        ".gitignore": "dist/\n",
      },
      { git: true },
    );
    symlinkSync("../real", project.path("packages/linked"));
    await cacheRun(project, "build");
    project.write("real/src/a.txt", "two\n");
    expect((await cacheRun(project, "build")).why).toEqual({
      "packages/linked:build": "input src/a.txt changed",
    });
  });

  test("what git ignores in a linked working copy stays so after a task that is not cached has run", async () => {
    await using project = await makeProject(
      {
        "zr.toml": `
          [tasks.first]
          cmd = "true"
          cache = true
          [tasks.write]
          cmd = "date +%N > own.log"
          deps = ["first"]
          inputs = []
          [tasks.build]
          cmd = "cat src/*"
          cache = true
          deps = ["write"]
        `,
        "src/a.txt": "one\n",
      },
      { git: true },
    );
    project.write(".git/info/exclude", "*.log\n.zr\n");
    project.git("worktree", "add", "--quiet", "../tree");
    await cacheRunWith(project, { cwd: "../tree" }, "build");
    const { why } = await cacheRunWith(project, { cwd: "../tree" }, "build");
    expect(why["build"] ?? "").not.toContain("own.log");
  });
});

describe("what a change in a submodule affects", () => {
  const files = { "zr.toml": '[workspace]\nmembers = ["libs/*"]' };
  const inner = { "a/zr.toml": MEMBER, "a/src/x": "1", "b/zr.toml": MEMBER, "b/src/x": "1", "b/src/y": "1" };

  test("are the packages of the files that have changed in it, committed there or not", async () => {
    await using project = await withSubmodule(files, { at: "libs", inner });
    project.git("checkout", "--quiet", "-b", "topic");
    expect(await affected(project)).toEqual([]);
    project.write("libs/a/src/x", "2");
    expect(await affected(project)).toContain("libs/a");
    expect(await affected(project)).not.toContain("libs/b");
    expect(await affected(project, "--committed-only")).toEqual([]);
    commitIn(project, "libs");
    project.write("libs/b/src/new", "untracked");
    expect(await affected(project)).toEqual(expect.arrayContaining(["libs/a", "libs/b"]));
    project.remove("libs/b/src/new");
    project.git("commit", "--quiet", "--all", "--message", "outside");
    for (const only of [[], ["--committed-only"]]) {
      expect(await affected(project, ...only)).toContain("libs/a");
      expect(await affected(project, ...only)).not.toContain("libs/b");
    }
  });

  test.each<[string, readonly string[]]>([
    [".gitmodules", ["-f", ".gitmodules", "submodule.libs.ignore", "all"]],
    ["its configuration", ["diff.ignoreSubmodules", "all"]],
  ])("are those packages too where %s tells git to be silent about it", async (_, setting) => {
    await using project = await withSubmodule(files, { at: "libs", inner });
    project.git("config", ...setting);
    project.git("commit", "--quiet", "--all", "--allow-empty", "--message", "setting");
    project.git("checkout", "--quiet", "-b", "topic");
    expect(await affected(project)).toEqual([]);
    project.write("libs/a/src/x", "2");
    expect(await affected(project)).toContain("libs/a");
    commitIn(project, "libs");
    project.git("update-index", "--add", "libs");
    project.git("commit", "--quiet", "--allow-empty", "--message", "another commit of it");
    for (const only of [[], ["--committed-only"]]) {
      expect(await affected(project, ...only)).toContain("libs/a");
      expect(await affected(project, ...only)).not.toContain("libs/b");
    }
  });

  test("are all its packages where git trusts only the repository around it", async () => {
    await using project = await withSubmodule(files, { at: "libs", inner });
    project.git("checkout", "--quiet", "-b", "topic");
    project.write("libs/a/src/x", "2");
    // Git's own way to have itself refuse repositories as those of another user.
    const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
    project.write("../home/.gitconfig", `[safe]\ndirectory = ${project.root}\n`);
    const { stdout } = await project.zrWith({ env }, "affected", "--list").expect({ stdout: /^/ });
    expect(stdout).toMatch(/^libs\/a\nlibs\/b\n/m);
  });

  test("are all its packages where nobody can tell what has changed", async () => {
    await using project = await withSubmodule(files, { at: "libs", inner });
    project.git("checkout", "--quiet", "-b", "topic");
    project.git("update-index", "--cacheinfo", `160000,${"1".repeat(40)},libs`);
    project.git("commit", "--quiet", "--message", "of a commit that is not here");
    project.git("branch", "--force", "main");
    commitIn(project, ".");
    expect(await affected(project)).toEqual(expect.arrayContaining(["libs/a", "libs/b"]));
  });
});

test("in a hook git answers about the repository around the folder, wherever in it zr is asked", async () => {
  await using project = await makeProject(
    {
      "ws/zr.toml": '[workspace]\nmembers = ["packages/*"]',
      "ws/packages/a/zr.toml": MEMBER,
      "ws/packages/b/zr.toml": MEMBER,
      "ws/packages/b/dist/tracked": "1",
    },
    { git: true },
  );
  project.git("checkout", "--quiet", "-b", "topic");
  project.write("ws/packages/a/src/x", "1");
  const hook = { cwd: "ws/packages/b", env: { GIT_DIR: project.path(".git") } };
  await project
    .zrWith(hook, "affected", "--list", "--explain")
    .expect({ stdout: /^packages\/a +changed: packages\/a\/src\/x\n$/, stderr: /: 1 changed file / });
  await project.zrWith(hook, "clean").expect({ stdout: "removed 0 files, 0 B\n", stderr: /kept .*tracked/ });
});

describe("zr clean", () => {
  test("keeps what git tracks in submodules", async () => {
    await using project = await withSubmodule(
      { "zr.toml": '[workspace]\nmembers = ["packages/*"]' },
      { at: "packages/sub", inner: { "zr.toml": MEMBER, "dist/tracked": "1" } },
    );
    project.write("packages/sub/dist/made", "made");
    await project
      .zr("clean", "--all")
      .expect({ stdout: "removed 1 file, 4 B\n", stderr: /kept packages\/sub\/dist\/tracked/ });
    expect(project.read("packages/sub/dist/tracked")).toBe("1");
  });

  test("removes nothing where git can't say what it tracks", async () => {
    await using project = await makeProject({ "zr.toml": MEMBER, "dist/tracked": "1" }, { git: true });
    project.write("dist/made", "made");
    project.write(".git/index", "no index");
    await project.zr("clean").expect({
      code: 1,
      stdout: "removed 0 files, 0 B\n",
      stderr: /git can't say which files it tracks in /,
    });
    expect(project.exists("dist/made")).toBe(true);
  });
});
