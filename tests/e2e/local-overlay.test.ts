import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILE =
  '[vars]\nx = "file"\n[env]\nA = "file"\n[tasks.t]\ncmd = "echo ${vars.x} $A $B"\nenv = { B = "file" }\n';

test("zr.local.toml goes over zr.toml, key by key", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  project.write(
    "zr.local.toml",
    '[env]\nA = "local"\n[tasks.t]\nenv = { B = "local" }\n[tasks.mine]\ncmd = "echo mine"\n',
  );
  await project
    .zr("run", "t", "--output=interleaved")
    .expect({ stdout: "file local local\n", stderr: anything });
  await project.zr("run", "mine", "--output=interleaved").expect({ stdout: "mine\n", stderr: anything });
});

test("a profile goes over it, and -e over both", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", `${FILE}[profiles.p.tasks.t]\nenv = { B = "profile" }\n`);
  project.write("zr.local.toml", '[tasks.t]\nenv = { B = "local" }\n');
  await project
    .zr("run", "t", "-p", "p", "--output=interleaved")
    .expect({ stdout: "file file profile\n", stderr: anything });
  await project
    .zr("run", "t", "-p", "p", "-e", "B=flag", "--output=interleaved")
    .expect({ stdout: "file file flag\n", stderr: anything });
});

test("each member has its own", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["a"]\n',
    "a/zr.toml": '[tasks.t]\ncmd = "echo shared"\n',
    "a/zr.local.toml": '[tasks.t]\ncmd = "echo own"\n',
  });
  await project.zr("run", "a:t", "--output=interleaved").expect({ stdout: "own\n", stderr: anything });
});

test("its problems are placed in it", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", FILE);
  project.write("zr.local.toml", '[tasks.t]\ndeps = ["nobody"]\n');
  const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
  expect(stderr).toContain("┌─ zr.local.toml:2:9\n");
});

test("alone, or beside a file that --config names, it means nothing", async () => {
  await using project = await makeProject({ "zr.local.toml": '[tasks.t]\ncmd = "true"\n' });
  await project.zr("list").expect({ code: 3, stderr: /^error\[E152\]/ });
  project.write("other.toml", '[tasks.o]\ncmd = "true"\n');
  await project.zr("list", "--config", "other.toml").expect({ stdout: "  o\n" });
});
