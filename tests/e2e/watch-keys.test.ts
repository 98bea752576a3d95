import { expect, test } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import type { TerminalRun } from "#tests/support/terminal";

const SIZE = { cols: 100, rows: 40 };

/** Waits until zr has said for the n-th time that it waits. */
const waits = (terminal: TerminalRun, times: number): Promise<readonly string[]> =>
  terminal.waitForScreen(new RegExp(`(?:^watching [^]*?){${times}}`, "m"));

const reruns = (terminal: TerminalRun): string[] => terminal.screen().filter((line) => line.includes(" → "));

async function finish(project: Project, name: string, code = 0): Promise<void> {
  (await project.command(name).started()).exit(code);
}

const TWO_TASKS = {
  "zr.toml": `
    [tasks]
    a = { cmd = "${cmd("a")}", watch = ["a/**"] }
    b = { cmd = "${cmd("b")}", watch = ["b/**"] }
  `,
};

test("r runs the last again, a all, f what failed; q ends with 0", async () => {
  await using project = await makeProject(TWO_TASKS);
  const terminal = await project.terminal(SIZE, "watch", "a", "b", "--keep-going");
  await Promise.all([finish(project, "a"), finish(project, "b", 1)]);
  await waits(terminal, 1);
  terminal.type("f");
  await finish(project, "b", 1);
  await waits(terminal, 2);
  project.put("a/x", "1");
  await finish(project, "a");
  await waits(terminal, 3);
  terminal.type("r");
  await finish(project, "a");
  await waits(terminal, 4);
  terminal.type("a");
  await Promise.all([finish(project, "a"), finish(project, "b")]);
  await waits(terminal, 5);
  terminal.type("f");
  await terminal.waitForScreen("nothing has failed");
  terminal.type("q");
  expect((await terminal.exited).code).toBe(0);
  expect(reruns(terminal)).toEqual([
    "run what failed → b",
    "changed: a/x → a",
    "run again → a",
    "run all → a, b",
  ]);
});

test("a key during a run is done after it", async () => {
  await using project = await makeProject(TWO_TASKS);
  const terminal = await project.terminal(SIZE, "watch", "a");
  const first = await project.command("a").started();
  terminal.type("r");
  terminal.type("r");
  terminal.type("h");
  await terminal.waitForScreen("q quit");
  expect(project.command("a").count).toBe(1);
  first.exit();
  await finish(project, "a");
  await waits(terminal, 1);
  expect(project.command("a").count).toBe(2);
});

test("p keeps changes until it is pressed again; h says what keys there are", async () => {
  await using project = await makeProject(TWO_TASKS);
  const terminal = await project.terminal(SIZE, "watch", "a", "b");
  await Promise.all([finish(project, "a"), finish(project, "b")]);
  await waits(terminal, 1);
  terminal.type("p");
  await terminal.waitForScreen("paused; p to go on");
  project.put("a/x", "1");
  // What is asked for by hand is done all the same, and the changes with it are not forgotten.
  terminal.type("h");
  await terminal.waitForScreen("r run again · a run all · f run what failed · p pause · c clear · q quit");
  expect(project.command("a").count).toBe(1);
  terminal.type("p");
  await finish(project, "a");
  await terminal.waitForScreen("changed: a/x → a");
});

test("c clears the screen, and so does [watch] clear before a run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [watch]
      clear = true
      [tasks]
      a = { cmd = "echo one; echo two", watch = ["a/**"] }
    `,
  });
  const terminal = await project.terminal(SIZE, "watch", "a");
  await waits(terminal, 1);
  terminal.type("c");
  await terminal.waitForScreen(/^$/);
  terminal.type("r");
  await waits(terminal, 1);
  project.put("a/x", "1");
  await terminal.waitForScreen("changed: a/x → a");
  await waits(terminal, 1);
  expect(terminal.screen()[0]).toBe("changed: a/x → a");
});

test("Ctrl-C stops what runs, lets clean-ups run, ends with 130 and leaves the terminal as it was", async () => {
  const [binary = ""] = await ensureBinary();
  const script = `"${binary}" "$@"; code=$?; stty -a | grep -q -- -icanon || echo "usual manners"; exit $code`;
  await using project = await makeProject(
    { "zr.toml": `[tasks]\na = { cmd = "${cmd("a")}", finally = "clean" }\nclean = "echo cleaned"` },
    { program: ["sh", "-c", script, "sh"] },
  );
  const terminal = await project.terminal(SIZE, "watch", "a");
  const a = await project.command("a").started();
  terminal.press("ctrl-c");
  await a.closed;
  expect((await terminal.exited).code).toBe(130);
  expect(terminal.screen()).toContain("cleaned");
  expect(terminal.screen()).toContain("usual manners");
  expect(project.processes()).toEqual([]);
});

test("an interactive task has the terminal while it runs, and the keys work after it", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.ask]\ncmd = "${cmd("ask")}"\ninteractive = true\nwatch = ["x/**"]`,
  });
  const terminal = await project.terminal(SIZE, "watch", "ask");
  const ask = await project.command("ask").started();
  const line = ask.readLine();
  terminal.type("quite\r");
  expect(await line).toBe("quite\n");
  ask.exit();
  await waits(terminal, 1);
  terminal.type("r");
  await finish(project, "ask");
  await waits(terminal, 2);
  terminal.type("q");
  expect((await terminal.exited).code).toBe(0);
});

test("a question is answered on the terminal, its letters are no keys", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "${cmd("a")}"\nconfirm = "Sure?"\nwatch = ["x/**"]`,
  });
  const terminal = await project.terminal(SIZE, "watch", "a");
  await terminal.waitForScreen("Sure? [y/N]");
  terminal.type("y\r");
  await finish(project, "a");
  await waits(terminal, 1);
  project.put("x/y", "1");
  await terminal.waitForScreen(/Sure\?[^]*Sure\? \[y\/N\]/);
  terminal.type("q\r");
  await waits(terminal, 2);
  expect(terminal.hasExited).toBe(false);
  expect(project.command("a").count).toBe(1);
});

test("without a terminal it works by itself, and standard input is left alone", async () => {
  await using project = await makeProject(TWO_TASKS);
  const run = project.zrWith({ stdin: "q" }, "watch", "a");
  await finish(project, "a");
  await run.waitForOutput(/^watching 1 task$/m);
  project.put("a/x", "1");
  await finish(project, "a");
  await run.waitForOutput(/(?:^watching [^]*?){2}/m);
  run.kill("SIGTERM");
  expect(await run.exited).toBe(143);
});
