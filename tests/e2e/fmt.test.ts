import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const UGLY = '# top\n[tasks.build]   # behind\ncmd="make"\n\n\n\ndeps   = ["a",\n"b"]\n';
const NEAT = '# top\n[tasks.build] # behind\ncmd = "make"\n\ndeps = ["a", "b"]\n';

test("the nearest zr.toml, zr.local.toml and what they include are formatted and named, comments kept", async () => {
  await using project = await makeProject({ "sub/deep/x": "" });
  project.write("zr.toml", `include=["ci.toml", { path = "more/*.toml" }]\n${UGLY}`);
  for (const path of ["ci.toml", "more/a.toml", "zr.local.toml", "other.toml"]) project.write(path, UGLY);
  await project
    .zrWith({ cwd: "sub/deep" }, "fmt")
    .expect({ stdout: "../../zr.toml\n../../ci.toml\n../../more/a.toml\n../../zr.local.toml\n" });
  expect(project.read("ci.toml")).toBe(NEAT);
  expect(project.read("zr.toml")).toBe(`include = ["ci.toml", { path = "more/*.toml" }]\n\n${NEAT}`);
  expect(project.read("other.toml")).toBe(UGLY);
  await project.zr("fmt").expect({});
});

test("--check changes nothing, names the files and exits with 1", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", UGLY);
  await project
    .zr("fmt", "--check")
    .expect({ code: 1, stdout: "zr.toml\n", stderr: "1 file is not formatted: run zr fmt\n" });
  expect(project.read("zr.toml")).toBe(UGLY);
  await project.zr("fmt").expect({ stdout: "zr.toml\n" });
  await project.zr("fmt", "--check").expect({});
});

test("only the files named are formatted, and they keep their mode", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", UGLY);
  project.write("x/one.toml", UGLY);
  chmodSync(project.path("x/one.toml"), 0o600);
  await project.zr("fmt", "x/one.toml").expect({ stdout: "x/one.toml\n" });
  expect(project.read("zr.toml")).toBe(UGLY);
  expect(statSync(project.path("x/one.toml")).mode & 0o777).toBe(0o600);
});

test("files that include each other are formatted once", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", 'include="a.toml"\n');
  project.write("a.toml", 'include="zr.toml"\n');
  await project.zr("fmt").expect({ stdout: "zr.toml\na.toml\n" });
});

test("a file that is no TOML is shown with its place, and the others are formatted", async () => {
  await using project = await makeProject({});
  project.write("bad.toml", "[tasks.x]\ncmd = \n");
  project.write("good.toml", UGLY);
  const { stderr } = await project
    .zr("fmt", "bad.toml", "good.toml")
    .expect({ code: 3, stdout: "good.toml\n", stderr: /^error\[E100\]/ });
  expect(stderr).toContain("bad.toml:2:");
  expect(project.read("bad.toml")).toBe("[tasks.x]\ncmd = \n");
  expect(project.read("good.toml")).toBe(NEAT);
});

test("a file that is not there, and no configuration at all, are configuration errors", async () => {
  await using project = await makeProject({});
  await project.zr("fmt", "none.toml").expect({ code: 3, stderr: /^error\[E155\]/ });
  await project.zr("fmt").expect({ code: 3, stderr: /^error\[E152\]/ });
});

test("--json gives the files as data", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", UGLY);
  const { stdout } = await project
    .zr("fmt", "--check", "--json")
    .expect({ code: 1, stdout: /^\{/, stderr: /^/ });
  expect(JSON.parse(stdout)).toEqual({ v: 1, changed: [project.path("zr.toml")], unchanged: [] });
});

test("a file that is not UTF-8 is refused and stays as it is, to the byte", async () => {
  await using project = await makeProject({});
  const bytes = Buffer.from('# f\xfcr alle\n[tasks.x]\ncmd="true"\n', "latin1");
  writeFileSync(project.path("zr.toml"), bytes);
  for (const command of [["fmt", "--check"], ["fmt"]])
    await project.zr(...command).expect({ code: 3, stderr: /^error\[E102\][^]*zr\.toml:1:4/ });
  expect(readFileSync(project.path("zr.toml"))).toEqual(bytes);
});

test("a value at the very end of a file survives", async () => {
  await using project = await makeProject({});
  writeFileSync(project.path("zr.toml"), '[tasks.x]\ncmd="true"\nretry=0');
  await project.zr("fmt").expect({ stdout: "zr.toml\n" });
  expect(project.read("zr.toml")).toBe('[tasks.x]\ncmd = "true"\nretry = 0\n');
});
