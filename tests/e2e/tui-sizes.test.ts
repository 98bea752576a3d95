import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import { chosen, CONFIG, gone, openTui, press } from "./tui-screen";

describe("the mouse", () => {
  const click = (row: number, column: number): string =>
    `\x1b[<0;${column + 1};${row + 1}M\x1b[<0;${column + 1};${row + 1}m`;

  test("a click chooses a line, the wheel scrolls what is below it", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await openTui(project);
    expect(terminal.modes()).toMatchObject({ mouse: "vt200" });
    terminal.type(click(4, 3));
    await chosen(terminal, "test");
    terminal.type("\x1b[<65;3;5M");
    await chosen(terminal, "deploy");
    terminal.type("\x1b[<64;3;5M\x1b[<64;3;5M\x1b[<64;3;5M");
    await chosen(terminal, "build");
    press(terminal, "run");
    const build = await project.command("build").started();
    await build.print(Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join(""));
    await terminal.waitForScreen("line 39");
    terminal.type("\x1b[<64;60;5M");
    await terminal.waitForScreen(/line 36\n/);
    await gone(terminal, "line 37");
    build.exit();
  });
});

describe("other sizes", () => {
  test("at 40 columns list and log take turns, at 200 both are there, and a resize shows all again", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await project.terminal({ cols: 40, rows: 12 }, "tui");
    await terminal.waitForScreen(/tasks +7\n/);
    press(terminal, "run");
    const build = await project.command("build").started();
    await build.print("a line of the log\n");
    press(terminal, "focus", 1);
    await terminal.waitForScreen(/build {2}running[^]*a line of the log/);
    expect(Math.max(...terminal.screen().map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(40);
    terminal.resize(200, 60);
    await terminal.waitForScreen(/tasks +7 │[^]*release[^]*/);
    await terminal.waitForScreen(/│ a line of the log/);
    terminal.resize(20, 3);
    await terminal.waitForScreen(/\? help/);
    build.exit();
    terminal.resize(80, 24);
    await terminal.waitForScreen("build is done");
  });

  test("a thousand tasks are listed, filtered and run", async () => {
    const tasks = Array.from({ length: 1000 }, (_, index) => `task-${index} = "true"`).join("\n");
    await using project = await makeProject({ "zr.toml": `[tasks]\n${tasks}\nall = "${cmd("all")}"` });
    const terminal = await project.terminal({ cols: 80, rows: 24 }, "tui");
    await terminal.waitForScreen(/tasks +1001/);
    press(terminal, "last");
    await chosen(terminal, "all");
    press(terminal, "find");
    terminal.type("task-99");
    await terminal.waitForScreen(/11 of 1001[^]*▸. task-99 /);
    terminal.type("9\r");
    await chosen(terminal, "task-999");
    press(terminal, "run");
    await terminal.waitForScreen("task-999 is done");
  });

  test("without Unicode there is nothing but ASCII", async () => {
    await using project = await makeProject(CONFIG);
    const terminal = await project.terminal({ cols: 80, rows: 20, env: { LANG: "C", LC_ALL: "C" } }, "tui");
    await terminal.waitForScreen(/tasks .*\|[^]*> {2}build/);
    press(terminal, "run");
    (await project.command("build").started()).exit(1);
    await terminal.waitForScreen("x build failed: exit code 1");
    press(terminal, "graph");
    await terminal.waitForScreen("build needs");
    press(terminal, "history");
    await terminal.waitForScreen(/>x build +just now/);
    // oxlint-disable-next-line no-control-regex
    expect(terminal.raw()).toMatch(/^[\x00-\x7f]*$/);
  });
});
