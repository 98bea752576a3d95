import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const CONFIG = String.raw`
  [tasks]
  a = "seq 1 30"
  colors = 'printf "\033[31mred \033[1malert\033[0m\nplain\nalert too"'
  b = "echo from b; echo b error >&2"
  both = { deps = ["a", "b"] }
`;

test("--grep shows only the lines that match, --grep-v none of those, and the log has all", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project.zr("run", "a", "--grep", "^2[0-3]?$").expect({ stdout: "2\n20\n21\n22\n23\n" });
  await project.zr("run", "a", "--grep", "2", "--grep-v", "^2.$").expect({ stdout: "2\n12\n" });
  await project.zr("run", "a", "--grep-v", "[1-9]$").expect({ stdout: "10\n20\n30\n" });
  const { stdout } = await project.zr("logs").expect({ stdout: anything });
  expect(stdout.match(/\d+$/gm)).toHaveLength(30);
});

test("--context shows the lines around each match, and marks where lines are missing between them", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project
    .zr("run", "a", "--grep", "^(3|6|20)$", "--context", "1")
    .expect({ stdout: "2\n3\n4\n5\n6\n7\n--\n19\n20\n21\n" });
});

test("every form of output is filtered, failures and summaries are not", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const { stdout, stderr } = await project
    .zr("run", "both", "--grep", "error", "--output", "prefixed")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/b │ b error\n2 tasks: 2 ok/);
  const grouped = await project
    .zr("run", "both", "--grep", "nothing")
    .expect({ stdout: anything, stderr: anything });
  expect(grouped.stdout + grouped.stderr).toMatch(/^2 tasks: 2 ok[^\n]*\n$/);
});

test("colours are no part of what is matched; --highlight marks what matches in spite of them", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project
    .zr("run", "colors", "--grep", "^red alert$")
    .expect({ stdout: "\u001B[31mred \u001B[1malert\u001B[0m\n" });
  await project.zr("run", "colors", "--highlight", "d al|too", "--color", "always").expect({
    stdout:
      "\u001B[31mre\u001B[7md \u001B[1m\u001B[7mal\u001B[27mert\u001B[0m\nplain\nalert \u001B[7mtoo\u001B[27m",
  });
  await project
    .zr("run", "colors", "--highlight", "plain", "--no-color")
    .expect({ stdout: "\u001B[31mred \u001B[1malert\u001B[0m\nplain\nalert too" });
});

test("what is no regular expression is refused", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  for (const option of ["--grep", "--grep-v", "--highlight"])
    await project.zr("run", "a", option, "(").expect({ code: 2, stderr: /a regular expression/ });
});
