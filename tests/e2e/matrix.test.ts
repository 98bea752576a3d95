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

const PICKS = `
  [vars]
  slow = "b"
  [tasks]
  compile = { cmd = "echo compile \${matrix.os}", matrix = { os = ["a", "b"] } }
  test = { cmd = "echo test \${matrix.os}", matrix = { os = ["b", "a"] }, deps = ["compile[os=\${matrix.os}]"] }
  call = { cmds = [{ task = "compile[os=\${matrix.on}]" }], matrix = { on = ["b"] } }
  end = { cmd = "true", matrix = { os = ["a"] }, finally = ["compile[os=\${matrix.os}]"] }
  given = { cmd = "true", args = [{ name = "os", required = true }], deps = ["compile[os=\${args.os}]"] }
  slowly = { cmd = "true", deps = ["compile[os=\${vars.slow}]"] }
  "on:*" = { cmd = "true", deps = ["compile[os=\${match.0}]"] }
  maybe = { cmd = "echo maybe \${matrix.os}", matrix = { os = ["a", "c"] }, deps = [{ task = "compile[os=\${matrix.os}]", optional = true }] }
`;

test("the brackets of a dependency may refer to what the task itself knows before a run", async () => {
  await using project = await makeProject({ "zr.toml": PICKS });
  const startsOfRun = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await project
      .zr("run", ...args, "-j1", "--events", "-")
      .expect({ stdout: anything, stderr: anything });
    return startsOf(stdout);
  };
  const { stdout } = await project.zr("graph", "test", "--format", "json").expect({ stdout: anything });
  // Written by the program itself.
  const { edges } = JSON.parse(stdout) as { readonly edges: readonly Record<string, unknown>[] };
  expect(edges.map(({ from, to }) => [from, to]).toSorted()).toEqual([
    ["test[os=a]", "compile[os=a]"],
    ["test[os=b]", "compile[os=b]"],
  ]);
  expect(await startsOfRun("test[os=b]")).toEqual(["compile[os=b]", "test[os=b]"]);
  expect(await startsOfRun("call")).toContain("compile[os=b]@call[on=b]");
  expect(await startsOfRun("end")).toEqual(["end[os=a]", "compile[os=a]#after"]);
  expect(await startsOfRun("given", "b")).toEqual(["compile[os=b]", "given"]);
  expect(await startsOfRun("slowly")).toEqual(["compile[os=b]", "slowly"]);
  expect(await startsOfRun("on:a")).toEqual(["compile[os=a]", "on:a"]);
  expect((await startsOfRun("maybe")).toSorted()).toEqual(["compile[os=a]", "maybe[os=a]", "maybe[os=c]"]);
  await project.zr("validate").expect({ stdout: anything, stderr: anything });
});

test("wait_for orders the combination that its brackets refer to", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      first = { cmd = "true", matrix = { os = ["a", "b"] } }
      then = { cmd = "true", matrix = { os = ["a", "b"] }, wait_for = ["first[os=\${matrix.os}]"] }
    `,
  });
  const { stdout } = await project
    .zr("run", "then[os=a]", "then[os=b]", "first[os=b]", "-n")
    .expect({ stdout: anything });
  expect(stdout.match(/^(?:level \d|  \S+)/gm)).toEqual([
    "level 1",
    "  then[os=a]",
    "  first[os=b]",
    "level 2",
    "  then[os=b]",
  ]);
});

test("brackets that refer to nothing, or to a combination that the task does not have, are told where they stand", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      t = { cmd = "true", matrix = { os = ["a", "b"] } }
      name = { cmd = "true", matrix = { os = ["a"] }, deps = ["t[os=\${matrix.so}]"] }
      value = { cmd = "true", matrix = { os = ["a", "c"] }, deps = ["t[os=\${matrix.os}]"] }
      order = { cmd = "true", matrix = { os = ["a", "c"] }, wait_for = "t[os=\${matrix.os}]" }
      late = { cmd = "true", on_failure = ["t[os=\${git.sha}]"] }
      task = { cmd = "true", matrix = { os = ["a"] }, deps = ["tt[os=\${matrix.os}]"] }
    `,
  });
  await project.zr("run", "name").expect({ code: 3, stderr: /E130/ });
  const known = await project.read("zr.toml");
  await project.write("zr.toml", known.slice(0, known.indexOf("task = ")));
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(
    stderr
      .replaceAll(/^.*│.*\n/gm, "")
      .replaceAll(/\n+/g, "\n")
      .trim(),
  ).toBe(
    [
      "error[E172]: '${matrix.so}' means nothing in 'deps' of task 'name'",
      "  ┌─ zr.toml:3:63",
      "error[E169]: no combination of task 't' has os=c",
      "  ┌─ zr.toml:4:63",
      "error[E169]: no combination of task 't' has os=c",
      "  ┌─ zr.toml:5:66",
      "error[E178]: '${git.sha}' is not known yet where 'on_failure' of task 'late' is worked out",
      "  ┌─ zr.toml:6:44",
    ].join("\n"),
  );
  await project.zr("run", "value[os=a]").expect({ stdout: anything, stderr: anything });
  await project.zr("run", "value").expect({ code: 3, stderr: /E169/ });
});

test("wait_for in an included file means the task of its namespace first", async () => {
  await using project = await makeProject({
    "zr.toml": `include = [{ path = "ci.toml", namespace = "ci" }]\n[tasks]\nb = "true"`,
    "ci.toml": `[tasks]\na = { cmd = "true", wait_for = "b" }\nb = "true"`,
  });
  const { stdout } = await project.zr("run", "ci:a", "ci:b", "b", "-n").expect({ stdout: anything });
  expect(stdout.match(/^(?:level \d|  \S+)/gm)).toEqual(["level 1", "  ci:b", "  b", "level 2", "  ci:a"]);
});
