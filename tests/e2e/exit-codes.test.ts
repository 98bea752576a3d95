import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const CONFIG = `
  [tasks]
  ok = "true"
  seven = "exit 7"
  eight = "exit 8"
  needs = { cmd = "true", deps = ["seven"] }
  killed = "kill -KILL $$"
  slow = { cmd = "sleep 1000", timeout = "30ms" }
  allowed = { cmd = "exit 5", allow_failure = true }
  retried = { cmd = "exit 6", retry = 1 }
  handled = { cmd = "exit 7", on_failure = "ok", finally = "ok" }
  may-call = { cmds = [{ task = "seven", allow_failure = true }] }
  may-need = { cmds = [{ task = "needs", allow_failure = true }] }
  may-fail = { cmds = [{ task = "seven" }], allow_failure = true }
  deep = { cmds = [{ task = "may-fail" }] }
  untidy-call = { cmds = [{ task = "untidy", allow_failure = true }] }
  untidy = { cmd = "true", finally = "eight" }
`;

const cases: readonly (readonly [what: string, args: readonly string[], code: number])[] = [
  ["0 is success", ["ok"], 0],
  ["the task's own exit code when exactly one requested task failed by it", ["seven"], 7],
  ["the task's own exit code beside others that succeeded", ["ok", "seven", "-k"], 7],
  ["--no-exit-code makes it 1", ["seven", "--no-exit-code"], 1],
  ["1 when two requested tasks failed", ["seven", "eight", "-k"], 1],
  ["1 when only a dependency failed", ["needs"], 1],
  ["128 + n when it was ended by signal n", ["killed"], 137],
  ["124 is a timeout", ["slow"], 124],
  ["124 is a timeout of the run", ["slow", "--timeout", "5ms"], 124],
  ["0 when what failed is allowed to", ["allowed"], 0],
  ["0 when the step may fail that calls what failed", ["may-call"], 0],
  ["0 when the step may fail that calls what a failure blocked", ["may-need"], 0],
  ["0 when what calls what failed is allowed to fail", ["may-fail"], 0],
  ["0 when what calls it is called itself", ["deep"], 0],
  ["1 when a clean-up of what is called failed", ["untidy-call"], 1],
  ["the last attempt's code after retries", ["retried"], 6],
  ["the task's own code where its handlers succeed", ["handled"], 7],
  ["1 when a clean-up failed", ["untidy"], 1],
];

for (const [what, args, code] of cases) {
  test(`exit code: ${what}`, async () => {
    await using project = await makeProject({ "zr.toml": CONFIG });
    expect((await project.zr("run", ...args).result()).code).toBe(code);
  });
}

test("exit code: 2 is a usage error", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  for (const args of [
    ["run"],
    ["run", "nope"],
    ["run", "ok", "--nope"],
    ["nope"],
    ["run", "ok", "-j", "many"],
  ])
    await project.zr(...args).expect({ code: 2, stderr: /error/ });
});

test("exit code: 3 is a configuration error, and nothing runs", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "touch ran"\nbogus = 1` });
  await project.zr("run", "a").expect({ code: 3, stderr: /E110/ });
  expect(project.exists("ran")).toBe(false);
});

test("exit code: 130 and 143 are interrupts, whatever the task exits with", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done"`,
  });
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const run = project.zr("run", "a");
    await run.waitForOutput("up");
    run.kill(signal);
    await run.expect({ code, stdout: anything, stderr: anything });
  }
});

test("where a program is missing, the failure says what finds and installs it", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nown = { cmd = ["no-such-program"] }\ninner = "no-such-program"\nbad = "exit 3"\n`,
  });
  const hint = /\n {2}try {6}zr doctor \(what is missing\), zr setup \(installs dependencies and tools\)\n/;
  for (const task of ["own", "inner"]) await project.zr(task).expect({ code: 127, stderr: hint });
  const { stderr } = await project.zr("bad").expect({ code: 3, stderr: /again/ });
  expect(stderr).not.toMatch(hint);
});
