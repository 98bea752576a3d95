import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";

const FILES = { "zr.toml": `[env]\nCOLOUR = "red"\n[tasks.t]\ncmd = "${cmd("t")}"\n` };

test("--watch shows the environment of its tasks, and starts none, where that is asked for", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "t", "--watch", "--show-env").expect({ stdout: /^# t\n[^]*^COLOUR="red"$/m });
  expect(project.command("t").count).toBe(0);
});

test.each([
  ["--repeat", ["t", "--watch", "--repeat=2"]],
  ["--until-fail", ["t", "--watch", "--until-fail"]],
  ["--shard", ["t", "--watch", "--shard=1/2"]],
  ["--retry-failed", ["t", "--watch", "--retry-failed"]],
  ["--retry-failed", ["--retry-failed", "--watch"]],
])("--watch refuses %s, of which it could do nothing", async (option, words) => {
  await using project = await makeProject(FILES);
  await project.zr("run", ...words).expect({
    code: 2,
    stderr: `error[E199]: '${option}' can't go with '--watch'\n`,
  });
  expect(project.command("t").count).toBe(0);
});
