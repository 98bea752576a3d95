import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { eventsOf, outputOf } from "./events";

test("skip_if leaves a task out where it holds, and says by which expression", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.left]
      cmd = "touch ran"
      skip_if = "env.CI_SKIP == 'yes'"
      [tasks.after]
      deps = ["left"]
      cmd = "echo on"
    `,
  });
  await project.zrWith({ env: { CI_SKIP: "yes" } }, "run", "after").expect({
    stdout: anything,
    stderr: /left +skipped: its skip_if is true: env\.CI_SKIP == 'yes'/,
  });
  expect(project.exists("ran")).toBe(false);
  await project.zr("run", "after").expect({ stdout: anything, stderr: anything });
  expect(project.exists("ran")).toBe(true);
});

test("skip_if comes behind condition, and both are shown by explain", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "true"
      condition = "!file.exists('never')"
      skip_if = "file.exists('stop')"
    `,
  });
  await project.zr("explain", "a").expect({
    stdout: /would run: !file\.exists\('never'\) holds, file\.exists\('stop'\) does not hold/,
  });
  project.write("stop", "");
  await project.zr("explain", "a").expect({ stdout: /would be skipped: file\.exists\('stop'\) holds/ });
});

const CONFIRM = `
  [tasks.deploy]
  cmd = "echo deployed"
  confirm = "Really deploy?"
  confirm_if = "env.STAGE == 'prod'"
  [tasks.bare]
  cmd = "echo bare"
  confirm_if = "true"
  [tasks.off]
  cmd = "echo off"
  confirm = false
  confirm_if = "true"
`;

test("confirm_if asks only where it holds, with the question of confirm", async () => {
  await using project = await makeProject({ "zr.toml": CONFIRM });
  await project.zr("run", "deploy").expect({ stdout: "deployed\n", stderr: anything });
  await project.zr("run", "off").expect({ stdout: "off\n", stderr: anything });
  await project.zr("run", "bare").expect({ code: 1, stderr: /not confirmed: Run it\?/ });
  const env = { STAGE: "prod" };
  await project
    .zrWith({ env }, "run", "deploy")
    .expect({ code: 1, stderr: /not confirmed: Really deploy\?/ });
  await project.zrWith({ env }, "run", "deploy", "--yes").expect({ stdout: "deployed\n", stderr: anything });
  const terminal = await project.terminal({ env }, "run", "deploy");
  await terminal.waitForScreen("Really deploy?");
  terminal.type("y\n");
  expect((await terminal.exited).code).toBe(0);
});

test("the conditions of a task are checked before anything runs, each where it stands", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "touch ran"
      skip_if = "brnch == 'main'"
      confirm_if = "exit_code == 0"
      output_if = "exit_cod != 0"
    `,
  });
  for (const args of [["run", "a"], ["validate"]])
    await project.zr(...args).expect({
      code: 3,
      stderr: `
        error[E211]: there is no name \`brnch\`
          ┌─ zr.toml:3:12
         3│ skip_if = "brnch == 'main'"
          │            ^^^^^ unknown name; did you mean 'branch' or 'arch'?

        error[E215]: \`exit_code\` is not known here
          ┌─ zr.toml:4:15
         4│ confirm_if = "exit_code == 0"
          │               ^^^^^^^^^ not available here

        error[E211]: there is no name \`exit_cod\`
          ┌─ zr.toml:5:14
         5│ output_if = "exit_cod != 0"
          │              ^^^^^^^^ unknown name; did you mean 'exit_code'?
      `,
    });
  expect(project.exists("ran")).toBe(false);
});

const QUIET = `
  [tasks.check]
  args = [{ name = "code", default = 0 }]
  cmd = "echo details; echo trouble >&2; exit \${args.code}"
  output_if = "exit_code != 0"
  [tasks.both]
  deps = ["check"]
  cmd = "echo both"
`;

test("output_if shows what a task printed only where it holds at the end", async () => {
  await using project = await makeProject({ "zr.toml": QUIET });
  await project.zr("run", "check").expect({ stdout: "", stderr: "" });
  await project.zr("run", "check", "3").expect({ code: 3, stdout: "details\n", stderr: /trouble\n/ });
  for (const mode of ["grouped", "prefixed", "interleaved", "quiet", "errors-only"]) {
    const { stdout, stderr } = await project.zr("run", "both", "--output", mode).result();
    expect([mode, stdout + stderr]).toEqual([mode, expect.not.stringContaining("details")]);
  }
});

test("the record has the output anyway, and the decision", async () => {
  await using project = await makeProject({ "zr.toml": QUIET });
  const { stdout } = await project
    .zr("run", "check", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "check")).toBe("details\n");
  expect(eventsOf(stdout).filter(({ type }) => type === "instance.output-decided")).toMatchObject([
    { id: "check", shown: false },
  ]);
});

test("an output_if that fails shows the output and the reason; a signal's exit code is null", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo seen"
      output_if = "file.read('missing') == ''"
      [tasks.killed]
      cmd = "echo last words; kill -9 $$"
      output_if = "exit_code == null"
    `,
  });
  await project
    .zr("run", "a")
    .expect({ stdout: "seen\n", stderr: /output_if of a: .*the file does not exist/ });
  await project.zr("run", "killed").expect({ code: 137, stdout: "last words\n", stderr: anything });
});

test("each attempt's output is decided for itself", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.flaky]
      cmd = "echo try >> tries; echo attempt $(wc -l < tries); test $(wc -l < tries) -gt 1"
      retry = 1
      output_if = "attempt == 1"
    `,
  });
  const { stdout } = await project.zr("run", "flaky").result();
  expect(stdout).toMatch(/attempt +1\n/);
  expect(stdout).not.toMatch(/attempt +2\n/);
});

test("output_if of a task whose output zr does not get is refused", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "true"\ninteractive = true\noutput_if = "true"\n`,
  });
  await project.zr("run", "a").expect({ code: 3, stderr: /E179.*'output_if' of task 'a' has no effect/ });
});

test("a dependency's condition can't ask for results: nothing has run when it is decided", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "true"
      [tasks.b]
      deps = ["a", { task = "a", if = "tasks['a'].success" }]
      cmd = "true"
    `,
  });
  await project.zr("run", "b").expect({ code: 3, stderr: /E217[^]*tasks\['a'\]\.success/ });
});

describe("conditions see arguments and matrix values as they are declared", () => {
  const TYPED = `
    [tasks.dry]
    cmd = "echo dry"
    args = [{ name = "dry", type = "boolean", default = false }]
    condition = "args.dry"
    [tasks.wet]
    cmd = "echo wet"
    args = [{ name = "dry", type = "boolean" }]
    skip_if = "args.dry"
    [tasks.many]
    cmd = "echo many"
    args = [{ name = "count", type = "number", required = true }]
    preconditions = [{ if = "args.count > 2", message = "too few" }]
    [tasks.sum]
    cmd = "echo sum"
    args = [{ name = "parts", type = "number", variadic = true }]
    condition = "2 in args.parts"
    [tasks.unsaid]
    cmds = [{ cmd = "echo unsaid", if = "args.where == null" }]
    args = [{ name = "where" }]
    [tasks.matrix]
    cmd = "echo \${matrix.debug} \${matrix.level}"
    matrix = { debug = [true, false], level = [1, 2], include = [{ debug = false, level = 3 }] }
    condition = "matrix.debug || matrix.level > 2"
    [tasks.needs]
    cmd = "echo needs"
    args = [{ name = "every", type = "boolean" }]
    deps = [{ task = "dep", if = "args.every" }]
    [tasks.dep]
    cmd = "echo dep"
  `;

  test.each([
    ["dry", "", ""],
    ["dry --dry", "", "dry\n"],
    ["wet", "", "wet\n"],
    ["wet --dry", "", ""],
    ["many 3", "", "many\n"],
    ["many 2", "too few", ""],
    ["sum 1 2", "", "sum\n"],
    ["sum 1 3", "", ""],
    ["unsaid", "", "unsaid\n"],
    ["unsaid here", "", ""],
    ["matrix", "", "true 1\ntrue 2\nfalse 3\n"],
    ["needs", "", "needs\n"],
    ["needs --every", "", "dep\nneeds\n"],
  ])("zr run %s", async (words, failure, stdout) => {
    await using project = await makeProject({ "zr.toml": TYPED });
    const run = project.zr("run", ...words.split(" "), "--raw", "-j1");
    const { stderr } = await run.expect({ code: failure === "" ? 0 : 1, stdout, stderr: anything });
    expect(stderr).toContain(failure);
  });
});

const ENDS = `
  [tasks.work]
  args = [{ name = "code", default = "0" }]
  cmd = "exit \${args.code}"
  retry = { max = 2, on_exit = [9] }
  finally = "always"
  on_success = "cheer"
  on_failure = ["again", "tell"]
  [tasks.always]
  cmd = "echo always"
  condition = "exit_code == 0 || attempt == 3"
  [tasks.cheer]
  cmd = "echo cheer"
  skip_if = "attempt > 1"
  [tasks.again]
  cmd = "echo again"
  condition = "exit_code in [3, 9] && !allow_failure"
  [tasks.tell]
  cmds = ["echo tell", { cmd = "echo ninth", if = "exit_code == 9" }]
  preconditions = [{ if = "exit_code != 4", message = "four is nobody's business" }]
`;

test("the conditions of a handler see how the task that it belongs to ended", async () => {
  await using project = await makeProject({ "zr.toml": ENDS });
  const linesOf = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await project.zr("run", "work", ...args, "--raw", "-j1").result();
    return stdout.trimEnd().split("\n").toSorted();
  };
  expect(await linesOf()).toEqual(["always", "cheer"]);
  expect(await linesOf("3")).toEqual(["again", "tell"]);
  expect(await linesOf("4")).toEqual([""]);
  expect(await linesOf("9")).toEqual(["again", "always", "ninth", "tell"]);
  await project.zr("validate").expect({ stdout: anything, stderr: anything });
});

test("a handler's own output_if sees how the handler itself ended", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = { cmd = "exit 3", on_failure = ["loud", "low"] }
      loud = { cmd = "echo loud; exit 5", output_if = "exit_code == 5" }
      low = { cmd = "echo low", output_if = "exit_code == 3" }
    `,
  });
  await project.zr("run", "work", "-j1").expect({ code: 1, stdout: "loud\n", stderr: anything });
});

test("a handler of several tasks sees the end of one that failed, and that one of them may not", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.work]
      matrix = { n = ["0", "6", "0b"] }
      cmd = "exit \${matrix.n}"
      shell = ["sh", "-c"]
      finally = "sum"
      [tasks.other]
      cmd = "exit 0"
      allow_failure = true
      finally = "sum"
      [tasks.sum]
      cmd = "echo six"
      condition = "exit_code == 6 && !allow_failure && attempt == 1"
    `,
  });
  await project
    .zr("run", "work[n=0]", "work[n=6]", "other", "--raw", "-k", "-j1")
    .expect({ code: 6, stdout: "six\n", stderr: anything });
});

test("a condition on an end is refused where no end is handled, also for a handler that is run by itself", async () => {
  await using project = await makeProject({ "zr.toml": ENDS });
  await project.zr("run", "again").expect({
    code: 3,
    stderr: `
      error[E215]: \`exit_code\` is not known here
        ┌─ zr.toml:16:14
      16│ condition = "exit_code in [3, 9] && !allow_failure"
        │              ^^^^^^^^^ not available here

      error[E215]: \`allow_failure\` is not known here
        ┌─ zr.toml:16:38
      16│ condition = "exit_code in [3, 9] && !allow_failure"
        │                                      ^^^^^^^^^^^^^ not available here
    `,
  });
});

test("validate finds what is wrong with a handler's conditions", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = { cmd = "true", on_failure = "undo" }
      undo = { cmd = "true", condition = "exit_cod == 1", skip_if = "exit_code + 'x' == 'y'", deps = ["prepare"] }
      prepare = { cmd = "true", condition = "attempt == 1" }
    `,
  });
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(stderr.match(/error\[E\d+\][^\n]*/g)).toEqual([
    "error[E211]: there is no name `exit_cod`",
    "error[E222]: `+` cannot join number or null and string",
    "error[E215]: `attempt` is not known here",
  ]);
  expect(stderr).toContain("did you mean 'exit_code'?");
});

test("validate finds what is wrong with the conditions of dependencies, beside other problems", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "true", deps = [{ task = "b", if = "brnch == 'main'" }] }
      b = { cmd = "true", deps_serial = [{ task = "c", if = "tasks['a'].success" }] }
      c = { cmd = "true", matrix = { os = ["linux"] }, deps = [{ task = "d", if = "matrix.arch == 'x64'" }] }
      d = "true"
    `,
  });
  const codes = (text: string): readonly string[] =>
    text.match(/error\[E\d+\]|zr\.toml:\d+/g)?.toSorted() ?? [];
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(codes(stderr)).toEqual([
    "error[E211]",
    "error[E212]",
    "error[E217]",
    "zr.toml:2",
    "zr.toml:3",
    "zr.toml:4",
  ]);
  await project.write("zr.toml", `${await project.read("zr.toml")}e = { deps = ["c[os=bsd]"] }\n`);
  const both = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(codes(both.stderr)).toEqual(expect.arrayContaining([...codes(stderr), "error[E169]"]));
});

test("a task that handles an end under one profile only is judged as a handler under each", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      work = { cmd = "exit 3", on_failure = "undo" }
      undo = { cmd = "echo undo", condition = "exit_code == 3" }
      tell = { cmd = "echo tell", condition = "exit_code == 3" }
      [profiles.ci.tasks.work]
      on_failure = "tell"
    `,
  });
  for (const profile of [[], ["--profile", "ci"]])
    await project.zr("validate", ...profile).expect({ stdout: anything, stderr: "" });
  await project.zr("run", "work", "--profile", "ci").expect({ code: 3, stdout: "tell\n", stderr: anything });
  await project.zr("run", "work").expect({ code: 3, stdout: "undo\n", stderr: anything });
});

test("what is wrong with a condition is told once, however many combinations its task has", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = { cmd = "true", matrix = { os = ["x", "y", "z"] }, condition = "brnch == 'x'" }`,
  });
  const { stderr } = await project.zr("run", "a").expect({ code: 3, stderr: anything });
  expect(stderr.match(/E211/g)).toHaveLength(1);
});
