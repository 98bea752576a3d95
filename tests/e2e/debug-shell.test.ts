import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const CONFIG = `
  [env]
  FROM_FILE = "yes"
  [tasks]
  good = "true"
  [tasks.bad]
  cmd = "exit 3"
  cwd = "sub"
  env = { OWN = "mine" }
  [tasks.worse]
  cmd = "exit 4"
  [tasks.all]
  deps = ["good", "bad", "worse"]
`;
const ENV = { SHELL: "/bin/sh", ENV: undefined, PS1: "sh> " };

test("-i opens a shell with the folder and the variables of what failed, and the exit code stays", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG, "sub/x": "" });
  const terminal = await project.terminal({ env: ENV }, "run", "bad", "-i");
  await terminal.waitForScreen(/bad failed: exit code 3[^]*a shell where bad failed[^]*sh>$/);
  terminal.type('echo "$OWN $FROM_FILE ${PWD##*/} $ZR_TASK [$ZR_RUN_ID$ZR_INSTANCE_KEY]"\n');
  await terminal.waitForScreen("mine yes sub bad []\n");
  // Ctrl-C is for what runs in the shell.
  terminal.press("ctrl-c");
  await terminal.waitForScreen(/\^C\s*\nsh>$/);
  terminal.type("exit 9\n");
  expect((await terminal.exited).code).toBe(3);
});

test("after the first shell each further one is asked for", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG, "sub/x": "" });
  const terminal = await project.terminal({ env: ENV }, "run", "all", "-ik", "-j1");
  await terminal.waitForScreen(/a shell where (bad|worse) failed[^]*sh>$/);
  terminal.type("exit\n");
  await terminal.waitForScreen(/Open a shell for (bad|worse) too\? \[y\/N\]$/);
  terminal.type("y\n");
  await terminal.waitForScreen(/a shell where \w+ failed[^]*a shell where \w+ failed[^]*sh>$/);
  terminal.type("echo typed-$ZR_TASK\n");
  await terminal.waitForScreen(/^typed-(bad|worse)$/m);
  terminal.type("exit\n");
  expect((await terminal.exited).code).toBe(1);
});

test("no shell is opened where nothing has failed, or where there is no terminal", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG, "sub/x": "" });
  const terminal = await project.terminal({ env: ENV }, "run", "good", "-i");
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.raw()).toBe("");
  await project
    .zr("run", "bad", "-i")
    .expect({ code: 3, stdout: anything, stderr: /no shell is opened: there is no terminal\n$/ });
});

test("on a terminal a failure says how to get the shell", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG, "sub/x": "" });
  const terminal = await project.terminal({ env: ENV }, "run", "bad");
  expect((await terminal.exited).code).toBe(3);
  expect(terminal.screen()).toContain("  shell    zr run bad --only -i");
  const { stderr } = await project.zr("run", "bad").expect({ code: 3, stderr: anything });
  expect(stderr).not.toContain("shell");
});
