import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [tasks.build]
    description = "Make it"
    cmd = "true"
    inputs = ["a.txt"]
    cache = true
    [alias]
    b = "run build"
    [profiles.ci.env]
    A = "1"
  `,
  "a.txt": "a",
  Makefile: "all:\n\ttrue\n",
};

/** A command for each form of document. */
const COMMANDS = [
  "run build",
  "build",
  "run build --dry-run",
  "run build --show-env",
  "list",
  "show build",
  "which build",
  "explain build",
  "graph",
  "validate",
  "fmt --check",
  "env --resolve A",
  "env --diff ci",
  "secrets",
  "history",
  "history last",
  "history --flaky",
  "estimate build",
  "analytics",
  "bench build --runs 3 --warmup 0",
  "artifacts list",
  "cache status",
  "cache ls",
  "cache gc",
  "cache clear --yes",
  "cache audit build",
  "clean",
  "affected --list --files list.txt",
  "affected build --files list.txt --list",
  "workspace list",
  "monitor --list",
  "context",
  "alias list",
  "template list",
  "template show node",
  "add task more --dry-run -- make",
  "init --force --dry-run",
  "init --from-make --force --dry-run",
  "init --detect --force --dry-run",
  "ci list",
  "ci generate --dry-run",
  "setup --check",
  "doctor config",
  "tools list",
  "tools list --all",
  "version",
  "ai build",
  // What is refused has the same form.
  "show no-such-task",
  "run --no-such-option",
] as const;

test("every document that --json prints is an object that begins with the version of its shape", async () => {
  await using project = await makeProject({ ...FILES, "list.txt": "a.txt\n" }, { git: true });
  for (const words of COMMANDS) {
    const [command = "", ...rest] = words.split(" ");
    const { stdout, stderr } = await project.zr(command, "--json", ...rest).result();
    expect({ words, stderr, begins: stdout.slice(0, 10) }).toEqual({
      words,
      stderr,
      begins: expect.stringMatching(/^\{\n {1,2}"v": 1/),
    });
    expect(JSON.parse(stdout).version).not.toBe(1);
  }
}, 60_000);

test("nothing but one document comes to standard output: --json refuses the events there", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.build]\ncmd = "touch ran"\n' });
  const { stdout } = await project
    .zr("run", "build", "--json", "--events", "-")
    .expect({ code: 2, stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({
    v: 1,
    diagnostics: [{ code: "E199", message: "'--events -' can't go with '--json'" }],
  });
  expect(project.exists("ran")).toBe(false);
  await project.zr("run", "build", "--json", "--events", "e.jsonl").expect({ stdout: /^{\n/ });
});
