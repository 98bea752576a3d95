import { readFileSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { KEY_MAP } from "#frontends/tui/key-map";
import type { Action } from "#frontends/tui/key-map";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { choose, chosen, CONFIG, gone, openTui, press, tried } from "./tui-screen";

describe("run", () => {
  test("Enter runs the chosen task with what it needs, and its output is followed", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    await choose(terminal, "test");
    press(terminal, "run");
    const build = await project.command("build").started();
    await terminal.waitForScreen(/● build +\d+s/);
    build.exit();
    const tests = await project.command("test").started();
    await tests.print("first line\nsecond");
    await terminal.waitForScreen(/│ first line[^]*│ second/);
    await tests.print(" line\n");
    await terminal.waitForScreen("│ second line");
    tests.exit(3);
    await terminal.waitForScreen(/✗ test failed: exit code 3/);
    await terminal.waitForScreen(/✓ build[^]*▸✗ test/);
    await terminal.waitForScreen("test failed (test)");
  });

  test("Enter while the task runs says so and starts nothing; x stops it, and only it", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "run");
    const build = await project.command("build").started();
    press(terminal, "run");
    await terminal.waitForScreen("build is running; x stops it");
    await choose(terminal, "lint");
    press(terminal, "cancel");
    await terminal.waitForScreen("lint is not running");
    press(terminal, "run");
    const lint = await project.command("lint").started();
    press(terminal, "cancel");
    await lint.signalled("SIGTERM");
    await terminal.waitForScreen(/■ lint canceled: stopped on request/);
    await build.print("goes on\n");
    await choose(terminal, "build");
    await terminal.waitForScreen("goes on");
    build.exit();
    await terminal.waitForScreen("build is done");
    expect(project.command("build").count).toBe(1);
  });

  test("X stops everything", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "run");
    const build = await project.command("build").started();
    await choose(terminal, "lint");
    press(terminal, "run");
    const lint = await project.command("lint").started();
    press(terminal, "cancel-all");
    await Promise.all([build.signalled("SIGTERM"), lint.signalled("SIGTERM")]);
    await terminal.waitForScreen(/■ build[^]*■ lint/);
    press(terminal, "cancel-all");
    await terminal.waitForScreen("nothing is running");
  });

  test("r runs the task again as the last time; a asks for arguments and keeps what they were", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    await choose(terminal, "deploy");
    press(terminal, "run");
    await terminal.waitForScreen("needs where");
    terminal.type("here\r");
    const first = await project.command("deploy").started();
    expect(first.args).toEqual(["here"]);
    first.exit();
    await terminal.waitForScreen("deploy is done");
    press(terminal, "retry");
    const second = await project.command("deploy").started();
    expect(second.args).toEqual(["here"]);
    await gone(terminal, "deploy is done");
    second.exit();
    await terminal.waitForScreen("deploy is done");
    press(terminal, "run-with-arguments");
    await terminal.waitForScreen("arguments: here");
    terminal.type("\x15there\r");
    const third = await project.command("deploy").started();
    expect(third.args).toEqual(["there"]);
    third.exit();
  });

  test("R runs again only what failed", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "retry-failed");
    await terminal.waitForScreen("nothing has been run here yet");
    await choose(terminal, "test");
    press(terminal, "run");
    (await project.command("build").started()).exit();
    (await project.command("test").started()).exit(1);
    await terminal.waitForScreen("test failed (test)");
    press(terminal, "retry-failed");
    (await project.command("test").started()).exit();
    await terminal.waitForScreen("test is done");
    expect(project.command("build").count).toBe(1);
    press(terminal, "retry-failed");
    await terminal.waitForScreen("nothing has failed in the last run");
  });

  test("p holds the processes of a task and lets them go on; one that is held can be stopped", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "run");
    const build = await project.command("build").started();
    const state = (): string => processState(build.pid);
    await terminal.waitForScreen("running");
    press(terminal, "pause");
    await terminal.waitForScreen("build is paused; p lets it go on");
    await until(
      () => state() === "T",
      "the task to be held",
      () => terminal.transcript(),
    );
    press(terminal, "pause");
    await terminal.waitForScreen("build goes on");
    await until(
      () => state() !== "T",
      "the task to go on",
      () => terminal.transcript(),
    );
    press(terminal, "pause");
    await until(
      () => state() === "T",
      "the task to be held",
      () => terminal.transcript(),
    );
    press(terminal, "cancel");
    await terminal.waitForScreen(/■ build canceled/);
  });

  test("a question of a task is asked at the foot", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    await choose(terminal, "ask");
    press(terminal, "run");
    await terminal.waitForScreen("really? [y/N]");
    terminal.type("n");
    await terminal.waitForScreen(/ask \S*: not confirmed/);
    press(terminal, "run");
    await terminal.waitForScreen("really? [y/N]");
    terminal.type("y");
    (await project.command("ask").started()).exit();
    await terminal.waitForScreen("ask is done");
  });

  test("a workflow runs, its tasks' lines with their names; what no list shows is shown while it runs", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    await choose(terminal, "release");
    press(terminal, "run");
    const lint = await project.command("lint").started();
    await lint.print("clean\n");
    await terminal.waitForScreen(/▶ first[^]*lint │ clean/);
    lint.exit();
    await terminal.waitForScreen(/✓ release/);
    await choose(terminal, "shown");
    press(terminal, "run");
    const hidden = await project.command("hidden").started();
    await hidden.print("from below\n");
    await terminal.waitForScreen("_hidden │ from below");
    await terminal.waitForScreen(/● _hidden/);
    hidden.exit();
    await terminal.waitForScreen("shown is done");
  });

  test("a task that can't be run says why as every command does", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    project.write("zr.toml", `[tasks]\nbuild = { cmd = "true", deps = ["biuld"] }`);
    press(terminal, "run");
    await terminal.waitForScreen(/error\[E\d+\][^]*zr\.toml:2/);
  });
});

test("what the configuration says now is run, and its new tasks join the list", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nbuild = "${cmd("before")}"` });
  const terminal = await openTui(project);
  project.write("zr.toml", `[tasks]\nbuild = "${cmd("after")}"\nadded = "true"`);
  press(terminal, "run");
  const after = await project.command("after").started();
  await terminal.waitForScreen(/● build[^]*added/);
  after.exit();
  await terminal.waitForScreen("build is done");
});

test("a task that is stopped is not tried again", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nbuild = { cmd = "${cmd("build")}", retry = 3 }\nnext = { cmd = "${cmd("next")}", deps = ["build"] }`,
  });
  const terminal = await openTui(project);
  press(terminal, "down");
  await chosen(terminal, "next");
  press(terminal, "run");
  const build = await project.command("build").started();
  press(terminal, "up");
  await chosen(terminal, "build");
  await terminal.waitForScreen(/● build/);
  press(terminal, "cancel");
  await build.signalled("SIGTERM");
  await terminal.waitForScreen(/■ build[^]*■ next[^]*next was stopped/);
  expect(project.command("build").count).toBe(1);
});

describe("look", () => {
  test("/ filters the list as it is typed, # by tag, Esc takes the filter away", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "find");
    terminal.type("li");
    await terminal.waitForScreen(/1 of 7[^]*▸. lint/);
    await gone(terminal, "build");
    terminal.type("\x15#ci");
    await terminal.waitForScreen(/1 of 7[^]*▸. build/);
    terminal.type("\r");
    await terminal.waitForScreen("q leave");
    press(terminal, "back");
    await terminal.waitForScreen(/lint[^]*release/);
  });

  test("/ searches the log, n and N go from match to match, f follows again, w and the sides show long lines", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "run");
    const build = await project.command("build").started();
    const lines = Array.from(
      { length: 60 },
      (_, index) => `line ${index}${index % 20 === 5 ? " needle" : ""}\n`,
    );
    await build.print(`${lines.join("")}${"long ".repeat(30)}END\n`);
    await terminal.waitForScreen("END");
    press(terminal, "wrap");
    await gone(terminal, "END");
    for (let step = 0; step < 14; step += 1) press(terminal, "right");
    await terminal.waitForScreen("END");
    for (let step = 0; step < 14; step += 1) press(terminal, "left");
    await terminal.waitForScreen("line 59");
    press(terminal, "focus");
    press(terminal, "first");
    await terminal.waitForScreen(/│ line 0\n/);
    press(terminal, "page-down");
    await gone(terminal, "│ line 15");
    press(terminal, "page-up");
    press(terminal, "up");
    await terminal.waitForScreen(/│ line 0\n/);
    press(terminal, "down");
    await gone(terminal, "│ line 0");
    press(terminal, "find");
    terminal.type("NEEDLE");
    await terminal.waitForScreen("'NEEDLE' is not in this log");
    terminal.type("\x15needle\r");
    await terminal.waitForScreen(/│>line 5 needle/);
    press(terminal, "next-match");
    await terminal.waitForScreen(/│>line 25 needle/);
    press(terminal, "previous-match");
    await terminal.waitForScreen(/│>line 5 needle/);
    press(terminal, "follow");
    await terminal.waitForScreen(/follow[^]*line 59/);
    await build.print("after\n");
    await terminal.waitForScreen("│ after");
    press(terminal, "follow");
    press(terminal, "last");
    await terminal.waitForScreen("follow");
    press(terminal, "back");
    await gone(terminal, "/needle");
    build.exit();
    await terminal.waitForScreen("build is done");
  });

  test("e leaves only what failed; g shows what a task needs with how that stands", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    await choose(terminal, "test");
    press(terminal, "run");
    (await project.command("build").started()).exit(1);
    await terminal.waitForScreen("test failed (build)");
    press(terminal, "failed-only");
    await terminal.waitForScreen(/failed +2 of 7/);
    await gone(terminal, "lint");
    press(terminal, "failed-only");
    await terminal.waitForScreen("lint");
    press(terminal, "graph");
    await terminal.waitForScreen(/test needs[^]*test \(blocked\)[^]*✗ └─ build \(failed\)/);
    press(terminal, "up");
    await terminal.waitForScreen("lint needs");
    press(terminal, "graph");
    await terminal.waitForScreen("Enter runs it");
  });

  test("h shows past runs, Enter their logs; how tasks ended is known from before", async () => {
    await using project = await makeProject(CONFIG);
    const past = project.zr("run", "lint");
    const lint = await project.command("lint").started();
    await lint.print("said before\n");
    lint.exit(4);
    await past.expect({ code: 4, stdout: anything, stderr: anything });
    const terminal = await openTui(project);
    await terminal.waitForScreen(/✗ lint/);
    press(terminal, "history");
    await terminal.waitForScreen(/past runs[^]*▸✗ lint +just now[^]*lint failed: exit code 4/);
    press(terminal, "run");
    await terminal.waitForScreen(/==> lint <==[^]*said before/);
    press(terminal, "back");
    await terminal.waitForScreen(/tasks .*│/);
  });

  test("y copies the log to the terminal's clipboard", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "run");
    const build = await project.command("build").started();
    await build.print("one\n");
    await terminal.waitForScreen("│ one");
    press(terminal, "copy");
    await terminal.waitForScreen("1 line copied");
    expect(terminal.raw()).toContain(`\x1b]52;c;${Buffer.from("one\n").toString("base64")}`);
    build.exit();
  });

  test("? shows every key, whatever the size; any of ?, Esc and q takes it away", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    press(terminal, "help");
    await terminal.waitForScreen(/Look[^]*run the task/);
    terminal.resize(80, 40);
    for (const { does } of KEY_MAP) await terminal.waitForScreen(does);
    await terminal.waitForScreen("wheel scrolls");
    terminal.resize(40, 12);
    // Where there is no room for two columns of keys, this group stands below the first.
    await terminal.waitForScreen(/^ Look$/m);
    for (let page = 0; page < 6; page += 1) press(terminal, "page-down");
    await terminal.waitForScreen("wheel scrolls");
    press(terminal, "page-up");
    await gone(terminal, "wheel scrolls");
    terminal.resize(80, 20);
    press(terminal, "back");
    await terminal.waitForScreen(/tasks .*│/);
  });

  test("Ctrl-L draws all anew", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    const before = terminal.raw().length;
    press(terminal, "redraw");
    await until(
      () => /deploy[^]*release/.test(terminal.raw().slice(before)),
      "the screen to be drawn again",
      () => terminal.transcript(),
    );
  });
});

test("every key that the help names has been tried", () => {
  // Those that leave are tried in tui-terminal.test.ts.
  const known = new Set<Action>([...tried, "quit", "interrupt", "suspend"]);
  expect(KEY_MAP.map(({ action }) => action).filter((action) => !known.has(action))).toEqual([]);
});

/** `T`: stopped by a signal (proc(5)). */
function processState(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0] ?? "";
}
