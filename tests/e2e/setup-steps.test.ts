import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { fakeTool, linkProgram, setUp, statesOf } from "#tests/support/setup-answer";
import { ToolSite } from "#tests/support/tool-site";

describe("dependencies", () => {
  test("are installed by the language of each package, again when its lock file changes or what was made is gone", async () => {
    await using project = await makeProject({
      "zr.toml": '[workspace]\nmembers = ["web", "api"]\n[setup]\nsteps = ["deps"]\n',
      "web/package.json": '{ "name": "web", "dependencies": { "x": "1" } }',
      "web/package-lock.json": "{}",
      "api/go.mod": "module example.org/api\n",
    });
    fakeTool(project, "npm", 'echo "npm $*" >> ../log; mkdir -p node_modules');
    fakeTool(project, "go", 'echo "go $*" >> ../log');
    const answer = await setUp(project);
    expect(statesOf(answer)).toEqual({ "deps api": "done", "deps web": "done" });
    expect(project.read("log").split("\n").toSorted()).toEqual(["", "go mod download", "npm ci"]);
    expect(statesOf(await setUp(project))).toEqual({ "deps api": "up-to-date", "deps web": "up-to-date" });
    project.write("web/package-lock.json", '{ "changed": true }');
    expect(statesOf(await setUp(project))["deps web"]).toBe("done");
    project.remove("web/node_modules");
    expect(statesOf(await setUp(project))["deps web"]).toBe("done");
  });

  test("without a lock file are installed once: the one that is written then counts", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = ["deps"]\n',
      "package.json": '{ "name": "x" }',
    });
    fakeTool(project, "npm", 'echo "npm $*" >> log; mkdir -p node_modules; echo "{}" > package-lock.json');
    expect(statesOf(await setUp(project))).toEqual({ deps: "done" });
    expect(statesOf(await setUp(project))).toEqual({ deps: "up-to-date" });
    expect(project.read("log")).toBe("npm install\n");
  });

  test("a program that is missing is named", async () => {
    await using project = await makeProject(
      { "zr.toml": '[setup]\nsteps = ["deps"]\n', "go.mod": "module x\n" },
      { env: { PATH: "/nonexistent" } },
    );
    const answer = await setUp(project);
    expect(answer.steps[0]).toMatchObject({
      state: "failed",
      detail: "go mod download: go is not installed, or not on PATH",
    });
  });

  test("[setup.deps] has the last word: another command, or none", async () => {
    await using project = await makeProject({
      "zr.toml":
        '[workspace]\nmembers = ["web", "old"]\n[setup]\nsteps = ["deps"]\n[setup.deps]\nweb = "touch mine"\nold = false\n',
      "web/package.json": '{ "name": "web" }',
      "old/package.json": '{ "name": "old" }',
    });
    expect(statesOf(await setUp(project))).toEqual({ "deps web": "done" });
    expect(project.exists("web/mine")).toBe(true);
  });
});

test("commands of the configuration are run by the shell of [global], those of a package by the one that it has", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global]
      shell = ["sh", "-c", "echo root: $0 >> $ZR_ROOT/log"]
      [workspace]
      members = ["web", "api"]
      [setup]
      steps = ["deps", "services", "migrate", { cmd = "own | step" }]
      [setup.deps]
      web = "of | web"
      api = "of | api"
      [setup.services]
      cmd = "of | services"
      wait = ["up"]
      [setup.migrate]
      cmd = "of | migrate"
      [doctor.checks]
      up = { cmd = "is | up" }
    `,
    "web/zr.toml": '[global]\nshell = ["sh", "-c", "echo web: $0 >> $ZR_ROOT/log"]\n',
    "api/zr.toml": "",
  });
  expect(statesOf(await setUp(project, "-j", "1"))).toEqual({
    "deps api": "done",
    "deps web": "done",
    services: "up-to-date",
    migrate: "done",
    "own | step": "done",
  });
  const lines = new Set(project.read("log").trim().split("\n"));
  expect([...lines].toSorted()).toEqual([
    "root: is | up",
    "root: of | api",
    "root: of | migrate",
    "root: own | step",
    "web: of | web",
  ]);
});

test("a step is done again when what it left is gone", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [setup]
      steps = ["deps", { cmd = "echo >> times; mkdir -p kept", name = "keep", outputs = ["kept"] }]
      [setup.deps]
      "." = { cmd = "echo >> installs; mkdir -p made", outputs = ["made"] }
    `,
  });
  for (let round = 0; round < 2; round += 1) await setUp(project);
  expect([project.read("times"), project.read("installs")]).toEqual(["\n", "\n"]);
  project.remove("kept");
  project.remove("made");
  expect(statesOf(await setUp(project))).toEqual({ deps: "done", keep: "done" });
});

describe("tools", () => {
  test("are installed first, and what follows runs with them", async () => {
    using site = new ToolSite();
    site.publish("20.11.1", { lts: "Iron" });
    await using project = await makeProject(
      {
        "zr.toml":
          '[tools]\nnode = "20"\n[setup]\nsteps = ["tools", "deps"]\n[setup.deps]\n"." = "node --version > which"\n',
      },
      { env: site.variables },
    );
    const answer = await setUp(project);
    expect(answer.steps[0]).toMatchObject({ id: "tools", state: "done", detail: "node 20.11.1" });
    expect(project.read("which")).toBe("v20.11.1\n");
    expect(statesOf(await setUp(project))["tools"]).toBe("up-to-date");
  });

  test("one that can't be had fails the step, and what needs it is not begun", async () => {
    using site = new ToolSite();
    site.publish("20.11.1");
    await using project = await makeProject(
      {
        "zr.toml":
          '[tools]\nnode = "99"\n[setup]\nsteps = ["tools", "deps"]\n[setup.deps]\n"." = "touch ran"\n',
      },
      { env: site.variables },
    );
    const answer = await setUp(project);
    expect(answer.code).toBe(1);
    expect(statesOf(answer)).toEqual({ tools: "failed", deps: "blocked" });
    expect(project.exists("ran")).toBe(false);
  });
});

describe(".env", () => {
  test("is made of the example of each package, for its owner only", async () => {
    await using project = await makeProject({
      "zr.toml": '[workspace]\nmembers = ["api"]\n[setup]\nsteps = ["env"]\n',
      "api/zr.toml": "",
      "api/.env.sample": "# where\nURL=x\n",
    });
    expect(statesOf(await setUp(project))).toEqual({ env: "done" });
    expect(project.read("api/.env")).toBe("# where\nURL=x\n");
    expect(statSync(project.path("api/.env")).mode & 0o777).toBe(0o600);
  });

  test("keeps what it has, and gets what is new in the example with its comment", async () => {
    await using project = await makeProject({ "zr.toml": '[setup]\nsteps = ["env"]\n' });
    writeFileSync(project.path(".env"), 'A="mine"\nC=3');
    writeFileSync(project.path(".env.example"), "A=1\n\n# the second\n# one\nB=2\nC=9\nD=4\n");
    const answer = await setUp(project);
    expect(answer.steps[0]?.detail).toBe("B, D to .env");
    expect(project.read(".env")).toBe('A="mine"\nC=3\n# the second\n# one\nB=2\nD=4\n');
  });

  test("secrets of it are in no log of a step that failed", async () => {
    await using project = await makeProject({
      "zr.toml":
        '[global]\ndotenv = true\n[setup]\nsteps = ["env", { cmd = "echo using $API_TOKEN; false", name = "bad" }]\n',
      ".env.example": "API_TOKEN=hunter2hunter2\n",
    });
    const answer = await setUp(project);
    expect(answer.steps.find(({ id }) => id === "bad")?.log).toBe("using ****\n");
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });
});

describe("services", () => {
  test("are started, waited for, and left alone where they are up", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["services", "migrate"]
        [setup.services]
        cmd = "${cmd("start")}"
        wait = ["up"]
        [setup.migrate]
        cmd = "test -f up"
        [doctor.checks.up]
        cmd = "test -f up"
        hint = "touch up"
      `,
    });
    const run = project.zr("setup");
    await (await project.command("start").started()).exit(0);
    project.write("up", "");
    await run.expect({ stdout: anything });
    const again = await setUp(project);
    expect(again.steps[0]).toMatchObject({ id: "services", state: "up-to-date", detail: "up: up" });
    expect(project.command("start").count).toBe(1);
  });

  test("that do not come up fail with the hint of their check", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["services"]
        [setup.services]
        cmd = "true"
        wait = ["never"]
        timeout = "300ms"
        [doctor.checks.never]
        cmd = "echo no luck >&2; false"
        hint = "look into the log"
      `,
    });
    const { steps } = await setUp(project);
    expect(steps[0]).toMatchObject({ state: "failed", hint: "look into the log" });
    expect(steps[0]?.detail).toMatch(/^never is not up after 0.3 s: .*no luck$/);
  });

  test("of a Compose file are started by docker, and need not be", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = ["services"]\n',
      "compose.yaml": "",
    });
    fakeTool(project, "docker", 'echo "$*" > called; exit 1');
    expect(statesOf(await setUp(project))).toEqual({ services: "warning" });
    expect(project.read("called")).toBe("compose up --detach --wait\n");
  });
});

describe("git hooks", () => {
  const CONFIG = `
    [tasks.lint]
    cmd = "echo linted >> ../linted"
    [setup]
    steps = []
    [setup.hooks]
    pre-commit = [{ run = "lint" }, "test ! -f stop"]
  `;

  test("are written, run at a commit from the workspace root, and stop it where they fail", async () => {
    await using project = await makeProject({ "sub/zr.toml": CONFIG, "sub/x": "" }, { git: true });
    const [zr = ""] = await ensureBinary();
    await project.zrWith({ cwd: "sub" }, "setup").expect({ stdout: /✓ hooks +done +pre-commit/ });
    expect(statSync(project.path(".git/hooks/pre-commit")).mode & 0o111).not.toBe(0);
    expect(readFileSync(project.path(".git/hooks/pre-commit"), "utf8")).toContain(
      zr.slice(0, zr.lastIndexOf("/")),
    );
    linkProgram(project, zr);
    project.write("sub/y", "");
    project.git("add", "--all");
    project.git("commit", "-q", "-m", "second");
    expect(project.read("linted")).toBe("linted\n");
    project.write("sub/stop", "");
    project.git("add", "--all");
    expect(() => project.git("commit", "-q", "-m", "third")).toThrow();
    await project.zrWith({ cwd: "sub" }, "setup").expect({ stdout: /✓ hooks +up to date/ });
  });

  test("of a workspace below the top see the same paths in a linked working copy", async () => {
    const hook = "echo formatted > file; git add file; git status --short";
    await using project = await makeProject(
      {
        "repo/sub/zr.toml": `[setup]\nsteps = []\nhooks.pre-commit = "${hook}"\n`,
        "repo/sub/file": "plain\n",
      },
      {},
    );
    const git = (folder: string, ...words: readonly string[]): string => project.git("-C", folder, ...words);
    git("repo", "init", "--quiet");
    git("repo", "add", "--all");
    git("repo", "commit", "--quiet", "--message", "first");
    await project.zrWith({ cwd: "repo/sub" }, "setup", "-q").expect({ stdout: anything });
    git("repo", "worktree", "add", "--quiet", "../linked");
    writeFileSync(project.path("linked/sub/file"), "changed\n");
    git("linked", "commit", "--quiet", "--all", "--message", "second");
    expect(git("linked", "ls-tree", "-r", "--name-only", "HEAD")).toBe("sub/file\nsub/zr.toml\n");
    expect(git("linked", "show", "HEAD:sub/file")).toBe("formatted\n");
  });

  test("of somebody else stay as they are", async () => {
    await using project = await makeProject({ "zr.toml": CONFIG }, { git: true });
    mkdirSync(project.path(".git/hooks"), { recursive: true });
    writeFileSync(project.path(".git/hooks/pre-commit"), "#!/bin/sh\ntrue\n");
    const answer = await setUp(project);
    expect(answer.code).toBe(0);
    expect(answer.steps[0]).toMatchObject({ id: "hooks", state: "warning" });
    expect(project.read(".git/hooks/pre-commit")).toBe("#!/bin/sh\ntrue\n");
  });

  test("that are links to what is not there now stay as they are", async () => {
    await using project = await makeProject({ "zr.toml": CONFIG }, { git: true });
    mkdirSync(project.path(".git/hooks"), { recursive: true });
    symlinkSync("../../scripts/check", project.path(".git/hooks/pre-commit"));
    expect((await setUp(project)).steps[0]).toMatchObject({ id: "hooks", state: "warning" });
    expect(readlinkSync(project.path(".git/hooks/pre-commit"))).toBe("../../scripts/check");
  });

  test("that git would pass over, since they may not be executed, are mended", async () => {
    await using project = await makeProject({ "zr.toml": CONFIG }, { git: true });
    await setUp(project);
    chmodSync(project.path(".git/hooks/pre-commit"), 0o644);
    await project.zr("doctor", "hooks").expect({ code: 1, stdout: /✗ pre-commit +failed +outdated/ });
    await project.zr("setup", "--check").expect({ code: 1, stdout: /· hooks +to do +pre-commit/ });
    expect(statesOf(await setUp(project))).toEqual({ hooks: "done" });
    expect(statSync(project.path(".git/hooks/pre-commit")).mode & 0o111).not.toBe(0);
  });

  test("that are wanted no more are taken away, those of another workspace and of others are not", async () => {
    await using project = await makeProject(
      { "zr.toml": CONFIG, "sub/zr.toml": '[setup]\nsteps = []\nhooks.pre-push = "true"\n' },
      { git: true },
    );
    await setUp(project);
    await project.zrWith({ cwd: "sub" }, "setup").expect({ stdout: anything });
    writeFileSync(project.path(".git/hooks/post-merge"), "#!/bin/sh\n");
    project.write("zr.toml", CONFIG.replace("pre-commit", "commit-msg"));
    await project
      .zr("doctor", "hooks")
      .expect({ code: 1, stdout: /! pre-commit +warning +\[setup.hooks\] has/ });
    await project.zr("setup").expect({ stdout: /✓ hooks +done +commit-msg, no pre-commit any more/ });
    expect(
      readdirSync(project.path(".git/hooks"))
        .filter((name) => !name.endsWith(".sample"))
        .toSorted(),
    ).toEqual(["commit-msg", "post-merge", "pre-push"]);
    await project.zr("setup", "--check").expect({ stdout: /✓ hooks +up to date +commit-msg\n/ });
  });

  test("are left to the tool that git has been told of", async () => {
    await using project = await makeProject({ "zr.toml": CONFIG }, { git: true });
    project.git("config", "core.hooksPath", ".husky");
    const { steps } = await setUp(project);
    expect(steps[0]).toMatchObject({ id: "hooks", state: "skipped" });
    expect(steps[0]?.detail).toContain("core.hooksPath");
    expect(project.exists(".husky")).toBe(false);
  });

  test("need a repository", async () => {
    await using project = await makeProject({ "zr.toml": CONFIG });
    expect((await setUp(project)).steps[0]).toMatchObject({
      state: "skipped",
      detail: "this is no git repository",
    });
  });
});
