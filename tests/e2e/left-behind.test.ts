import { describe, expect } from "bun:test";
import { until } from "#tests/support/deadline";
import { notOn, testUnless } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";

const COMMANDS: readonly (readonly string[])[] = [
  ["run", "t"],
  ["run", "t", "--show-env"],
  ["env"],
  ["exec", "--", "true"],
  ["shell"],
  ["hook", "bash", "--prompt"],
];

describe.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("%s to zr", (signal) => {
  testUnless(notOn("linux"))("ends a command of [env] that is under way, whatever needs it", async () => {
    await using project = await makeProject({});
    const vault = project.tool("vault");
    project.write("zr.toml", '[env]\nVALUE = "$(vault read)"\n[tasks.t]\ncmd = "true"\n');
    await project.zr("trust").result();
    for (const words of COMMANDS) {
      const run = project.zr(...words);
      await vault.started();
      run.kill(signal);
      await run.result();
      await until(
        () => project.processes().length === 0,
        `the end of all of zr ${words[0]}`,
        () => JSON.stringify(project.processes()),
      );
    }
    expect(project.processes()).toEqual([]);
  });
});

testUnless(notOn("linux"))(
  "a command of [env] that does not end is held by the run's time limit",
  async () => {
    await using project = await makeProject({});
    const vault = project.tool("vault");
    project.write("zr.toml", '[env]\nVALUE = "$(vault read)"\n[tasks.t]\ncmd = "true"\n');
    const run = project.zr("run", "t", "--timeout", "300ms");
    await vault.started();
    const { code, stderr } = await run.result();
    expect(code).toBe(124);
    expect(stderr).toContain("t canceled: the run's time was over");
    expect(project.processes()).toEqual([]);
  },
);

testUnless(notOn("linux"))("a registry's client does not go on where zr is killed", async () => {
  await using project = await makeProject({});
  const cargo = project.tool("cargo");
  project.write("zr.toml", '[tools]\n"cargo:thing" = "1"\n');
  const run = project.zr("tools", "install");
  await cargo.started();
  run.kill("SIGKILL");
  await run.result();
  await until(
    () => project.processes().length === 0,
    "the end of the client",
    () => JSON.stringify(project.processes()),
  );
  expect(project.processes()).toEqual([]);
});
