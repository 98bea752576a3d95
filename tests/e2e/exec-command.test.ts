import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

test("a command runs in the package's environment, with zr's variables, and gives its exit code", async () => {
  await using project = await makeProject({ "zr.toml": '[env]\nMODE = "x-$HOME"\n', "sub/x": "" });
  await project
    .zrWith({ cwd: "sub" }, "exec", "--", "sh", "-c", "echo $MODE; basename $PWD; exit 7")
    .expect({ code: 7, stdout: "x-<home>\nsub\n" });
});

test("words are passed as they are, to no shell", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await project
    .zr("exec", "--", "printf", "%s|", "a b", "$HOME", "*", "'", "")
    .expect({ stdout: "a b|$HOME|*|'||" });
});

test("its stdin is that of zr", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await project.zrWith({ stdin: "hello" }, "exec", "--", "cat").expect({ stdout: "hello" });
});

test("a program that is not there is a usage error", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await project
    .zr("exec", "--", "no-such-program")
    .expect({ code: 2, stderr: "error[E188]: can't start no-such-program: it is not on PATH\n" });
  await project.zr("exec").expect({ code: 2, stderr: /^error\[E184\]/ });
});

test("a wrong configuration keeps it from being run", async () => {
  await using project = await makeProject({ "zr.toml": "x = 1\n" });
  await project.zr("exec", "--", "touch", "ran").expect({ code: 3, stderr: anything });
  expect(project.exists("ran")).toBe(false);
});
