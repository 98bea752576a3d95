import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { startsOf, statesOf } from "./events";

const MATRIX = `
  [tasks.test]
  cmd = "echo \${matrix.os} \${matrix.arch}"
  [tasks.test.matrix]
  os = ["linux", "mac"]
  arch = ["x64", "arm"]
  exclude = [{ os = "mac", arch = "arm" }]
  include = [{ os = "linux", fast = "yes" }, { os = "win", arch = "x64" }]
  [tasks.all]
  deps = ["test"]
  [tasks.some]
  cmd = "true"
  deps = ["test[arch=x64]"]
`;

const idsOf = async (...args: readonly string[]): Promise<string[]> => {
  await using project = await makeProject({ "zr.toml": MATRIX });
  const { stdout } = await project
    .zr("run", ...args, "-j1", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  return startsOf(stdout);
};

test("matrix products expand to instances, with include and exclude as in GitHub Actions", async () => {
  expect(await idsOf("test")).toEqual([
    "test[os=linux,arch=x64,fast=yes]",
    "test[os=linux,arch=arm,fast=yes]",
    "test[os=mac,arch=x64]",
    "test[os=win,arch=x64]",
  ]);
});

test("zr run test[os=linux] picks some of the combinations", async () => {
  expect(await idsOf("test[os=linux]")).toEqual([
    "test[os=linux,arch=x64,fast=yes]",
    "test[os=linux,arch=arm,fast=yes]",
  ]);
  expect(await idsOf("test[os=mac,arch=x64]")).toEqual(["test[os=mac,arch=x64]"]);
  expect(await idsOf("some")).toEqual([
    "test[os=linux,arch=x64,fast=yes]",
    "test[os=mac,arch=x64]",
    "test[os=win,arch=x64]",
    "some",
  ]);
});

test("a combination that does not exist is a usage error", async () => {
  await using project = await makeProject({ "zr.toml": MATRIX });
  await project.zr("run", "test[os=plan9]").expect({ code: 2, stderr: /E169[^]*os=plan9/ });
});

test("a dependency on a matrix task waits for every combination", async () => {
  await using project = await makeProject({ "zr.toml": MATRIX });
  const { stdout } = await project.zr("run", "all", "-n").expect({ stdout: anything });
  expect(stdout).toMatch(/level 2\n {2}all/);
  expect(Object.keys(await statesOf(project, "all"))).toHaveLength(5);
});

test("values of a matrix reach the command, numbers and booleans as text", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.t]
      cmd = "echo '\${matrix.n}' \${matrix.b}"
      matrix = { n = [1, 2.5], b = [true] }
    `,
  });
  await project.zr("run", "t", "--raw", "-j1").expect({ stdout: "1 true\n2.5 true\n", stderr: anything });
});
