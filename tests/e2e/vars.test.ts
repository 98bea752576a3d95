import { test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

test.each([
  ['x = "text"', "${vars.x}", "text"],
  ["x = 3", "${vars.x}", "3"],
  ["x = true", "${vars.x}", "true"],
  ["x = 2024-01-02", "${vars.x}", "2024-01-02"],
  ["x = [1, 'b']", "${vars.x}", "1 b"],
  [
    "x = [1, ['b', 2024-01-02], { toString = 'c', valueOf = 'd' }]",
    "${vars.x}",
    "1 b 2024-01-02 {toString:c,valueOf:d}",
  ],
  ["x = { y = { z = 'deep' } }", "${vars.x.y.z}", "deep"],
])("[vars] %s makes %s print %p", async (line, reference, expected) => {
  await using project = await makeProject({});
  project.write("zr.toml", `[vars]\n${line}\n[tasks.t]\ncmd = "echo ${reference}"\n`);
  await project.zr("run", "t", "--output=interleaved").expect({ stdout: `${expected}\n`, stderr: anything });
});

test("--set goes over [vars], and vars are never exported", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", '[vars]\nzr_x = "file"\n[tasks.t]\ncmd = "echo ${vars.zr_x} [$zr_x]"\n');
  await project.zr("run", "t", "--output=interleaved").expect({ stdout: "file []\n", stderr: anything });
  await project
    .zr("run", "t", "--set", "zr_x=flag", "--output=interleaved")
    .expect({ stdout: "flag []\n", stderr: anything });
});

test("tables merge over files and lists are replaced", async () => {
  await using project = await makeProject({});
  project.write(
    "zr.toml",
    '[vars]\nt = { a = "1", b = "1" }\nl = [1, 2]\n[tasks.t]\ncmd = "echo ${vars.t.a}${vars.t.b} ${vars.l}"\n',
  );
  project.write("zr.local.toml", "[vars]\nt = { b = '2' }\nl = [3]\n");
  await project.zr("run", "t", "--output=interleaved").expect({ stdout: "12 3\n", stderr: anything });
});

test("one that is not there is an error with a suggestion", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", '[vars]\nversion = "1"\n[tasks.t]\ncmd = "echo ${vars.verison}"\n');
  await project.zr("run", "t").expect({
    code: 3,
    stderr:
      "error[E172]: '${vars.verison}' means nothing in 'cmd' of task 't'\n  ┌─ zr.toml:4:13\n 4│ cmd = \"echo ${vars.verison}\"\n  │             ^^^^^^^^^^^^^^^ did you mean '${vars.version}'?\n",
  });
});

const TYPED = `
  [vars]
  fast = true
  jobs = 3
  name = "x"
  [tasks]
  flag = { cmd = "echo ran", condition = "vars.fast" }
  more = { cmd = "echo ran", condition = "vars.jobs > 5" }
  [workflows.staged]
  steps = [{ run = "flag", condition = "vars.fast" }]
`;

test("--set gives a value of the type that [vars] declares, so that conditions mean the same", async () => {
  await using project = await makeProject({ "zr.toml": TYPED });
  await project.zr("run", "flag").expect({ stdout: "ran\n" });
  await project.zr("run", "flag", "--set", "fast=false").expect({ stdout: "", stderr: /skipped/ });
  await project.zr("run", "more").expect({ stdout: "", stderr: /skipped/ });
  await project.zr("run", "more", "--set", "jobs=10").expect({ stdout: "ran\n" });
  await project
    .zr("wf", "staged", "--set", "fast=false")
    .expect({ stdout: "", stderr: /stage 'flag' skipped/ });
});

test.each([
  ["fast=no", /E183\]: option '--set' must be true or false for 'fast', not 'no'/],
  ["jobs=many", /E183\]: option '--set' must be a number for 'jobs', not 'many'/],
  ["jobs=", /E183\]: option '--set' must be a number for 'jobs', not ''/],
  ["nmae=y", /E197\]: no variable 'nmae' in \[vars\]\n  = did you mean 'name'\?/],
])("--set %s is a usage error, and nothing runs", async (value, stderr) => {
  await using project = await makeProject({ "zr.toml": TYPED });
  await project.zr("run", "flag", "--set", value).expect({ code: 2, stdout: "", stderr });
  await project.zr("wf", "staged", "--set", value).expect({ code: 2, stdout: "", stderr });
});

test("--set of a variable that one package of the run declares is none of the others' concern", async () => {
  await using project = await makeProject({
    "zr.toml": `[workspace]\nmembers = ["*"]\n[hooks]\nbefore_run = "true"`,
    "a/zr.toml": `[vars]\nregion = "eu"\n[tasks]\nshow = "echo \${vars.region}"`,
    "b/zr.toml": `[tasks]\nshow = "echo b"`,
  });
  await project
    .zr("run", "a:show", "b:show", "--set", "region=us", "--raw", "-j1")
    .expect({ stdout: "us\nb\n", stderr: anything });
  await project.zr("run", "b:show", "--set", "region=us").expect({ code: 2, stdout: "", stderr: /E197/ });
});
