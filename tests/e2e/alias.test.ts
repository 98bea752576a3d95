import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const FILE = '# top\n[alias]\n# the one I use\nb = "run build" # often\n\n[tasks.build]\ncmd = "true"\n';

test("aliases are listed by name, those of zr.local.toml over those of zr.toml", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  project.write("zr.local.toml", '[alias]\nb = "run build -q"\nabc = "list"\n');
  await project.zr("alias").expect({ stdout: "abc  list\nb    run build -q\n" });
  const { stdout } = await project.zr("alias", "list", "--json").expect({ stdout: /^\{/ });
  expect(JSON.parse(stdout).aliases[0]).toEqual({
    name: "abc",
    expansion: "list",
    file: project.path("zr.local.toml"),
  });
});

test("setting one keeps the comments, replaces a value in place and makes the table where there is none", async () => {
  await using project = await makeProject({ "inner/x": "" });
  project.write("zr.toml", FILE);
  await project
    .zrWith({ cwd: "inner" }, "alias", "set", "b", "run build -k")
    .expect({ stderr: "set b = run build -k in ../zr.toml\n" });
  expect(project.read("zr.toml")).toBe(FILE.replace("run build", "run build -k"));
  await project.zr("alias", "set", "t", "run", "a b", "-q").expect({ stderr: /^/ });
  await project.zr("alias", "set", "u", "--", "run", "build", "--keep-going").expect({ stderr: /^/ });
  expect(project.read("zr.toml")).toContain('u = "run build --keep-going"\n');
  expect(project.read("zr.toml")).toContain("t = \"run 'a b'\"\n");
  project.write("zr.toml", "x = 1\n");
  await project.zr("alias", "set", "odd.name", "list").expect({ stderr: /^/ });
  expect(project.read("zr.toml")).toBe('x = 1\n\n[alias]\n"odd.name" = "list"\n');
});

test("removing one takes its line, and says where", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  await project.zr("alias", "remove", "b").expect({ stderr: "removed b in zr.toml\n" });
  expect(project.read("zr.toml")).toBe(FILE.replace(/b = .*\n/, ""));
  await project
    .zr("alias", "remove", "b")
    .expect({ code: 2, stderr: "error[E192]: alias 'b' does not exist\n" });
});

test("names of commands, also of later versions, and names that could not be typed are refused", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  await project.zr("alias", "set", "run", "list").expect({ code: 3, stderr: /^error\[E141\]/ });
  await project.zr("alias", "set", "serve", "list").expect({ code: 3, stderr: /^error\[E141\]/ });
  await project.zr("alias", "set", "a b", "list").expect({ code: 3, stderr: /^error\[E117\]/ });
  expect(project.read("zr.toml")).toBe(FILE);
});

test("missing and surplus words are usage errors", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  await project.zr("alias", "set", "x").expect({ code: 2, stderr: /^error\[E184\]/ });
  await project.zr("alias", "remove").expect({ code: 2, stderr: /^error\[E184\]/ });
  await project.zr("alias", "list", "x").expect({ code: 2, stderr: /^error\[E185\]/ });
  await project.zr("alias", "lits").expect({ code: 2, stderr: /did you mean 'list'/ });
});
