import { utimesSync } from "node:fs";
import { expect, test } from "bun:test";
import { err, ok } from "#base/result";
import type { ExprHost } from "#core/expr/host";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { createExprHost, createExprMemo } from "./expr-host";
import type { ExprHostOptions } from "./expr-host";

const place = (files: Readonly<Record<string, string>> = {}, git = false): Promise<Project> =>
  makeProject(files, { git, program: ["true"] });

/** A host for the package `app` of the project. */
function hostOf(project: Project, options: Partial<ExprHostOptions> = {}): ExprHost {
  return createExprHost({
    root: project.root,
    packageDir: "app",
    env: project.environment(),
    platform: "linux",
    arch: "x64",
    ci: false,
    tty: true,
    shellRefusal: null,
    memo: createExprMemo(),
    finished: () => null,
    output: () => undefined,
    ...options,
  });
}

/** Puts a program on the project's PATH. */
function install(project: Project, name: string, script: string): Record<string, string> {
  project.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  Bun.spawnSync(["chmod", "755", project.path(`bin/${name}`)]);
  const environment = project.environment();
  return { ...environment, PATH: `${project.path("bin")}:${environment["PATH"]}` };
}

const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

test("what the host was told it answers as it is", async () => {
  await using project = await place();
  const facts = { success: true, failed: false, skipped: false, durationMs: 5 };
  const host = hostOf(project, {
    env: { NAME: "value", EMPTY: "", GONE: undefined },
    finished: (group, name) => (group === "tasks" && name === "build" ? facts : null),
    output: (task) => (task === "build" ? { digest: 1 } : undefined),
  });
  expect(["NAME", "EMPTY", "GONE", "OTHER", "constructor"].map((name) => host.env(name))).toEqual([
    "value",
    "",
    null,
    null,
    null,
  ]);
  expect([host.platform, host.arch, host.ci, host.tty]).toEqual(["linux", "x64", false, true]);
  expect(await host.finished("tasks", "build")).toEqual(ok(facts));
  expect(await host.finished("stages", "build")).toEqual(ok(null));
  expect(await host.output("build")).toEqual(ok({ digest: 1 }));
  expect(await host.affected()).toEqual(err({ reason: "it is not known here" }));
});

test("paths start from the package, behind two slashes from the workspace", async () => {
  await using project = await place({ "app/a.txt": "here", "a.txt": "root", "b.txt": "b" });
  const host = hostOf(project);
  expect(await host.fileRead("a.txt")).toEqual(ok("here\n".trimEnd()));
  expect(await host.fileRead("//a.txt")).toEqual(ok("root"));
  expect(await host.fileRead("../b.txt")).toEqual(ok("b"));
  expect(await host.fileExists("a.txt")).toEqual(ok(true));
  expect(await host.fileExists("b.txt")).toEqual(ok(false));
  expect(await host.fileExists("//app")).toEqual(ok(true));
});

test("a file that can't be read says why", async () => {
  await using project = await place({ "app/folder/a": "" });
  const host = hostOf(project);
  expect(await host.fileRead("missing")).toEqual(err({ reason: "the file does not exist" }));
  expect(await host.fileRead("folder")).toEqual(err({ reason: "it is a folder" }));
});

test("patterns give sorted paths in the form they were asked in", async () => {
  await using project = await place({
    "app/src/b.ts": "",
    "app/src/a.ts": "",
    "app/src/deep/.c.ts": "",
    "app/src/d.js": "",
    "app/.git/e.ts": "",
    "lib/f.ts": "",
  });
  const host = hostOf(project);
  expect(await host.glob("**/*.ts")).toEqual(ok(["src/a.ts", "src/b.ts", "src/deep/.c.ts"]));
  expect(await host.glob("src/*.{js,ts}")).toEqual(ok(["src/a.ts", "src/b.ts", "src/d.js"]));
  expect(await host.glob("src")).toEqual(ok(["src/a.ts", "src/b.ts", "src/d.js", "src/deep/.c.ts"]));
  expect(await host.glob("//lib/*")).toEqual(ok(["//lib/f.ts"]));
  expect(await host.glob("none/*")).toEqual(ok([]));
  expect(await host.glob("!src")).toEqual(err({ reason: "a pattern that excludes needs one that includes" }));
});

test("a file's hash is that of its content, that of several changes with each of them", async () => {
  const files = { "app/a.txt": "one", "app/b.txt": "two" };
  await using project = await place(files);
  const hash = async (pattern: string) => {
    const answer = await hostOf(project).fileHash(pattern);
    return answer.ok ? answer.value : answer.error.reason;
  };
  expect(await hash("a.txt")).toBe(sha256("one"));
  expect(await hash("missing.txt")).toBeNull();
  expect(await hash("missing/*")).toBeNull();
  const before = await hash("*.txt");
  expect(await hash("*.txt")).toBe(before);
  project.write("app/b.txt", "three");
  const after = await hash("*.txt");
  expect(after).toMatch(/^[0-9a-f]{64}$/);
  expect(after).not.toBe(before);
});

test("newer compares files by time and folders by their newest file", async () => {
  await using project = await place({ "app/old": "", "app/new": "", "app/src/a": "", "app/src/deep/b": "" });
  const times = { old: 100, new: 200, "src/a": 50, "src/deep/b": 150 };
  for (const [path, time] of Object.entries(times)) utimesSync(project.path(`app/${path}`), time, time);
  const host = hostOf(project);
  expect(await host.fileNewer("new", "old")).toEqual(ok(true));
  expect(await host.fileNewer("old", "new")).toEqual(ok(false));
  expect(await host.fileNewer("old", "old")).toEqual(ok(false));
  expect(await host.fileNewer("src", "old")).toEqual(ok(true));
  expect(await host.fileNewer("new", "src")).toEqual(ok(true));
  expect(await host.fileNewer("missing", "old")).toEqual(ok(false));
  expect(await host.fileNewer("old", "missing")).toEqual(ok(true));
});

test("the repository tells its branch, commit, tag and whether it is dirty", async () => {
  await using project = await place({ "app/a": "a" }, true);
  const fields = async () => {
    const host = hostOf(project);
    const answers = await Promise.all(
      (["branch", "tag", "dirty", "sha"] as const).map((field) => host.git(field)),
    );
    return answers.map((answer) => (answer.ok ? answer.value : answer.error.reason));
  };
  const sha = project.git("rev-parse", "HEAD").trim();
  expect(await fields()).toEqual(["main", null, false, sha]);
  project.git("checkout", "--quiet", "-b", "topic/x");
  project.git("tag", "v1.0.0");
  project.write("app/new", "");
  expect(await fields()).toEqual(["topic/x", "v1.0.0", true, sha]);
  project.git("checkout", "--quiet", "--detach");
  expect((await fields())[0]).toBeNull();
});

test("outside a repository and without git there are no fields", async () => {
  await using project = await place({ "app/a": "" });
  const environment = project.environment({ GIT_CEILING_DIRECTORIES: project.folders.temp });
  for (const env of [environment, { PATH: "/nonexistent" }]) {
    const host = hostOf(project, { env });
    for (const field of ["branch", "sha", "dirty", "tag", "base"] as const)
      expect(await host.git(field)).toEqual(ok(null));
    expect(await host.fileChanged(["**"])).toEqual(err({ reason: "the workspace is not a git repository" }));
  }
});

test("a repository without a commit is one in which everything is new", async () => {
  await using project = await place({ "app/a": "" });
  project.git("init", "--quiet");
  const host = hostOf(project);
  expect(await host.git("sha")).toEqual(ok(null));
  expect(await host.git("branch")).toEqual(ok("main"));
  expect(await host.fileChanged(["a"])).toEqual(ok(true));
});

test("changed files are those since the branch left its base, uncommitted and untracked ones too", async () => {
  const files = {
    "app/a": "a",
    "app/b": "b",
    "app/c": "c",
    "app/d": "d",
    "lib/moved": "text of some length",
  };
  await using project = await place({ ...files, ".gitignore": "ignored\n" }, true);
  const base = project.git("rev-parse", "HEAD").trim();
  project.git("checkout", "--quiet", "-b", "topic");
  project.write("app/a", "changed");
  project.git("mv", "lib/moved", "lib/now-here");
  project.git("commit", "--quiet", "--all", "--message", "topic");
  project.write("app/b", "changed");
  project.write("app/untracked", "");
  project.write("app/ignored", "");
  const host = hostOf(project);
  const changed = async (...patterns: readonly string[]) => {
    const answer = await host.fileChanged(patterns);
    return answer.ok ? answer.value : answer.error.reason;
  };
  expect(await host.git("base")).toEqual(ok(base));
  const expected = { a: true, b: true, c: false, untracked: true, ignored: false, "//lib/moved": true };
  for (const [path, value] of Object.entries(expected))
    expect([path, await changed(path)]).toEqual([path, value]);
  expect(await changed("//lib")).toBe(true);
  expect(await changed("*")).toBe(true);
  expect(await changed("*", "!a", "!b", "!untracked")).toBe(false);
  expect(await changed("*", "!*", "a")).toBe(true);
});

test("a given base goes before the default branch, and one that is unknown is an error", async () => {
  await using project = await place({ "app/a": "a" }, true);
  project.git("commit", "--quiet", "--allow-empty", "--message", "second");
  const [second, first] = project.git("log", "--format=%H").trim().split("\n");
  const base = (options: Partial<ExprHostOptions>) => hostOf(project, options).git("base");
  expect(await base({})).toEqual(ok(second!));
  expect(await base({ base: "HEAD~1" })).toEqual(ok(first!));
  expect(await base({ env: project.environment({ ZR_BASE: "HEAD~1" }) })).toEqual(ok(first!));
  expect(await base({ defaultBranch: "trunk" })).toEqual(ok(first!));
  expect(await base({ base: "nowhere" })).toEqual(
    err({ reason: "'nowhere' (--base) is no commit of this repository" }),
  );
  expect(await base({ base: "--all" })).toEqual(
    err({ reason: "'--all' (--base) is no commit of this repository" }),
  );
});

test("shell runs in the package folder without stdin and gives its exit code", async () => {
  await using project = await place({ "app/a": "" });
  const host = hostOf(project, { env: project.environment({ NAME: "x y" }) });
  expect(await host.shell('pwd; echo "$NAME"; cat; echo')).toEqual(
    ok({ output: `${project.path("app")}\nx y`, exitCode: 0 }),
  );
  expect(await host.shell("echo no; echo noise >&2; exit 3")).toEqual(ok({ output: "no", exitCode: 3 }));
  expect(await host.shell("kill -TERM $$")).toEqual(ok({ output: "", exitCode: 128 + 15 }));
  expect(await hostOf(project, { packageDir: "gone" }).shell("true")).toEqual(
    err({ reason: `the shell sh can't be started in ${project.path("gone")}` }),
  );
});

test("shell is killed with all it has started at its time limit", async () => {
  await using project = await place({ "app/a": "" });
  const host = hostOf(project, { shellLimitMs: 50 });
  const answer = await host.shell("trap '' TERM; setsid sleep 1000 & sleep 1000 & wait");
  expect(answer).toEqual(err({ reason: "timed out after 0.05 s" }));
  expect(project.processes()).toEqual([]);
});

test("what shell leaves in the background neither holds it up nor lives on", async () => {
  await using project = await place({ "app/a": "" });
  expect(await hostOf(project).shell("sleep 1000 & echo done")).toEqual(ok({ output: "done", exitCode: 0 }));
  expect(project.processes()).toEqual([]);
});

test("a refused shell runs nothing", async () => {
  await using project = await place({ "app/a": "" });
  const host = hostOf(project, { shellRefusal: "it is switched off" });
  expect(host.shellRefusal).toBe("it is switched off");
  expect(await host.shell("touch ran")).toEqual(err({ reason: "it is switched off" }));
  expect(project.exists("app/ran")).toBe(false);
});

test("tools are found on the PATH of the task and asked for their version", async () => {
  await using project = await place({ "app/a": "" });
  install(project, "long", 'echo "long version v1.22.3-rc.1+b2 (built 2020.1.1)"');
  install(project, "short", 'echo "short 4.3"');
  install(project, "sub", '[ "$1" = version ] && echo "sub sub1.22.0 linux/amd64"');
  install(project, "loud", "echo 'loud 17.0.1' >&2");
  const env = install(project, "mute", "echo hello");
  const host = hostOf(project, { env });
  expect(await host.which("long")).toEqual(ok(project.path("bin/long")));
  expect(await host.which("missing-tool")).toEqual(ok(null));
  const versions = {
    long: "1.22.3-rc.1+b2",
    short: "4.3",
    sub: "1.22.0",
    loud: "17.0.1",
    "missing-tool": null,
  };
  for (const [tool, version] of Object.entries(versions))
    expect(await host.toolVersion(tool)).toEqual(ok(version));
  expect(await host.toolVersion("mute")).toEqual(err({ reason: "mute does not say its version" }));
});

test("a question is asked once a run, however many packages' hosts ask it at once", async () => {
  await using project = await place({ "app/a": "", "lib/a": "" }, true);
  const env = install(project, "git", "echo asked >> asked; echo x");
  const memo = createExprMemo();
  const hosts = [hostOf(project, { memo, env }), hostOf(project, { memo, env })];
  const other = hostOf(project, { memo, env, packageDir: "lib" });
  const count = (host: ExprHost) => host.shell("echo run >> ../runs");
  await Promise.all([...hosts.map(count), count(hosts[0]!)]);
  expect(project.read("runs")).toBe("run\n");
  await count(other);
  expect(project.read("runs")).toBe("run\nrun\n");
  await Promise.all([...hosts, other].map((host) => host.git("sha")));
  expect(project.read("asked")).toBe("asked\n");
  const { ok: isAnswered } = await hosts[0]!.fileExists("late");
  project.write("app/late", "");
  expect([isAnswered, await hosts[1]!.fileExists("late")]).toEqual([true, ok(false)]);
});
