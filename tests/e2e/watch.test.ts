import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { end, finish, reruns, waits } from "./watching";

describe("what a change runs again", () => {
  test("the tasks whose files it is and their dependents, never what they need", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        build = { cmd = "${cmd("build")}", watch = ["src/**"] }
        test = { cmd = "${cmd("test")}", deps = ["build"], watch = ["tests/**"] }
        lint = { cmd = "${cmd("lint")}", watch = ["src/**", "tests/**"] }
      `,
      "src/a.txt": "a",
      "tests/t.txt": "t",
    });
    const run = project.zr("watch", "test", "lint");
    await Promise.all([finish(project, "build"), finish(project, "test"), finish(project, "lint")]);
    await waits(run, 1);
    project.put("tests/t.txt", "other");
    await Promise.all([finish(project, "test"), finish(project, "lint")]);
    await waits(run, 2);
    project.put("src/new/b.txt", "b");
    await Promise.all([finish(project, "build"), finish(project, "test"), finish(project, "lint")]);
    await waits(run, 3);
    expect(reruns(run)).toEqual([
      "changed: tests/t.txt → lint, test",
      "changed: src/new/b.txt → lint, build, test",
    ]);
    expect(["build", "test", "lint"].map((name) => project.command(name).count)).toEqual([2, 3, 3]);
    await end(run);
  });

  test("by its inputs where a task has no watch, by any file of its own package where it has neither", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [workspace]
        members = ["app"]
        [tasks.docs]
        cmd = "true"
        inputs = ["docs/**", "!docs/draft.md", "//app/api.md"]
        [tasks.root]
        cmd = "true"
      `,
      "app/zr.toml": `[tasks]\nall = "true"`,
      "app/api.md": "",
      "docs/a.md": "",
    });
    const run = project.zr("watch", "docs", "root", "app:all", "--events", "-");
    await waits(run, 1);
    project.put("docs/draft.md", "1");
    await waits(run, 2);
    project.put("docs/a.md", "1");
    await waits(run, 3);
    project.put("app/deep/er/file", "1");
    await waits(run, 4);
    project.put("app/api.md", "1");
    await waits(run, 5);
    expect(reruns(run)).toEqual([
      "changed: docs/draft.md → root",
      "changed: docs/a.md → docs, root",
      "changed: app/deep/er/file → app:all",
      "changed: app/api.md → docs, app:all",
    ]);
    await end(run);
  });

  test("what a run needs and what had not ended well is run again with it", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        build = { cmd = "${cmd("build")}", watch = ["src/**"] }
        test = { cmd = "${cmd("test")}", deps = ["build"], watch = ["tests/**"] }
      `,
    });
    const run = project.zr("watch", "test");
    await finish(project, "build", 1);
    await waits(run, 1);
    project.put("tests/t", "1");
    await finish(project, "build");
    await finish(project, "test");
    await waits(run, 2);
    expect(reruns(run)).toEqual(["changed: tests/t → build, test"]);
    await end(run);
  });

  test("called tasks go with their callers, handlers with what they handle", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        step = { cmd = "echo step", watch = ["step/**"] }
        main = { cmds = ["echo main", { task = "step" }], watch = ["main/**"], finally = "clean" }
        clean = { cmd = "echo clean", watch = ["main/**"] }
        other = { cmd = "echo other", watch = ["other/**"] }
      `,
    });
    const run = project.zr("watch", "main", "other", "--output", "prefixed");
    await waits(run, 1);
    await run.waitForOutput(/^(?:.*\n){4}/, "stdout");
    project.put("step/x", "1");
    await waits(run, 2);
    const printed = await run.waitForOutput(/^(?:.*\n){7,}/, "stdout");
    const lines = printed.trim().split("\n").slice(4);
    expect(lines.map((line) => line.replace(/^.*│ /, "")).sort()).toEqual(["clean", "main", "step"]);
    expect(reruns(run)).toEqual(["changed: step/x → main"]);
    await end(run);
  });

  test("a run under way goes on, and changes meanwhile make exactly one more", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [watch]
        debounce = "1ms"
        [tasks]
        test = { cmd = "${cmd("test")}", watch = ["src/**"] }
        other = { cmd = "true", watch = ["src/**"] }
      `,
    });
    const run = project.zr("watch", "test");
    const first = await project.command("test").started();
    // Another watch of the same files says when a change has been noticed.
    const other = project.zr("watch", "other");
    await waits(other, 1);
    for (let round = 0; round < 6; round += 1) {
      project.put(`src/${round % 3}`, `round ${round}`);
      await waits(other, round + 2);
    }
    expect(project.command("test").count).toBe(1);
    first.exit();
    const second = await project.command("test").started();
    second.exit();
    await waits(run, 1);
    expect(reruns(run)).toEqual(["changed: src/0, src/1, src/2 → test"]);
    expect(project.command("test").count).toBe(2);
    await end(run);
  });

  test("nothing is lost when more happens than the system keeps for a program that is stopped", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.t]\ncmd = "ls src/last src/deep/er"\nwatch = ["src/last", "src/deep/**"]`,
      "src/busy": "",
    });
    const run = project.zr("watch", "t");
    await waits(run, 1);
    run.kill("SIGSTOP");
    // Linux keeps 16,384 events of a program; each of these makes four.
    for (let file = 0; file < 6000; file += 1) {
      writeFileSync(project.path(`src/${file}.tmp`), "text");
      renameSync(project.path(`src/${file}.tmp`), project.path(`src/${file}`));
    }
    project.put("src/last", "1");
    project.put("src/deep/er/file", "1");
    run.kill("SIGCONT");
    await waits(run, 2);
    expect(reruns(run)).toEqual([
      expect.stringMatching(/^changed: src\/(deep\/er\/file, src\/last|last, src\/deep\/er\/file) → t$/),
    ]);
    await end(run);
  });

  test("files of folders that are made, moved and replaced are noticed at once", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.t]\ncmd = "true"\nwatch = ["src/**"]`,
      "elsewhere/deep/file": "1",
    });
    const run = project.zr("watch", "t");
    await waits(run, 1);
    mkdirSync(project.path("src/a/b"), { recursive: true });
    writeFileSync(project.path("src/a/b/new"), "");
    await waits(run, 2);
    renameSync(project.path("elsewhere"), project.path("src/moved"));
    await waits(run, 3);
    project.put("src/moved/deep/file", "2");
    await waits(run, 4);
    project.remove("src/moved");
    await waits(run, 5);
    expect(reruns(run)).toEqual([
      "changed: src/a/b/new → t",
      "changed: src/moved/deep/file → t",
      "changed: src/moved/deep/file → t",
      "changed: src/moved/deep/file → t",
    ]);
    await end(run);
  });
});

describe("the end", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s while it waits ends with %d", async (signal, code) => {
    await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"` });
    const run = project.zr("watch", "a");
    await waits(run, 1);
    run.kill(signal);
    await run.expect({ code, stdout: anything, stderr: anything });
  });

  test("a signal during a run stops it, lets clean-ups run and ends", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\na = { cmd = "${cmd("a")}", finally = "clean" }\nclean = "echo cleaned"`,
    });
    const run = project.zr("watch", "a", "--raw");
    const a = await project.command("a").started();
    run.kill("SIGTERM");
    await a.closed;
    await run.expect({ code: 143, stdout: "cleaned\n", stderr: /interrupted by SIGTERM/ });
    expect(project.processes()).toEqual([]);
  });

  test("a second signal kills what does not want to end", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\na = { cmd = "${cmd("a")}", grace_period = "1h" }`,
    });
    const run = project.zr("watch", "a");
    const a = await project.command("a").started();
    await a.trap("SIGTERM");
    run.kill("SIGINT");
    await a.signalled("SIGTERM");
    run.kill("SIGINT");
    await run.expect({ code: 130, stdout: anything, stderr: anything });
    expect(project.processes()).toEqual([]);
  });
});

describe("options", () => {
  test("those of run mean the same: profile, --only, --set, -e, arguments, zr run --watch", async () => {
    await using project = await makeProject({
      "zr.toml": `
        vars.who = "nobody"
        [tasks]
        dep = "echo dep"
        hello = { cmd = 'echo "$GREETING" "$@"', deps = ["dep"], env = { WHO = "\${vars.who}" }, watch = ["x/**"] }
        [profiles.loud.env]
        GREETING = "HELLO"
      `,
    });
    for (const words of [["watch"], ["run", "--watch"]]) {
      const run = project.zr(...words, "hello", "-p", "loud", "--only", "--raw", "--", "you");
      await waits(run, 1);
      project.put("x/y", `${words.length}`);
      await waits(run, 2);
      run.kill("SIGINT");
      await run.expect({ code: 130, stdout: "HELLO you\nHELLO you\n", stderr: anything });
    }
  });

  test("--poll looks at the files, as [watch] poll does", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\na = "true"\n[profiles.slow.watch]\npoll = "20ms"`,
    });
    const given = project.zr("watch", "a", "--poll=20ms");
    const configured = project.zr("watch", "a", "-p", "slow");
    await Promise.all([waits(given, 1), waits(configured, 1)]);
    project.put("x", "1");
    await Promise.all([waits(given, 2), waits(configured, 2)]);
    for (const run of [given, configured]) {
      expect(run.stderr()).toContain("looking at the files every 20ms\n");
      await end(run);
    }
  });

  test("[watch] debounce, a task's own and a profile's say how long it is quiet first", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [watch]
        debounce = "1h"
        [tasks]
        quick = { cmd = "true", watch = { paths = ["quick/**"], debounce = "1ms" } }
        slow = { cmd = "true", watch = ["slow/**"] }
        [profiles.now.watch]
        debounce = "1ms"
      `,
      "quick/first": "",
      made: "1",
    });
    const run = project.zr("watch", "quick", "slow");
    await waits(run, 1);
    // One event: a file that is made and then written gives two, which may be further apart than the quiet lasts.
    renameSync(project.path("made"), project.path("quick/x"));
    await waits(run, 2);
    project.put("slow/x", "1");
    const now = project.zr("watch", "slow", "-p", "now");
    await waits(now, 1);
    project.put("slow/x", "2 is longer");
    await waits(now, 2);
    expect(reruns(run)).toEqual(["changed: quick/x → quick"]);
    await Promise.all([end(run), end(now)]);
  });

  test("without tasks it is a usage error; so are an unknown task, a bad interval and a glob that leads out", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        a = "true"
        out = { cmd = "true", watch = ["../**"] }
        rooted = { cmd = "true", watch = { paths = ["/etc/*"], ignore = ["//../x"] } }
      `,
    });
    const expectRefusal = (words: readonly string[], code: number, stderr: RegExp) =>
      project.zr("watch", ...words).expect({ code, stderr });
    await expectRefusal([], 2, /error\[E184\].*'zr watch' needs the name of a task, or --all/);
    await expectRefusal(["--all"], 2, /error\[E184\].*'zr watch --all' needs a task, or rules/);
    await expectRefusal(["b"], 2, /error\[E\d+\].*'b'/);
    await expectRefusal(["a", "--poll=often"], 2, /error\[E183\].*--poll.*often/);
    await expectRefusal(["a", "--poll=1ms"], 2, /error\[E183\].*--poll. must be .* or more/);
    await expectRefusal(["out"], 3, /error\[E280\].*glob '\.\.\/\*\*' of task 'out' leaves the workspace/);
    await expectRefusal(["rooted"], 3, /'\/etc\/\*'[^]*'\/\/\.\.\/x'/);
    project.write(
      "zr.toml",
      `[watch]\nignore = ["../x"]\nrules = { "../y" = "a", "z" = "b" }\n[tasks]\na = "true"`,
    );
    await expectRefusal(["a"], 3, /'\.\.\/x'[^]*'\.\.\/y'/);
    project.write("zr.toml", `[watch.rules]\nz = "aa"\n[tasks]\na = "true"`);
    await expectRefusal(["--all"], 3, /error\[E281\].*'aa'/);
  });
});

test("each run is kept in the history as one of zr run", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nt = { cmd = "true", watch = ["src/**"] }` });
  const run = project.zr("watch", "t", "--poll=20ms", "--label", "a=b");
  await waits(run, 1);
  project.put("src/x", "1");
  await waits(run, 2);
  await end(run);
  const { stdout } = await project.zr("history", "--json").expect({ stdout: anything, stderr: anything });
  expect(stdout.match(/"t"/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
  expect(stdout).not.toContain("--poll");
});
