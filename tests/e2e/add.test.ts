import { expect, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import { asRoot, testUnless } from "#tests/support/left-out";

const CONFIG = `# What this is.
[tasks]
lint = "echo linting" # quick

# Long ones
[tasks.test]
cmd = "echo testing"
`;

test("a task is added at the end, everything else stays, and it runs", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const words = ["--description", "Build it", "--dep", "lint", "--input", "src/**", "--output", "dist/**"];
  await project
    .zr("add", "task", "build", ...words, "--tag", "ci", "-e", "A=b=c", "--", "echo", "built it", "$A")
    .expect({ stderr: "added task build to zr.toml\n" });
  expect(project.read("zr.toml")).toBe(`${CONFIG}
[tasks.build]
description = "Build it"
cmd = "echo 'built it' '$A'"
deps = ["lint"]
inputs = ["src/**"]
outputs = ["dist/**"]
env = { A = "b=c" }
tags = ["ci"]
`);
  await project.zr("fmt", "--check").expect({ stdout: /^/, stderr: /^/ });
  await project.zr("run", "build", "--raw", "-q").expect({ stdout: "linting\nbuilt it $A\n", stderr: /^/ });
});

test("one word behind the dashes is a line as it is, as --cmd is", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await project.zr("add", "task", "a", "-q", "--", "echo one && echo two").expect({});
  await project.zr("add", "task", "b", "-q", "--cmd", "echo one && echo two").expect({});
  await project.zr("run", "a", "--raw", "-q").expect({ stdout: "one\ntwo\n" });
  await project.zr("run", "b", "--raw", "-q").expect({ stdout: "one\ntwo\n" });
});

test("a name that needs quotes in TOML gets them, and a section that is one inline table is extended", async () => {
  await using project = await makeProject({ "zr.toml": 'tasks = { lint = "true" } # all\n' });
  await project.zr("add", "task", "db:migrate", "-q", "--", "true").expect({});
  expect(project.read("zr.toml")).toBe('tasks = { lint = "true", "db:migrate" = { cmd = "true" } } # all\n');
});

test("a file with the line ends of Windows keeps them everywhere", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  writeFileSync(project.path("zr.toml"), '# mine\r\n[tasks]\r\nlint = "true"\r\n');
  await project.zr("add", "task", "build", "-q", "--dep", "lint", "--", "true").expect({});
  expect(project.read("zr.toml")).toBe(
    '# mine\r\n[tasks]\r\nlint = "true"\r\n\r\n[tasks.build]\r\ncmd = "true"\r\ndeps = ["lint"]\r\n',
  );
});

test("a workflow has its stages in order, and a profile its variables", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project
    .zr("add", "workflow", "release", "--stage", "first=test", "--stage", "lint")
    .expect({ stderr: "added workflow release to zr.toml\n" });
  await project
    .zr("add", "profile", "staging", "-e", "STAGE=staging")
    .expect({ stderr: /added profile staging/ });
  expect(project.read("zr.toml")).toStartWith(CONFIG);
  await project.zr("workflow", "release", "--raw", "-q").expect({ stdout: /testing\nlinting/, stderr: /^/ });
  await project.zr("env", "--profile", "staging").expect({ stdout: /STAGE=staging/ });
});

test("what is there is not touched unless forced; then the keys that are given are set", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project.zr("add", "task", "test", "--", "make").expect({
    code: 2,
    stderr: "error[E580]: task 'test' exists already; --force changes it\n",
  });
  expect(project.read("zr.toml")).toBe(CONFIG);
  await project
    .zr("add", "task", "test", "--force", "--dep", "lint")
    .expect({ stderr: "changed task test in zr.toml\n" });
  expect(project.read("zr.toml")).toBe(`${CONFIG}deps = ["lint"]\n`);
});

test("of a table that is there, such as env, --force sets what is given and keeps the rest", async () => {
  for (const [before, after] of [
    ['env = { A = "1", B = "2" } # c\n', 'env = { A = "3", B = "2", C = "4" } # c\n'],
    ['env.A = "1"\nenv.B = "2"\n', 'env.A = "3"\nenv.B = "2"\nenv.C = "4"\n'],
    ['\n[tasks.test.env]\nA = "1" # a\nB = "2"\n', '\n[tasks.test.env]\nA = "3" # a\nB = "2"\nC = "4"\n'],
  ] as const) {
    await using project = await makeProject({});
    project.write("zr.toml", `[tasks.test]\ncmd = "true"\n${before}`);
    await project
      .zr("add", "task", "test", "--force", "-e", "A=3", "-e", "C=4")
      .expect({ stderr: "changed task test in zr.toml\n" });
    expect(project.read("zr.toml")).toBe(`[tasks.test]\ncmd = "true"\n${after}`);
  }
});

test("a command of several lines takes the line ends of the file", async () => {
  await using project = await makeProject({});
  const before = '[tasks.test]\r\ncmd = "true"\r\n';
  project.write("zr.toml", before);
  await project.zr("add", "task", "two", "--cmd", "echo a\necho b").expect({ stderr: /^added/ });
  await project
    .zr("add", "task", "test", "--force", "--cmd", "echo c\necho d")
    .expect({ stderr: /^changed/ });
  expect(project.read("zr.toml").replaceAll("\r\n", "")).not.toContain("\n");
  await project.zr("run", "two", "--raw", "-q").expect({ stdout: "a\nb\n" });
});

test("a dry run prints what would be added, and writes nothing", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project.zr("add", "task", "build", "-n", "--", "make").expect({
    stdout: '[tasks.build]\ncmd = "make"\n',
    stderr: "would add task build to zr.toml\n",
  });
  const data: unknown = JSON.parse(
    (await project.zr("add", "task", "b", "-n", "--json", "--", "make").result()).stdout,
  );
  expect(data).toEqual({
    v: 1,
    path: project.path("zr.toml"),
    text: '[tasks.b]\ncmd = "make"\n',
    isNew: true,
    written: false,
  });
  expect(project.read("zr.toml")).toBe(CONFIG);
});

test("what zr would not accept is not written, and shown at its place", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await project.zr("add", "task", "build", "--dep", "lnt", "--", "make").expect({
    code: 3,
    stderr: /error\[E130\]: dependency 'lnt' of task 'build' does not exist\n[^]*did you mean 'lint'\?/,
  });
  await project.zr("add", "workflow", "w", "--stage", "nope").expect({ code: 3, stderr: /nope/ });
  await project.zr("add", "task", "nothing").expect({ code: 3, stderr: /error\[/ });
  expect(project.read("zr.toml")).toBe(CONFIG);
});

test("hostile names and values stay values", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  for (const name of ["a b", "", "-x=1", "../x", 'x"]\n[tasks.evil', "x\ny", "\u001b[31m"]) {
    const run = await project.zr("add", "task", "--", name, "true").result();
    expect([2, 3]).toContain(run.code ?? 0);
    expect(run.stderr).not.toContain("\u001b");
  }
  expect(project.read("zr.toml")).toBe(CONFIG);
  const nasty = 'say "x" \\ \'y\'\n[tasks.evil]\ncmd = "rm"';
  await project.zr("add", "task", "nasty", "-q", "--description", nasty, "--", "true").expect({});
  await project.zr("list", "--json").expect({ stdout: /"nasty"/ });
  expect((await project.zr("list", "--json").result()).stdout).not.toContain('"evil"');
});

test("a package by its name gets the entry into its own file, which is made where there is none", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
    "packages/api/zr.toml": "[tasks]\n",
    "packages/web/package.json": '{ "name": "web" }',
  });
  await project
    .zr("add", "task", "dev", "--package", "packages/api", "--", "true")
    .expect({ stderr: "added task dev to packages/api/zr.toml\n" });
  await project
    .zr("add", "task", "dev", "--package", "web", "--", "true")
    .expect({ stderr: "added task dev to packages/web/zr.toml\n" });
  await project.zr("add", "task", "dev", "--package", "wep", "--", "true").expect({
    code: 2,
    stderr: /error\[E375\]: there is no package 'wep'\n[^]*web/,
  });
});

test("options of another kind, words too many and no file are refused", async () => {
  await using project = await makeProject({});
  const refused = async (code: string, ...words: readonly string[]): Promise<void> =>
    expect((await project.zr("add", ...words).result()).stderr).toContain(`error[${code}]`);
  await refused("E152", "task", "a", "--", "true");
  project.write("zr.toml", "");
  await refused("E184");
  await refused("E184", "task");
  await refused("E184", "workflow", "w");
  await refused("E185", "taks", "a");
  await refused("E185", "profile", "p", "--", "true");
  await refused("E185", "task", "a", "--cmd", "x", "--", "true");
  await refused("E180", "profile", "p", "--cmd", "x");
  await refused("E180", "task", "a", "--stage", "x");
  expect(project.read("zr.toml")).toBe("");
});

testUnless(asRoot())("a file that can't be written is told", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  chmodSync(project.root, 0o555);
  await project.zr("add", "task", "a", "--", "true").expect({ code: 2, stderr: /error\[E190\]/ });
  chmodSync(project.root, 0o755);
});

test("of several at once none is lost, whichever file they add to", async () => {
  await using project = await makeProject({ "zr.toml": "# mine\n[tasks]\n" });
  const names = Array.from({ length: 8 }, (_, index) => `t${index}`);
  await Promise.all(
    names.map((name, index) =>
      index % 2 === 0
        ? project.zr("add", "task", name, "-q", "--", "true").expect({})
        : project.zr("alias", "set", name, "list", "-q").expect({}),
    ),
  );
  const text = project.read("zr.toml");
  expect(text).toStartWith("# mine\n[tasks]\n");
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});
