import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

/** Configurations that nothing could be run by, and the code of what is wrong. */
test.each([
  ["a dependency whose name refers to something", 'cmd = "true"\ndeps = ["${vars.x}"]', "E130"],
  ["a handler whose name refers to something", 'cmd = "true"\nfinally = "o-${matrix.x}"', "E130"],
  ["an argument vector without a program", "cmd = []", "E116"],
  ["a step without a program", "cmds = [{ cmd = [] }]", "E116"],
  ["a platform without a program", 'cmd = { linux = [], default = "true" }', "E116"],
  ["no processor to run on", 'cmd = "true"\ncpu_affinity = []', "E116"],
  ["no step and no dependency", "cmds = []", "E119"],
])("%s is refused by zr validate as by zr run", async (_what, keys, code) => {
  await using project = await makeProject({
    "zr.toml": `[vars]\nx = "o"\n[tasks.t]\n${keys}\n[tasks.o]\ncmd = "true"\n`,
  });
  const told = async (...args: readonly string[]): Promise<string> => {
    const run = project.zr(...args);
    await run.exited;
    return `${run.stdout()}${run.stderr()}`;
  };
  expect(await told("run", "t")).toContain(`error[${code}]`);
  expect(await told("validate")).toContain(`error[${code}]`);
});

test("a list of no steps leaves a group of its dependencies", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.t]\ncmds = []\ndeps = ["o"]\n[tasks.o]\ncmd = "echo o"\n',
  });
  await project.zr("t", "--raw").expect({ stdout: "o\n", stderr: /^/ });
});
