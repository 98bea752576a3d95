import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project, ProjectOptions } from "#tests/support/project";
import { end, waits } from "./watching";

const task = (name: string, deps = ""): string =>
  `[package]\nname = "${name}"\n${deps}\n[tasks]\ntest = "echo testing ${name}"\n`;

/** `app` needs `lib`, which needs `core`; `docs` needs nothing. */
const FILES: Readonly<Record<string, string>> = {
  "zr.toml":
    '[workspace]\nmembers = ["packages/*"]\nglobal_inputs = ["toolchain.json", "ci/**"]\n[tasks]\ntest = "echo testing the root"\n',
  ".gitignore": ".zr\nignored\n",
  "toolchain.json": "{}",
  "README.md": "read",
  "packages/app/zr.toml": task("app", 'deps = ["lib"]'),
  "packages/app/src/a.ts": "a",
  "packages/lib/zr.toml": task("lib", 'deps = ["core"]'),
  "packages/lib/src/l.ts": "l",
  "packages/core/zr.toml": task("core"),
  "packages/core/src/c.ts": "some text that is long enough to be found again",
  "packages/docs/zr.toml": task("docs"),
  "packages/docs/d.md": "d",
};

/** The workspace in a repository, on a branch that has left `main`. */
async function onBranch(
  files: Readonly<Record<string, string>> = {},
  options: ProjectOptions = {},
): Promise<Project> {
  const project = await makeProject({ ...FILES, ...files }, { git: true, ...options });
  project.git("checkout", "--quiet", "-b", "topic");
  return project;
}

function commit(project: Project, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  project.git("add", "--all");
  project.git("commit", "--quiet", "--allow-empty", "--message", "change");
}

async function listed(project: Project, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await project.zr("affected", "--list", ...args).expect({ stdout: /^/, stderr: /^/ });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("what a change affects", () => {
  test("is the package of the changed file and what depends on it, and nothing else", async () => {
    await using project = await onBranch();
    commit(project, { "packages/lib/src/l.ts": "changed" });
    expect(await listed(project)).toEqual(["app", "lib"]);
    expect(await listed(project, "test")).toEqual(["app:test", "lib:test"]);
    expect(await listed(project, "--no-dependents")).toEqual(["lib"]);
    expect(await listed(project, "--exclude-self")).toEqual(["app"]);
    expect(await listed(project, "--include-dependencies")).toEqual(["app", "core", "lib"]);
  });

  test("is found in commits, the index, the working tree and untracked files, but not in ignored ones", async () => {
    await using project = await onBranch();
    commit(project, { "packages/app/src/a.ts": "committed" });
    project.write("packages/docs/d.md", "staged");
    project.git("add", "packages/docs/d.md");
    project.write("packages/lib/src/l.ts", "unstaged");
    project.write("packages/core/new file ü.ts", "untracked");
    const { stdout } = await project.zr("affected", "--list", "--json").expect({ stdout: /^/ });
    const { files, base } = JSON.parse(stdout);
    expect(files).toEqual([
      "packages/app/src/a.ts",
      "packages/core/new file ü.ts",
      "packages/docs/d.md",
      "packages/lib/src/l.ts",
    ]);
    expect(base).toEqual({
      name: "main",
      from: "the default branch",
      commit: project.git("rev-parse", "main").trim(),
    });
    expect(await listed(project, "--committed-only")).toEqual(["app"]);
  });

  test("of an ignored file is nothing, which is said and no failure", async () => {
    await using project = await onBranch();
    project.write("packages/app/ignored", "x");
    await project.zr("affected", "test").expect({ stderr: "nothing is affected\n" });
    await project.zr("affected", "--list").expect({ stderr: "nothing is affected\n" });
    await project.zr("affected", "test", "--quiet").expect({});
    const { stdout } = await project.zr("affected", "test", "--json").expect({ stdout: /^/ });
    expect(JSON.parse(stdout)).toMatchObject({ v: 1, files: [], packages: [], tasks: [] });
  });

  test("of a renamed file is both of its places", async () => {
    await using project = await onBranch();
    project.git("mv", "packages/core/src/c.ts", "packages/docs/c.ts");
    expect(await listed(project, "--no-dependents")).toEqual(["core", "docs"]);
    project.git("commit", "--quiet", "--message", "moved");
    expect(await listed(project, "--no-dependents")).toEqual(["core", "docs"]);
  });

  test("of a file of the root is the root alone, unless global_inputs names it", async () => {
    await using project = await onBranch();
    project.write("README.md", "changed");
    expect(await listed(project)).toEqual(["project"]);
    expect(await listed(project, "test")).toEqual(["test"]);
    project.write("ci/deep/x.yml", "x");
    expect(await listed(project)).toEqual(["project", "app", "core", "docs", "lib"]);
  });

  test("of a file that a package includes from elsewhere is that package too", async () => {
    await using project = await onBranch({
      "packages/core/zr.toml": `include = ["../../tasks/common.toml"]\n${task("core")}`,
      "tasks/common.toml": "[tasks.lint]\ncmd = 'true'\ninputs = []\n",
    });
    project.write("tasks/common.toml", "[tasks.lint]\ncmd = 'false'\ninputs = []\n");
    expect(await listed(project)).toEqual(["project", "app", "core", "lib"]);
    expect(await listed(project, "lint", "--no-dependents")).toEqual(["core:lint"]);
    expect(await listed(project, "lint", "--task-inputs", "--no-dependents")).toEqual(["core:lint"]);
  });

  test("of what others have committed to the default branch since is nothing", async () => {
    await using project = await onBranch();
    commit(project, { "packages/docs/d.md": "mine" });
    project.git("checkout", "--quiet", "main");
    commit(project, { "packages/core/src/c.ts": "theirs" });
    project.git("checkout", "--quiet", "topic");
    expect(await listed(project)).toEqual(["docs"]);
  });

  test("is told by the file or by the way of dependencies that is the cause", async () => {
    await using project = await onBranch();
    commit(project, {
      "packages/core/src/c.ts": "x",
      "packages/core/b": "",
      "packages/core/d": "",
      "packages/core/e": "",
    });
    await project.zr("affected", "--list", "--explain").expect({
      stdout: [
        "app   depends on what changed: app → lib → core",
        "core  changed: packages/core/b, packages/core/d, packages/core/e and 1 more",
        "lib   depends on what changed: lib → core",
        "",
      ].join("\n"),
      stderr: /^zr: 4 changed files since main \(the default branch, [0-9a-f]{12}\)\n$/,
    });
  });

  test("with --task-inputs depends on the inputs of the task", async () => {
    await using project = await onBranch({
      "packages/lib/zr.toml":
        '[package]\nname = "lib"\ndeps = ["core"]\n[tasks.test]\ncmd = "true"\ninputs = ["src/**", "!src/*.md", "//shared/*"]\n[tasks.lint]\ncmd = "true"\ninputs = ["$default", "!src/**"]\n',
    });
    project.write("packages/lib/notes.md", "x");
    expect(await listed(project, "test")).toEqual(["app:test", "lib:test"]);
    expect(await listed(project, "test", "--task-inputs")).toEqual([]);
    expect(await listed(project, "lint", "--task-inputs")).toEqual(["lib:lint"]);
    project.remove("packages/lib/notes.md");
    project.write("packages/lib/src/x.md", "x");
    expect(await listed(project, "test", "lint", "--task-inputs")).toEqual([]);
    project.write("shared/y", "y");
    expect(await listed(project, "test", "--task-inputs")).toEqual(["test", "app:test", "lib:test"]);
  });

  test("with --task-inputs is also what the configuration says of the task", async () => {
    const config = (cmd: string): string =>
      `include = ["more.toml"]\n[package]\nname = "lib"\n[tasks.test]\ncmd = "${cmd}"\ninputs = ["src/**"]\n`;
    await using project = await onBranch({
      "packages/lib/zr.toml": config("true"),
      "packages/lib/more.toml": "[env]\nA = '1'\n",
    });
    expect(await listed(project, "test", "--task-inputs")).toEqual([]);
    project.write("packages/lib/zr.toml", config("false"));
    expect(await listed(project, "test", "--task-inputs")).toEqual(["app:test", "lib:test"]);
    commit(project, {});
    project.git("branch", "--force", "main");
    project.write("packages/lib/more.toml", "[env]\nA = '2'\n");
    expect(await listed(project, "test", "--task-inputs")).toEqual(["app:test", "lib:test"]);
  });
});

describe("of a lock file", () => {
  const lock = (version: string): string =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { workspaces: ["packages/*"] },
        "packages/lib": { version: "1.0.0", dependencies: { left: "*" } },
        "packages/docs": { version: "1.0.0" },
        "node_modules/left": { version },
      },
    });

  test("those packages are affected that it gives other dependencies, with their dependents", async () => {
    await using project = await onBranch({ "package-lock.json": lock("1.0.0") });
    project.write("package-lock.json", lock("1.0.1"));
    await project.zr("affected", "--list", "--explain").expect({
      stdout: "app  depends on what changed: app → lib\nlib  other dependencies in package-lock.json\n",
      stderr: /1 changed file/,
    });
    project.git("commit", "--quiet", "--all", "--message", "lock");
    expect(await listed(project)).toEqual(["app", "lib"]);
  });

  test("all are affected where it can't be told, and where global_inputs names it", async () => {
    await using project = await onBranch({ "package-lock.json": lock("1.0.0") });
    project.write("package-lock.json", "{");
    expect(await listed(project)).toEqual(["project", "app", "core", "docs", "lib"]);
    project.write("package-lock.json", lock("1.0.0"));
    project.write("zr.toml", FILES["zr.toml"]!.replace('"toolchain.json"', '"package-lock.json"'));
    project.git("commit", "--quiet", "--all", "--message", "zr");
    project.write("package-lock.json", lock("1.0.1"));
    expect(await listed(project, "--base", "HEAD")).toEqual(["project", "app", "core", "docs", "lib"]);
  });

  test("that a package has for itself only that package is affected", async () => {
    await using project = await onBranch();
    project.write("packages/docs/yarn.lock", "x");
    expect(await listed(project)).toEqual(["docs"]);
  });
});

describe("zr affected TASK", () => {
  test("runs the task in the affected packages, and zr run --affected is the same", async () => {
    await using project = await onBranch();
    project.write("packages/core/src/c.ts", "changed");
    for (const words of [
      ["affected", "test"],
      ["run", "test", "--affected"],
      ["test", "--affected=main"],
    ]) {
      const { stdout } = await project
        .zr(...words, "--output", "interleaved")
        .expect({ stdout: /^/, stderr: /3 ok/ });
      expect(stdout.split("\n").sort()).toEqual(["", "testing app", "testing core", "testing lib"]);
    }
  });

  test("takes a task by its full name where its package is affected, and refuses what no package has", async () => {
    await using project = await onBranch();
    project.write("packages/docs/d.md", "changed");
    expect(await listed(project, "docs:test")).toEqual(["docs:test"]);
    expect(await listed(project, "lib:test")).toEqual([]);
    project.write("packages/lib/src/l.ts", "changed");
    expect(await listed(project, "test", "--filter", "!docs")).toEqual(["app:test", "lib:test"]);
    expect(await listed(project, "--filter", "docs")).toEqual(["docs"]);
    await project.zr("affected", "test", "--filter", "core").expect({ stderr: "nothing is affected\n" });
    await project.zr("affected", "tset").expect({ code: 2, stderr: /^error\[E160\]: .*tset.*\n[^]*test/ });
  });

  test("hands on arguments and options of a run", async () => {
    await using project = await onBranch();
    project.write("packages/docs/d.md", "changed");
    await project.zr("affected", "test", "--", "more").expect({ stdout: "testing docs more\n" });
    const { stdout } = await project.zr("affected", "test", "--dry-run", "--json").expect({ stdout: /^/ });
    expect(JSON.parse(stdout).requested).toEqual(["docs:test"]);
  });

  test("is repeated by zr rerun as it was given", async () => {
    await using project = await onBranch();
    project.write("packages/docs/d.md", "changed");
    await project.zr("affected", "test").expect({ stdout: "testing docs\n" });
    project.write("packages/app/src/a.ts", "changed");
    await project.zr("rerun").expect({ stdout: /testing app/, stderr: /2 ok/ });
  });
});

describe("the base", () => {
  const name = async (
    project: Project,
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ) => {
    const { stdout } = await project
      .zrWith({ env }, "affected", "--list", "--json", ...args)
      .expect({ stdout: /^/ });
    const { base } = JSON.parse(stdout);
    return base === null ? null : `${base.name} by ${base.from}`;
  };

  test("is --base, then ZR_BASE, then what the CI service says, then the default branch, then the commit before", async () => {
    await using project = await onBranch();
    commit(project, { "packages/docs/d.md": "one" });
    const before = project.git("rev-parse", "HEAD").trim();
    commit(project, { "packages/docs/d.md": "two" });
    project.write("event.json", JSON.stringify({ before }));
    const github = { GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: project.path("event.json") };
    expect(await name(project, { ZR_BASE: "main" }, "--base", "HEAD~1")).toBe("HEAD~1 by --base");
    expect(await name(project, { ZR_BASE: "HEAD~1", ...github })).toBe("HEAD~1 by ZR_BASE");
    expect(await name(project, github)).toBe(`${before} by the commit before the push`);
    expect(await name(project, {})).toBe("main by the default branch");
    project.git("branch", "--quiet", "--move", "main", "trunk");
    expect(await name(project, {})).toBe("HEAD~1 by the commit before");
    project.write("zr.toml", FILES["zr.toml"]!.replace("[workspace]", '[workspace]\ndefault_base = "trunk"'));
    expect(await name(project, {})).toBe("trunk by [workspace] default_base");
  });

  test("of CI on the default branch itself is the commit before, since nothing else would be left to test", async () => {
    await using project = await makeProject(FILES, { git: true });
    commit(project, { "packages/docs/d.md": "two" });
    expect(await name(project, {})).toBe("main by the default branch");
    expect(await name(project, { CI: "true" })).toBe("HEAD~1 by the commit before");
  });

  test("is the branch that origin's HEAD names before any other", async () => {
    await using project = await onBranch();
    project.git("update-ref", "refs/remotes/origin/release", "main");
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release");
    expect(await name(project, {})).toBe("origin/HEAD by the default branch");
    project.git("pack-refs", "--all");
    expect(await name(project, {})).toBe("origin/HEAD by the default branch");
  });

  test("that is not there is an error where somebody has given it", async () => {
    await using project = await onBranch();
    await project
      .zr("affected", "test", "--base", "nowhere")
      .expect({ code: 2, stderr: /^error\[E361\]: 'nowhere' \(--base\) is no commit of this repository\n/ });
    await project.zr("affected", "test", "--base=--output=x").expect({ code: 2, stderr: /^error\[E361\]/ });
    expect(project.exists("x")).toBe(false);
  });

  test("that a shallow clone does not reach is explained", async () => {
    await using project = await onBranch();
    commit(project, { "packages/docs/d.md": "two" });
    // The clone's origin says that main is its default branch.
    project.git("checkout", "--quiet", "main");
    project.git(
      "clone",
      "--quiet",
      "--depth",
      "1",
      "--branch",
      "topic",
      `file://${project.root}`,
      "../clone",
    );
    await project
      .zrWith(
        { cwd: "../clone", env: { CI: "1", GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main" } },
        "affected",
        "test",
      )
      .expect({ code: 2, stderr: /^error\[E362\]: the clone is shallow[^]*origin\/main[^]*/ });
    await project
      .zrWith({ cwd: "../clone" }, "affected", "test")
      .expect({ code: 2, stderr: /^error\[E362\]/ });
    await project
      .zrWith({ cwd: "../clone" }, "affected", "test", "--base", "HEAD~1")
      .expect({ code: 2, stderr: /^error\[E362\][^]*HEAD~1/ });
  });

  test("of another history is refused, and so is what git itself refuses", async () => {
    await using project = await onBranch();
    project.git("checkout", "--quiet", "--orphan", "other");
    commit(project, { "packages/docs/d.md": "two" });
    await project.zr("affected", "test").expect({
      code: 2,
      stderr: /^error\[E363\]: 'main' \(the default branch\) and HEAD have no commit in common\n/,
    });
    project.write(".git/index", "no index");
    await project
      .zr("affected", "test", "--base", "HEAD")
      .expect({ code: 2, stderr: /^error\[E364\]: git can't say what has changed: .*index file/ });
  });

  test("is found on a detached head, and before the first commit everything is new", async () => {
    await using project = await onBranch();
    commit(project, { "packages/docs/d.md": "two" });
    project.git("checkout", "--quiet", "--detach");
    expect(await listed(project)).toEqual(["docs"]);
    await using fresh = await makeProject(FILES);
    fresh.git("init", "--quiet");
    expect(await listed(fresh)).toEqual(["project", "app", "core", "docs", "lib"]);
  });
});

test("a file belongs to the package with the longest path, also where the workspace is a folder of the repository", async () => {
  await using project = await makeProject(
    {
      "ws/zr.toml": '[workspace]\nmembers = ["p", "p/inner"]\n',
      "ws/p/zr.toml": '[package]\nname = "p"\n',
      "ws/p/x": "x",
      "ws/p/inner/zr.toml": '[package]\nname = "inner"\n',
      "ws/p/inner/y": "y",
      other: "o",
    },
    { git: true },
  );
  project.git("checkout", "--quiet", "-b", "topic");
  project.write("other", "changed");
  const list = async (): Promise<string> =>
    (await project.zrWith({ cwd: "ws/p" }, "affected", "--list").expect({ stdout: /^/, stderr: /^/ })).stdout;
  expect(await list()).toBe("");
  project.write("ws/p/inner/y", "changed");
  expect(await list()).toBe("inner\n");
  project.write("ws/p/innermost", "new");
  expect(await list()).toBe("p\ninner\n");
});

describe("without git", () => {
  test("there is an error that says what to do, and a list of files does it", async () => {
    await using project = await makeProject(FILES);
    const env = { GIT_CEILING_DIRECTORIES: project.folders.temp };
    await project
      .zrWith({ env }, "affected", "test")
      .expect({ code: 2, stderr: `error[E360]: <root> is not in a git repository\n` });
    await project
      .zrWith(
        { env, stdin: "packages/docs/d.md\nelsewhere/x\n../out\n" },
        "affected",
        "--list",
        "--files",
        "-",
      )
      .expect({ stdout: "project\ndocs\n" });
    await project
      .zrWith({ env, stdin: "src/l.ts\0", cwd: "packages/lib" }, "affected", "--list", "--files=-")
      .expect({ stdout: "app\nlib\n" });
    project.write("list.txt", "packages/docs/d.md\r\n");
    await project
      .zrWith({ env }, "affected", "test", "--files", "list.txt")
      .expect({ stdout: "testing docs\n" });
    await project.zrWith({ env }, "affected", "test", "--files", "none.txt").expect({
      code: 2,
      stderr: "error[E365]: can't read the list of changed files none.txt: it does not exist\n",
    });
  });
});

test("expressions see the same changes: affected, file.changed and git.base", async () => {
  await using project = await onBranch({
    "packages/app/zr.toml": `[package]\nname = "app"\ndeps = ["lib"]\n[tasks.show]\nenv = { ZR_BASE = "HEAD" }\ncmds = [
      { cmd = "echo affected", if = "affected" },
      { cmd = "echo changed", if = "file.changed('//packages/lib/**')" },
      { cmd = "echo base \${git.base}" },
    ]\n`,
    "packages/docs/zr.toml": `[package]\nname = "docs"\n[tasks.show]\ncmd = "echo shown"\ncondition = "affected"\n`,
  });
  commit(project, { "packages/lib/src/l.ts": "changed" });
  const main = project.git("rev-parse", "main").trim();
  const head = project.git("rev-parse", "HEAD").trim();
  await project.zr("app:show").expect({ stdout: `affected\nchanged\nbase ${main}\n` });
  await project.zrWith({ env: { ZR_BASE: "HEAD" } }, "app:show").expect({ stdout: `base ${head}\n` });
  await project.zr("docs:show").expect({ stdout: "", stderr: /skipped/ });
  project.write("packages/docs/d.md", "changed");
  await project.zr("docs:show").expect({ stdout: "shown\n" });
});

test("zr graph --affected marks what a change affects, in every form", async () => {
  await using project = await onBranch();
  project.write("packages/lib/src/l.ts", "changed");
  await project.zr("graph", "--packages", "--affected").expect({
    stdout: "project\napp (affected)\n└─ lib (deps, affected)\n   └─ core (deps)\ndocs\n",
  });
  const { stdout } = await project.zr("graph", "--affected", "--json").expect({ stdout: /^/ });
  const nodes: readonly { readonly id: string; readonly affected?: boolean }[] = JSON.parse(stdout).nodes;
  expect(nodes.filter(({ affected }) => affected).map(({ id }) => id)).toEqual(["app:test", "lib:test"]);
  await project.zr("graph", "--affected", "--format", "dot").expect({ stdout: /"lib:test" \[style=filled/ });
  await project
    .zr("graph", "--affected=main", "--format", "mermaid")
    .expect({ stdout: /class n\d,n\d affected/ });
  await project.zr("graph", "--affected=nowhere").expect({ code: 2, stderr: /error\[E361\]/ });
});

test("zr run --affected --watch runs what was affected again when it changes", async () => {
  await using project = await onBranch();
  project.write("packages/docs/d.md", "changed");
  const run = project.zr("run", "test", "--affected", "--watch");
  await waits(run, 1);
  project.put("packages/docs/d.md", "changed again");
  await waits(run, 2);
  const printed = await run.waitForOutput(/^(?:[^]*?testing \w+\n){2}[^]*/, "stdout");
  expect(printed.match(/testing \w+/g)).toEqual(["testing docs", "testing docs"]);
  await end(run);
});
