import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const again = (text: string): string[] =>
  [...text.matchAll(/^ {2}again +(.*)$/gm)].map((match) => match[1] ?? "");

test("the command that runs a failed task again repeats how its configuration was chosen, and works", async () => {
  await using project = await makeProject({
    "sub/other.toml": `[profiles.dev.env]\nCODE = "4"\n[tasks.fail]\ncmd = "exit $CODE"`,
  });
  const first = await project.zr("run", "-C", "sub", "--config", "other.toml", "-p", "dev", "fail").result();
  expect(first.code).toBe(4);
  const [hint = ""] = again(first.stderr);
  expect(hint).toBe("zr run --chdir=sub --config=other.toml --profile=dev fail --only");
  const second = await project.zr(...hint.split(" ").slice(1)).result();
  expect(second.code).toBe(4);
});

test("a handler that failed is asked for by its task, and what a step called with arguments is not hinted at", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.main]
      cmds = ["true", { task = "called", args = ["x"] }]
      on_failure = "handler"
      [tasks.called]
      cmd = "exit 3"
      args = [{ name = "a" }]
      [tasks.handler]
      cmd = "exit 5"
    `,
  });
  const { stderr } = await project.zr("run", "main", "--jobs", "1").result();
  expect(again(stderr)).toContain("zr run handler --only");
  expect(again(stderr).some((hint) => hint.includes("called"))).toBe(false);
});
