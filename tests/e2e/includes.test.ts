import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const ECHO = (text: string): string => `cmd = "echo ${text}"\n`;

test("tasks of included files are tasks of the package, by name, glob and folder", async () => {
  await using project = await makeProject({
    "zr.toml": `include = ["one.toml", "more/*.toml", { path = "deep/er/x.toml" }]\n[tasks.a]\ndeps = ["b", "c", "d"]\n`,
    "one.toml": `[tasks.b]\n${ECHO("one")}`,
    "more/c.toml": `[tasks.c]\n${ECHO("two")}`,
    "deep/er/x.toml": `[tasks.d]\n${ECHO("three")}`,
  });
  const { stdout } = await project
    .zr("run", "a", "--output=interleaved")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout.split("\n").toSorted().join(" ").trim()).toBe("one three two");
});

test("in a namespace the tasks are named by it, and names inside resolve there first", async () => {
  await using project = await makeProject({
    "zr.toml": `include = [{ path = "ci.toml", namespace = "ci" }]\n[tasks.lint]\n${ECHO("outer lint")}[tasks.only-outer]\n${ECHO("only outer")}`,
    "ci.toml": `[tasks.all]\ndeps_serial = ["lint", "only-outer"]\n[tasks.lint]\n${ECHO("inner lint")}`,
  });
  await project
    .zr("run", "ci:all", "--output=interleaved")
    .expect({ stdout: "inner lint\nonly outer\n", stderr: anything });
  await project
    .zr("run", "lint", "--output=interleaved")
    .expect({ stdout: "outer lint\n", stderr: anything });
});

test("namespaces of includes inside of includes are joined", async () => {
  await using project = await makeProject({
    "zr.toml": 'include = [{ path = "a.toml", namespace = "a" }]\n',
    "a.toml": 'include = [{ path = "b.toml", namespace = "b" }]\n',
    "b.toml": `[tasks.t]\n${ECHO("deep")}`,
  });
  await project.zr("run", "a:b:t", "--output=interleaved").expect({ stdout: "deep\n", stderr: anything });
});

test("a file that two others include is included once", async () => {
  await using project = await makeProject({
    "zr.toml": 'include = ["a.toml", "b.toml"]\n',
    "a.toml": 'include = ["common.toml"]\n',
    "b.toml": 'include = ["common.toml"]\n',
    "common.toml": `[tasks.t]\n${ECHO("once")}`,
  });
  await project.zr("run", "t", "--output=interleaved").expect({ stdout: "once\n", stderr: anything });
});

test("the including file's settings win over those of what it includes", async () => {
  await using project = await makeProject({
    "zr.toml": `include = ["base.toml"]\n[vars]\nx = "outer"\n[tasks.t]\ncmd = "echo \${vars.x} \${vars.y}"\n`,
    "base.toml": '[vars]\nx = "inner"\ny = "kept"\n',
  });
  await project.zr("run", "t", "--output=interleaved").expect({ stdout: "outer kept\n", stderr: anything });
});

test("a glob that matches nothing includes nothing, and a name that is missing is an error", async () => {
  await using project = await makeProject({
    "zr.toml": `include = ["none/*.toml"]\n[tasks.t]\n${ECHO("x")}`,
  });
  await project.zr("validate").expect({ stdout: anything });
  project.write("zr.toml", 'include = ["none.toml"]\n');
  await project.zr("validate").expect({ code: 3, stderr: /^error\[E136\]/ });
});

test("a remote include is refused, not ignored", async () => {
  await using project = await makeProject({
    "zr.toml": `include = [{ git = "https://example.com/x", rev = "abc", path = "ci.toml" }]\n[tasks.t]\n${ECHO("x")}`,
    "ci.toml": "",
  });
  await project.zr("run", "t").expect({
    code: 3,
    stderr: /error\[E166\]: '[^\n]*git' of \[include\] is not available in this version/,
  });
});
