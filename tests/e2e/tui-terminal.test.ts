import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { until } from "#tests/support/deadline";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import type { TerminalRun } from "#tests/support/terminal";

const CONFIG = { "zr.toml": `[tasks]\nbuild = "${cmd("build")}"\nother = "true"` };
const SHELL = { program: ["bash", "--norc", "--noprofile", "-i"] };

/** A shell with jobs in a terminal, and zr started in it. */
async function inShell(project: Project, command: string): Promise<TerminalRun> {
  const terminal = await project.terminal({ cols: 80, rows: 20, env: { PS1: "$ " } });
  await terminal.waitForScreen(/^\$ ?$/m);
  terminal.type(`${command}; echo "ended with $?"\n`);
  await terminal.waitForScreen(/ zr {2}project/);
  expect(terminal.modes()).toEqual({ screen: "alternate", mouse: "vt200", paste: true });
  return terminal;
}

/** The process number of the program that the shell runs. */
function zrOf({ pid }: TerminalRun): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return Number(children.at(-1));
}

/** Fails unless the terminal is as shells leave it: its screen, its cursor, what is typed shown, lines as a whole. */
async function expectRestored(terminal: TerminalRun): Promise<void> {
  const raw = terminal.raw();
  // The shell itself asks for marks around what is pasted, while it waits for a line.
  expect(terminal.modes()).toMatchObject({ screen: "normal", mouse: "none" });
  expect(raw.lastIndexOf("\x1b[?25h")).toBeGreaterThan(raw.lastIndexOf("\x1b[?25l"));
  expect(raw.lastIndexOf("\x1b[?7h")).toBeGreaterThan(raw.lastIndexOf("\x1b[?7l"));
  // A program that is started now finds the terminal as it is; the shell has manners of its own for itself.
  terminal.type(
    "stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(echo|icanon|isig|icrnl|opost)' | tr '\\n' ' '\n",
  );
  await terminal.waitForScreen(/^isig icanon echo|^icrnl|opost isig icanon echo/m);
  expect(terminal.screen().join("\n")).not.toMatch(/-(echo|icanon|isig|icrnl|opost) /);
}

const program = async (): Promise<string> => (await ensureBinary()).map((word) => `'${word}'`).join(" ");

describe("the terminal is as it was", () => {
  test("after q", async () => {
    await using project = await makeProject(CONFIG, SHELL);
    const terminal = await inShell(project, `${await program()} tui`);
    terminal.type("q");
    await terminal.waitForScreen("ended with 0");
    await expectRestored(terminal);
  });

  test("after Ctrl-C, which stops what runs", async () => {
    await using project = await makeProject(CONFIG, SHELL);
    const terminal = await inShell(project, `${await program()} tui`);
    terminal.press("enter");
    const build = await project.command("build").started();
    await build.trap("SIGTERM");
    terminal.press("ctrl-c");
    await build.signalled("SIGTERM");
    await terminal.waitForScreen("Ctrl-C again kills it");
    terminal.press("ctrl-c");
    await terminal.waitForScreen("ended with 130");
    expect(isAlive(build.pid)).toBe(false);
    await expectRestored(terminal);
  });

  test("after SIGTERM", async () => {
    await using project = await makeProject(CONFIG, SHELL);
    const terminal = await inShell(project, `${await program()} tui`);
    terminal.press("enter");
    const build = await project.command("build").started();
    process.kill(zrOf(terminal), "SIGTERM");
    await terminal.waitForScreen("ended with 143");
    expect(isAlive(build.pid)).toBe(false);
    await expectRestored(terminal);
  });

  test("after a bug, of which is told where it can be read", async () => {
    await using project = await makeProject(CONFIG, SHELL);
    const words = [
      process.execPath,
      "--no-env-file",
      "--no-install",
      join(REPOSITORY, "tests/support/broken-tui.ts"),
    ];
    const terminal = await inShell(project, words.map((word) => `'${word}'`).join(" "));
    terminal.type("j");
    await terminal.waitForScreen(/zr crashed: the view is broken[^]*ended with 4/);
    await expectRestored(terminal);
  });

  test("while the program is stopped by Ctrl-Z; fg draws all anew, and tasks go on meanwhile", async () => {
    await using project = await makeProject(CONFIG, SHELL);
    const terminal = await inShell(project, `${await program()} tui`);
    terminal.press("enter");
    const build = await project.command("build").started();
    terminal.press("ctrl-z");
    await terminal.waitForScreen("Stopped");
    await build.print("while away\n");
    await expectRestored(terminal);
    terminal.type("clear; fg\n");
    await terminal.waitForScreen(/▸● build[^]*│ while away/);
    expect(terminal.modes()).toEqual({ screen: "alternate", mouse: "vt200", paste: true });
    build.exit();
    await terminal.waitForScreen("build is done");
    terminal.type("jq");
    await until(
      () => terminal.modes().screen === "normal",
      "the screen to be left",
      () => terminal.transcript(),
    );
    await expectRestored(terminal);
  });
});

describe("leaving", () => {
  test("q asks where something runs: n stays, y stops it and leaves", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await project.terminal({}, "tui");
    await terminal.waitForScreen("build");
    terminal.press("enter");
    const build = await project.command("build").started();
    terminal.type("q");
    await terminal.waitForScreen("and leave? [y/N]");
    terminal.type("n");
    await terminal.waitForScreen("q leave");
    terminal.type("q");
    await terminal.waitForScreen("and leave? [y/N]");
    terminal.type("y");
    await build.signalled("SIGTERM");
    expect((await terminal.exited).code).toBe(0);
  });

  test("a task that wants the terminal gets it, and gives it back", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\nbuild = { cmd = "${cmd("build")}", interactive = true }`,
    });
    const terminal = await project.terminal({}, "tui");
    await terminal.waitForScreen("build");
    terminal.press("enter");
    const build = await project.command("build").started();
    expect(build.terminals).toEqual([true, true, true]);
    await build.print("on its own\n");
    await terminal.waitForScreen("on its own");
    expect(terminal.modes()).toMatchObject({ screen: "normal", mouse: "none" });
    // Keys are the task's.
    terminal.type("q\n");
    expect(await build.readLine()).toBe("q\n");
    build.exit();
    await terminal.waitForScreen("build is done");
    expect(terminal.modes()).toMatchObject({ screen: "alternate" });
    terminal.type("q");
    expect((await terminal.exited).code).toBe(0);
  });
});

describe("zr live", () => {
  test("runs the task with its log in front; q gives its exit code", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await project.terminal({ cols: 60, rows: 12 }, "live", "build");
    const build = await project.command("build").started();
    await build.print("said\n");
    await terminal.waitForScreen("│ said");
    build.exit(7);
    await terminal.waitForScreen("build failed: exit code 7");
    terminal.type("q");
    expect((await terminal.exited).code).toBe(7);
  });

  test("of a task that does not exist is refused with a suggestion, without a terminal too", async () => {
    await using project = await makeProject(CONFIG);
    await project.zr("live", "biuld").expect({ code: 2, stderr: /E160[^]*did you mean 'build'/ });
    await project.zr("live", "build").expect({ code: 2, stderr: /E302[^]*'zr live' needs a terminal/ });
    await project.zr("live").expect({ code: 2, stderr: /E184/ });
    await project.zr("interactive").expect({ code: 2, stderr: /E302[^]*'zr tui' needs a terminal/ });
  });
});

test("a terminal that can't move its cursor is none for zr tui", async () => {
  await using project = await makeProject(CONFIG);
  const terminal = await project.terminal({ cols: 80, rows: 10, env: { TERM: "dumb" } }, "tui");
  expect((await terminal.exited).code).toBe(2);
  expect(terminal.raw()).toContain("'zr tui' needs a terminal");
});

describe("zr alone on a terminal", () => {
  test("lets a task be chosen as its name is typed, and runs it as zr run does", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await project.terminal({ cols: 60, rows: 10 });
    await terminal.waitForScreen(/what shall be run[^]*▸ build/);
    terminal.type("oth");
    await terminal.waitForScreen(/1 of 2[^]*▸ other/);
    terminal.type("\x15bui\r");
    const build = await project.command("build").started();
    await build.print("from the task\n");
    build.exit(3);
    expect((await terminal.exited).code).toBe(3);
    expect(terminal.scrollback().join("\n")).toMatch(/^\$ zr run build\nfrom the task\n/);
    expect(terminal.modes()).toEqual({ screen: "normal", mouse: "none", paste: false });
  });

  test("Esc takes the filter away, then leaves; Ctrl-C leaves with 130; Tab shows all tasks", async () => {
    await using project = await makeProject(CONFIG);
    const first = await project.terminal({ cols: 60, rows: 10 });
    await first.waitForScreen("▸ build");
    first.type("x");
    await first.waitForScreen("nothing fits");
    first.press("escape");
    await first.waitForScreen("▸ build");
    first.press("escape");
    expect((await first.exited).code).toBe(0);
    const second = await project.terminal({ cols: 60, rows: 10 });
    await second.waitForScreen("▸ build");
    second.press("ctrl-c");
    expect((await second.exited).code).toBe(130);
    const third = await project.terminal({ cols: 60, rows: 10 });
    await third.waitForScreen("▸ build");
    third.type("oth\t");
    await third.waitForScreen(/tasks \/oth[^]*▸. other/);
    third.type("q");
    expect((await third.exited).code).toBe(0);
  });

  test("asks for what a task needs", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\ndeploy = { cmd = "${cmd("deploy")} \${args.where}", args = [{ name = "where", required = true }] }`,
    });
    const terminal = await project.terminal({ cols: 60, rows: 10 });
    await terminal.waitForScreen("▸ deploy");
    terminal.press("enter");
    await terminal.waitForScreen("deploy needs where:");
    terminal.type("prod\r");
    const deploy = await project.command("deploy").started();
    expect(deploy.args).toEqual(["prod"]);
    deploy.exit();
    expect((await terminal.exited).code).toBe(0);
  });

  test("lists where nobody can choose: --no-input, --json, a dumb terminal, nothing to run", async () => {
    await using project = await makeProject(CONFIG);
    const listed = await project.zr("list").expect({ stdout: anything });
    const lines = listed.stdout.trimEnd().split("\n");
    for (const [words, env] of [
      [["--no-input"], {}],
      [[], { TERM: "dumb" }],
      [[], { CI: "true" }],
    ] as const) {
      const terminal = await project.terminal({ env }, ...words);
      expect((await terminal.exited).code).toBe(0);
      expect(terminal.screen().map((line) => line.trimEnd())).toEqual(lines.map((line) => line.trimEnd()));
    }
    const json = await project.terminal({}, "--json");
    expect((await json.exited).code).toBe(0);
    expect(json.scrollback().join("")).toContain('"tasks"');
  });
});
