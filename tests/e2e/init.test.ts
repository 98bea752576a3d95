import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { formatToml } from "#core/config/toml/format";
import { STARTER } from "#app/operations/init";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { asRoot, testUnless } from "#tests/support/left-out";

test("it writes a zr.toml that is valid, formatted and runs", async () => {
  await using project = await makeProject({});
  await project.zr("init").expect({ stderr: "created zr.toml\nTry it: zr hello\n" });
  expect(project.read("zr.toml")).toBe(STARTER);
  expect(formatToml(STARTER)).toEqual({ ok: true, value: STARTER });
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  await project.zr("hello").expect({ stdout: /hello/, stderr: /^/ });
});

test("the file with all its comments uncommented is valid too", async () => {
  const uncommented = STARTER.replaceAll(/^# (?=\[|\w+ = )/gm, "");
  expect(uncommented).toContain("\n[tasks.build]\n");
  await using project = await makeProject({ "zr.toml": `${uncommented}\n[tasks.generate]\ncmd = "true"\n` });
  await project.zr("validate").expect({ stdout: /^/, stderr: /^/ });
});

test("in a git repository zr's own files are ignored, each once", async () => {
  await using project = await makeProject({ ".gitignore": "dist\n/.zr" }, { git: true });
  await project.zr("init").expect({ stderr: "created zr.toml\nchanged .gitignore\nTry it: zr hello\n" });
  expect(project.read(".gitignore")).toBe("dist\n/.zr\nzr.local.toml\n");
  await project.zr("init", "--force").expect({ stderr: "changed zr.toml\nTry it: zr hello\n" });
  expect(project.read(".gitignore")).toBe("dist\n/.zr\nzr.local.toml\n");
});

test("a new .gitignore has both, and outside of a repository there is none", async () => {
  await using project = await makeProject({});
  await project.zr("init", "plain", "-q").expect({});
  expect(existsSync(project.path("plain/.gitignore"))).toBe(false);
  mkdirSync(project.path("repo/.git"), { recursive: true });
  await project.zr("init", "repo/inner", "-q").expect({});
  expect(project.read("repo/inner/.gitignore")).toBe("zr.local.toml\n.zr/\n");
});

test("a zr.toml that is there is not overwritten, unless forced", async () => {
  await using project = await makeProject({ "zr.toml": "# mine\n" }, { git: true });
  await project
    .zr("init")
    .expect({ code: 2, stderr: "error[E187]: zr.toml exists already; --force overwrites it\n" });
  expect(project.read("zr.toml")).toBe("# mine\n");
  expect(existsSync(project.path(".gitignore"))).toBe(false);
  await project.zr("init", "--force").expect({ stderr: /changed zr\.toml\ncreated \.gitignore\n/ });
  expect(project.read("zr.toml")).toBe(STARTER);
});

test("where tasks could be found or taken over, it says how", async () => {
  await using project = await makeProject({
    "package.json": '{ "name": "x", "scripts": { "test": "echo passed" } }',
    Makefile: "all:\n\ttrue\n",
  });
  await project.zr("init").expect({
    stderr: `
      created zr.toml
      this is node: zr init --detect --force writes its tasks instead of the example
      there is a Makefile: zr init --from-make --force takes it over
      Try it: zr hello
    `,
  });
  await project.zr("init", "--force", "-q").expect({});
  await project.zr("init", "--detect", "--force").expect({ stderr: anything });
  await project.zr("test").expect({ stdout: "passed\n" });
});

test("a dry run prints the file and writes nothing", async () => {
  await using project = await makeProject({}, { git: true });
  await project
    .zr("init", "--dry-run")
    .expect({ stdout: STARTER, stderr: "would create zr.toml\nwould create .gitignore\n" });
  expect(existsSync(project.path("zr.toml"))).toBe(false);
  expect(existsSync(project.path(".gitignore"))).toBe(false);
});

testUnless(asRoot())("a folder that can't be written to is told", async () => {
  await using project = await makeProject({});
  mkdirSync(project.path("shut"));
  chmodSync(project.path("shut"), 0o555);
  await project
    .zr("init", "shut")
    .expect({ code: 2, stderr: /^error\[E190\]: can't write shut\/zr\.toml: / });
});

test("a second folder is refused", async () => {
  await using project = await makeProject({});
  await project
    .zr("init", "a", "b")
    .expect({ code: 2, stderr: "error[E185]: 'zr init' takes no argument 'b'\n" });
});

test("from elsewhere it says how to try it from there", async () => {
  await using project = await makeProject({ "n/package.json": '{"scripts":{"hi":"echo hi"}}' });
  await project.zr("init", "a b").expect({ stderr: "created a b/zr.toml\nTry it: zr -C 'a b' hello\n" });
  await project.zr("-C", "a b", "hello").expect({ stdout: /hello/ });
  await project.zr("init", "n", "--detect").expect({ stderr: /^Try it: zr -C n hi$/m });
});
