import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";

const UNICODE = { LANG: "C.UTF-8", LC_ALL: undefined, LC_CTYPE: undefined };

const CONFIG = `
  [tasks]
  sure = { cmd = "echo sure ran", confirm = "Sure?" }
  other = "${cmd("other")}"
  both = { deps = ["sure", "other"] }
`;

test("tasks that are ready together ask one after the other", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a ran", confirm = "Go on with a?" }
      b = { cmd = "echo b ran", confirm = "Go on with b?" }
      c = { cmd = "echo c ran", confirm = "Go on with c?" }
    `,
  });
  await using terminal = await project.terminal(
    { env: UNICODE },
    "run",
    "--keep-going",
    "a",
    "b",
    "c",
    "-j3",
  );
  await terminal.waitForScreen(/^a: Go on with a\? \[y\/N\]$/);
  terminal.type("y\r");
  await terminal.waitForScreen(/^b: Go on with b\? \[y\/N\]$/m);
  terminal.type("n\r");
  await terminal.waitForScreen(/^c: Go on with c\? \[y\/N\]$/m);
  terminal.type("y\r");
  expect((await terminal.exited).code).toBe(1);
  const lines = terminal.scrollback();
  expect(lines).toContain("a ran");
  expect(lines).not.toContain("b ran");
  expect(lines).toContain("c ran");
});

for (const [mode, shown] of [
  ["grouped", /^✓ other .*\nfrom other\n✓ more .*\nfrom more\nsure: Sure\? \[y\/N\]$/],
  ["prefixed", /^other │ from other\nmore {2}│ from more\nsure: Sure\? \[y\/N\]$/],
  ["interleaved", /^from other\nfrom more\nsure: Sure\? \[y\/N\]$/],
] as const)
  test(`what others print meanwhile goes above a question: ${mode}`, async () => {
    await using project = await makeProject({
      "zr.toml": `${CONFIG}\nmore = { cmd = "echo from more", deps = ["other"] }\nall = { deps = ["both", "more"] }`,
    });
    await using terminal = await project.terminal({ env: UNICODE }, "run", "all", "-j3", "--output", mode);
    const other = await project.command("other").started();
    await terminal.waitForScreen("sure: Sure? [y/N]");
    await other.print("from other\n");
    other.exit();
    await terminal.waitForScreen(shown);
    terminal.type("y\r");
    expect((await terminal.exited).code).toBe(0);
    const lines = terminal.scrollback();
    expect(lines.filter((line) => line.includes("Sure?"))).toEqual(["sure: Sure? [y/N] y"]);
    expect(lines.at(-2)).toEndWith("sure ran");
  });

test("a question that is wider than the terminal is taken away whole, and does not break an open line", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await using terminal = await project.terminal({ cols: 10, env: UNICODE }, "run", "both", "-j2", "--raw");
  const other = await project.command("other").started();
  await terminal.waitForScreen(/^sure: Sure\n\? \[y\/N\]$/);
  await other.print("begun");
  await terminal.waitForScreen(/^begun$/);
  await other.print(" on\n");
  await terminal.waitForScreen(/^begun on\nsure: Sure\n\? \[y\/N\]$/);
  other.exit();
  terminal.type("n\r");
  expect((await terminal.exited).code).toBe(1);
});

test("Ctrl-C at a question ends the run as at any other time", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await using terminal = await project.terminal({ env: UNICODE }, "run", "both", "-j2");
  await project.command("other").started();
  await terminal.waitForScreen("sure: Sure? [y/N]");
  terminal.press("ctrl-c");
  expect((await terminal.exited).code).toBe(130);
  expect(terminal.scrollback()[0]).toBe("sure: Sure? [y/N] ^C");
  expect(terminal.scrollback()).toContain("  ■ sure   canceled: interrupted by SIGINT");
});

test("the end of the input is no, on a line of its own", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await using terminal = await project.terminal({ env: UNICODE }, "run", "sure");
  await terminal.waitForScreen("sure: Sure? [y/N]");
  terminal.press("ctrl-d");
  expect((await terminal.exited).code).toBe(1);
  expect(terminal.scrollback().slice(0, 2)).toEqual(["sure: Sure? [y/N]", "■ sure canceled: not confirmed"]);
});

test("what is typed goes to the question that comes next, and then to the task that has the terminal", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      first = { cmd = "echo first", confirm = "First?" }
      second = { cmd = "echo second", confirm = "Second?", deps = ["first"] }
      read = { cmd = "read x; echo 1: $x; read x; echo 2: $x; read x; echo 3: $x", interactive = true, deps = ["second"] }
    `,
  });
  await using terminal = await project.terminal({ env: UNICODE }, "run", "read");
  await terminal.waitForScreen("First? [y/N]");
  terminal.type("y\ry\r");
  await terminal.waitForScreen(/^second: Second\? \[y\/N\]\n✓ second .*\nsecond$/m);
  for (const line of [1, 2, 3]) {
    terminal.type(`line ${line}\r`);
    await terminal.waitForScreen(`\n${line}: line ${line}`);
  }
  expect((await terminal.exited).code).toBe(0);
});

test("a question of a benchmark has a line of its own", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      sure = { cmd = "echo", confirm = "Sure?" }
      quick = { cmd = "echo", deps = ["sure"] }
    `,
  });
  await using terminal = await project.terminal({ env: UNICODE }, "bench", "quick", "--runs=1", "--warmup=0");
  await terminal.waitForScreen(/^sure: Sure\? \[y\/N\]$/);
  terminal.press("ctrl-c");
  expect((await terminal.exited).code).toBe(130);
});
