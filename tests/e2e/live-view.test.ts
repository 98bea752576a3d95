import { readFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const CONFIG = `
  [tasks]
  a = "${cmd("a")}"
  b = "${cmd("b")}"
  all = { deps = ["a", "b"] }
`;
const UNICODE = { LANG: "C.UTF-8", LC_ALL: undefined, LC_CTYPE: undefined };
const ESCAPE = "\u001B";

const startedBoth = async (project: Project) => ({
  a: await project.command("a").started(),
  b: await project.command("b").started(),
});

/** A project whose commands are run by a shell that says afterwards how it found the terminal. */
async function withTerminalCheck(config: string): Promise<Project> {
  const [binary = ""] = await ensureBinary();
  const script = `trap : INT; before=$(stty -a); "${binary}" "$@"; code=$?; [ "$before" = "$(stty -a)" ] && echo "as it was, $code"`;
  return makeProject({ "zr.toml": config }, { program: ["sh", "-c", script, "sh"] });
}

/** No sequence that hides the cursor, changes the screen, or turns something on that stays on. */
function expectNothingLeftOn(raw: string): void {
  expect(raw).not.toMatch(/\u001B\[\?[\d;]*[hl]/);
  expect(raw).not.toMatch(/\u001B[78cM]/);
}

test("on a terminal each running task has a line below the finished output, and nothing of it stays", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const terminal = await project.terminal({ cols: 60, rows: 14, env: UNICODE }, "run", "all", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen(/^› [ab] +\d\.\ds\n› [ab] +\d\.\ds\n0 of 2 · 2 running · \d\.\ds$/);
  // A block ends with its line, whether the task has ended that or not.
  await a.print("from a");
  a.exit();
  await terminal.waitForScreen(/^✓ a \(.*\)\nfrom a\n› b +\d\.\ds\n1 of 2 · 1 running · 1 ok · \d\.\ds$/);
  await b.print("from b\n");
  b.exit();
  expect((await terminal.exited).code).toBe(0);
  const [first, second, third, fourth, fifth, ...rest] = terminal.scrollback();
  expect([first, third]).toEqual([expect.stringMatching(/^✓ a/), expect.stringMatching(/^✓ b/)]);
  expect([second, fourth]).toEqual(["from a", "from b"]);
  expect(fifth).toMatch(/^2 tasks: 2 ok · /);
  expect(rest).toEqual([]);
  expectNothingLeftOn(terminal.raw());
});

test("a task that has run before shows its time against the usual one as a bar", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "if [ -e again ]; then ${cmd("a")}; else touch again; sleep 0.2; fi"\nb = "${cmd("b")}"\nall = { deps = ["a", "b"] }`,
  });
  const first = project.zr("run", "all");
  (await project.command("b").started()).exit();
  await first.expect({ stdout: anything, stderr: anything });
  // Short runs are stored when somebody reads the history.
  await project.zr("history").expect({ stdout: anything });
  const terminal = await project.terminal({ cols: 60, rows: 14, env: UNICODE }, "run", "all", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen(/^› a +━+─* +\d\.\ds of 0\.\ds$/m);
  // Later than usual: the bar is full, and the time goes on.
  await terminal.waitForScreen(/^› a +━{11} +\d\.\ds of 0\.\ds$/m);
  a.exit();
  b.exit();
  expect((await terminal.exited).code).toBe(0);
});

test("failures stay below the output while others run", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const terminal = await project.terminal({ cols: 60, rows: 20, env: UNICODE }, "run", "all", "-j2", "-k");
  const { a, b } = await startedBoth(project);
  a.exit(3);
  await terminal.waitForScreen(
    /\n✗ a failed: exit code 3 \(.*\)\n› b +\d\.\ds\n1 of 2 · 1 running · 1 failed · \d\.\ds$/,
  );
  b.exit();
  expect((await terminal.exited).code).not.toBe(0);
  expect(terminal.screen().filter((line) => line.startsWith("✗ a failed"))).toHaveLength(1);
});

test("without Unicode and without colours nothing but ASCII is drawn", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const env = { LC_ALL: "C", NO_COLOR: "1" };
  const terminal = await project.terminal({ cols: 40, rows: 10, env }, "run", "all", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen(/^> [ab] \d\.\ds\n> [ab] \d\.\ds\n0 of 2 - 2 running - \d\.\ds$/);
  a.exit();
  b.exit();
  await terminal.exited;
  expect(terminal.raw()).not.toMatch(/[^\0-\x7f]/);
  expect(terminal.raw()).not.toMatch(/\u001B\[[\d;]*m/);
});

test("a narrower terminal, which wraps what was drawn, leaves no rest of it", async () => {
  const long = "a-task-with-quite-a-long-name-in-a-terminal";
  await using project = await makeProject({
    "zr.toml": `[tasks]\n${long} = "${cmd("a")}"\nb = "${cmd("b")}"\nall = { deps = ["${long}", "b"] }`,
  });
  const terminal = await project.terminal({ cols: 80, rows: 16, env: UNICODE }, "run", "all", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen(new RegExp(`› ${long} `));
  terminal.resize(30, 16);
  await terminal.waitForScreen(/^› a-task-with.*…[^]*› b +\d/);
  expect(terminal.screen()).toHaveLength(3);
  terminal.resize(100, 16);
  await terminal.waitForScreen(new RegExp(`^› ${long} [^]*› b`));
  expect(terminal.screen()).toHaveLength(3);
  a.exit();
  b.exit();
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.scrollback()).toHaveLength(1);
});

test("two hundred running tasks take half of the screen at most", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `t${index}`);
  await using project = await makeProject({
    "zr.toml": `[tasks]\nall = { deps = ${JSON.stringify(names)} }\n${names.map((name) => `${name} = "read x <gate"`).join("\n")}`,
  });
  Bun.spawnSync(["mkfifo", project.path("gate")]);
  const terminal = await project.terminal({ cols: 80, rows: 24, env: UNICODE }, "run", "all", "-j200");
  await terminal.waitForScreen(/… and 190 more running\n0 of 200 · 200 running · /);
  expect(terminal.screen()).toHaveLength(12);
  // Whoever reads a gate whose writer has gone goes on.
  await Bun.write(project.path("open.sh"), "exec 3<>gate; yes | head -n 200 >&3; sleep 30");
  const opener = Bun.spawn(["sh", "open.sh"], { cwd: project.root });
  expect((await terminal.exited).code).toBe(0);
  opener.kill();
  expect(terminal.screen()).toEqual([expect.stringMatching(/^200 tasks: 200 ok/)]);
});

test("what a single task prints without a line end, as progress bars do, is left alone", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const terminal = await project.terminal({ cols: 60, rows: 10, env: UNICODE }, "run", "a");
  const { a } = { a: await project.command("a").started() };
  await terminal.waitForScreen(/^› a \d\.\ds$/);
  await a.print("\r10 %");
  await terminal.waitForScreen(/^10 %$/);
  await a.print("\r100 %\n");
  await terminal.waitForScreen(/^100 %\n› a \d\.\ds$/);
  a.exit();
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.scrollback()).toEqual(["100 %"]);
});

test("pipes, even one of both streams, never see an escape sequence", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const both = project.zr("run", "all", "-j2");
  const one = await startedBoth(project);
  one.a.exit();
  one.b.exit();
  const { stdout, stderr } = await both.expect({ stdout: anything, stderr: anything });
  expect(stdout + stderr).not.toContain(ESCAPE);
  const [binary = ""] = await ensureBinary();
  await using piped = await makeProject(
    { "zr.toml": CONFIG },
    { program: ["sh", "-c", `"${binary}" run all -j2 --no-color | cat`] },
  );
  const terminal = await piped.terminal({ cols: 60, rows: 10 });
  const { a, b } = await startedBoth(piped);
  await a.print("seen\n");
  a.exit();
  await terminal.waitForScreen("seen");
  b.exit();
  await terminal.exited;
  expect(terminal.raw()).not.toContain(ESCAPE);
});

test.each([
  ["ctrl-c", 130, (_: number, press: () => void) => press()],
  ["SIGTERM", 143, (pid: number) => void process.kill(pid, "SIGTERM")],
] as const)("after %s the terminal is as it was", async (_name, code, stop) => {
  await using project = await withTerminalCheck(CONFIG);
  const terminal = await project.terminal({ cols: 60, rows: 14, env: UNICODE }, "run", "all", "-j2");
  await startedBoth(project);
  await terminal.waitForScreen("2 running");
  stop(zrOf(terminal.pid), () => terminal.press("ctrl-c"));
  await terminal.exited;
  const screen = terminal.screen();
  expect(screen.at(-1)).toBe(`as it was, ${code}`);
  expect(screen.filter((line) => line.includes("running"))).toEqual([]);
  expectNothingLeftOn(terminal.raw());
});

test("a child that is killed, and zr that is killed, leave the terminal as it was", async () => {
  await using project = await withTerminalCheck(CONFIG);
  const terminal = await project.terminal({ cols: 60, rows: 20, env: UNICODE }, "run", "all", "-j2", "-k");
  const { a } = await startedBoth(project);
  await terminal.waitForScreen("2 running");
  void a.killSelf("SIGKILL");
  await terminal.waitForScreen(/✗ a .*SIGKILL/);
  process.kill(zrOf(terminal.pid), "SIGKILL");
  await terminal.waitForScreen("as it was, 137");
  await terminal.exited;
  expectNothingLeftOn(terminal.raw());
});

test("Ctrl-Z gives the terminal back clean, and the view comes back with the run", async () => {
  const [binary = ""] = await ensureBinary();
  await using project = await makeProject(
    { "zr.toml": CONFIG },
    { program: ["bash", "--norc", "--noprofile", "-i"] },
  );
  const env = { ...UNICODE, PS1: "$ ", HISTFILE: undefined };
  const terminal = await project.terminal({ cols: 70, rows: 20, env });
  await terminal.waitForScreen(/^.*\$ ?$/m);
  terminal.type(`clear; "${binary}" run all -j2\n`);
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen("2 running");
  terminal.press("ctrl-z");
  await terminal.waitForScreen(/Stopped[^]*\$ ?$/);
  expect(terminal.screen().filter((line) => line.includes("running"))).toEqual([]);
  terminal.type("stty -a | grep -q -- -echo.- || echo usual manners; fg\n");
  await terminal.waitForScreen(/usual manners[^]*0 of 2 · 2 running/);
  await a.print("a went on\n");
  a.exit();
  b.exit();
  await terminal.waitForScreen(/a went on[^]*2 tasks: 2 ok[^]*\$ ?$/);
  expect(terminal.screen().filter((line) => line.includes("running"))).toEqual([]);
});

test("a question has the terminal to itself until it is answered", async () => {
  await using project = await makeProject({
    "zr.toml": `${CONFIG}\n[tasks.c]\ncmd = "echo sure"\nconfirm = "Really?"\ndeps = ["a"]\n[tasks.both]\ndeps = ["b", "c"]`,
  });
  const terminal = await project.terminal({ cols: 60, rows: 14, env: UNICODE }, "run", "both", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen("2 running");
  a.exit();
  await terminal.waitForScreen(/Really\? \[y\/N\]$/);
  terminal.type("y\n");
  await terminal.waitForScreen(/Really\? \[y\/N\] y\n✓ c .*\nsure\n› b/);
  b.exit();
  expect((await terminal.exited).code).toBe(0);
});

test("what was said before stands above a question and above an interactive task, also in a short run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.dep]
      cmd = "echo of dep"
      [tasks.sure]
      cmd = "true"
      confirm = "Really?"
      deps = ["dep"]
      [tasks.name]
      cmd = "printf 'name? '; read name; echo $name"
      interactive = true
      deps = ["dep"]
    `,
  });
  for (const env of [UNICODE, { ...UNICODE, TERM: "dumb" }]) {
    const sure = await project.terminal({ cols: 60, rows: 14, env }, "run", "sure");
    await sure.waitForScreen(/^✓ dep .*\nof dep\nsure: Really\? \[y\/N\]$/);
    sure.type("y\n");
    expect((await sure.exited).code).toBe(0);
    const name = await project.terminal({ cols: 60, rows: 14, env }, "run", "name");
    await name.waitForScreen(/^✓ dep .*\nof dep\nname\?$/);
    name.type("zr\n");
    expect((await name.exited).code).toBe(0);
  }
});

test("an interactive task has the terminal to itself", async () => {
  await using project = await makeProject({
    "zr.toml": `${CONFIG}\n[tasks.c]\ncmd = "${cmd("c")}"\ninteractive = true\ndeps = ["all"]\n[tasks.d]\ncmd = "${cmd("d")}"\ndeps = ["c"]`,
  });
  const terminal = await project.terminal({ cols: 60, rows: 14, env: UNICODE }, "run", "d", "-j2");
  const { a, b } = await startedBoth(project);
  await terminal.waitForScreen("2 running");
  a.exit();
  b.exit();
  const c = await project.command("c").started();
  await c.print("name? ");
  await terminal.waitForScreen(/^name\?$/);
  terminal.type("zr\n");
  expect(await c.readLine()).toBe("zr\n");
  c.exit();
  const d = await project.command("d").started();
  await terminal.waitForScreen(/^name\? zr\n› d \d\.\ds\n3 of 4 · /);
  d.exit();
  expect((await terminal.exited).code).toBe(0);
});

test("ui.progress turns the view off, or on beside other forms of output", async () => {
  await using project = await makeProject({ "zr.toml": `${CONFIG}\n[ui]\nprogress = true` });
  const size = { cols: 60, rows: 14, env: UNICODE };
  const terminal = await project.terminal(size, "run", "all", "-j2", "--output", "prefixed");
  const one = await startedBoth(project);
  await one.a.print("here\n");
  await terminal.waitForScreen(/^a │ here\n› [ab][^]*2 running/);
  one.a.exit();
  one.b.exit();
  await terminal.exited;
  project.write("zr.toml", `${CONFIG}\n[ui]\nprogress = false`);
  const plain = await project.terminal({ ...size, env: { ...UNICODE, NO_COLOR: "1" } }, "run", "all", "-j2");
  const two = await startedBoth(project);
  two.a.exit();
  two.b.exit();
  await plain.exited;
  expect(plain.raw()).not.toContain(ESCAPE);
});

/** The process number of the program that a shell runs, once it is there. */
function zrOf(shell: number): number {
  return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ").at(-1));
}

test("a run that is started in the background leaves the terminal alone", async () => {
  const [binary = ""] = await ensureBinary();
  await using project = await makeProject(
    { "zr.toml": CONFIG },
    { program: ["bash", "--norc", "--noprofile", "-i"] },
  );
  const terminal = await project.terminal({ cols: 70, rows: 20, env: { ...UNICODE, PS1: "$ " } });
  await terminal.waitForScreen(/^.*\$ ?$/m);
  terminal.type(`clear; "${binary}" run all -j2 &\n`);
  const { a, b } = await startedBoth(project);
  terminal.type("fg\n");
  await terminal.waitForScreen("2 running");
  expect(terminal.raw().split("fg")[0]).not.toContain("running");
  a.exit();
  b.exit();
  await terminal.waitForScreen(/2 tasks: 2 ok/);
  await until(
    () => project.processes().length <= 1,
    "the run to end",
    () => terminal.transcript(),
  );
});
