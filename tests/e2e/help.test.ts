import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

test("`zr help` and `zr --help` give the overview on stdout", async () => {
  await using project = await makeProject({});
  const { stdout } = await project
    .zr("help")
    .expect({ stdout: /^Usage: zr <command>[^]*\n {2}run, r +Run tasks/ });
  await project.zr("--help").expect({ stdout });
});

test("`zr help CMD`, `zr CMD --help` and `zr CMD -h` give the page of a command", async () => {
  await using project = await makeProject({});
  const { stdout } = await project
    .zr("help", "fmt")
    .expect({ stdout: /^Usage: zr fmt \[FILE…\]\n[^]*--check[^]*Examples:\n {2}zr fmt\n/ });
  await project.zr("fmt", "--help").expect({ stdout });
  await project.zr("fmt", "--nonsense", "-h").expect({ stdout });
});

test("`zr help CODE` explains an error", async () => {
  await using project = await makeProject({});
  await project.zr("help", "E187").expect({
    stdout:
      "E187: {path} exists already; --force overwrites it\n\nzr does not overwrite files unless asked by `--force`. What you have written\ninto the file by hand is gone then: commit it first.\n\nWhat zr says:\n  $ zr init\n  error[E187]: zr.toml exists already; --force overwrites it\n\nMended:\n  $ zr init --force\n\nExit code: 2\n",
  });
});

test("an unknown topic is a usage error with a suggestion", async () => {
  await using project = await makeProject({});
  await project
    .zr("help", "fmtt")
    .expect({ code: 2, stderr: /^error\[E181\]: unknown command or task 'fmtt'\n[^]*did you mean 'fmt'\?/ });
});

test.each([
  ["why", "explain"],
  ["status", "history"],
  ["plan", "run --dry-run"],
  ["tasks", "list"],
  ["install", "setup"],
])("`zr %s`, as other tools or plain words have it, is told to be `zr %s`", async (word, command) => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nbuild = "true"\n' });
  const stderr = `error[E181]: unknown command or task '${word}'\n  = did you mean '${command}'?\n`;
  await project.zr(word).expect({ code: 2, stderr });
  await project.zr("help", word).expect({ code: 2, stderr });
  await project.zr(...command.split(" "), "--help").expect({ stdout: /^Usage: zr / });
});

test("a command that is still to come is no suggestion", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nbuild = "true"\n' });
  const { stderr } = await project.zr("restrat").expect({ code: 2, stderr: /^error\[E181\]/ });
  expect(stderr).not.toContain("restart");
  await project.zr("restart").expect({ code: 2, stderr: /^error\[E186\]: 'restart' is not available/ });
});

test("a task goes before what its name means elsewhere", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nplan = "echo mine"\n' });
  await project.zr("plan").expect({ stdout: "mine\n" });
});

test("colour is used only where it is asked for", async () => {
  await using project = await makeProject({});
  const coloured = await project.zr("help", "fmt", "--color=always").expect({ stdout: /^/ });
  expect(coloured.stdout).toContain("\u001b[1mOptions:\u001b[22m");
  expect((await project.zr("help", "fmt").result()).stdout).not.toContain("\u001b");
});
