import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

test("a valid configuration is told with its numbers of files and tasks", async () => {
  await using project = await makeProject({
    "zr.toml": 'include = ["a.toml"]\n[tasks.x]\ncmd = "true"\n',
    "a.toml": '[tasks.y]\ncmd = "true"\n',
  });
  await project.zr("validate").expect({ stdout: "2 files, 2 tasks: no problems\n" });
});

test("nothing is run by it, whatever a condition or variable asks for", async () => {
  await using project = await makeProject({
    "zr.toml":
      '[env]\nA = "$(touch ran)"\n[tasks.x]\ncmd = "touch ran"\ncondition = "shell(\'touch ran\') == \'\'"\nstatus = "touch ran"\n',
  });
  await project.zr("validate").expect({ stdout: anything, stderr: anything });
  expect(project.exists("ran")).toBe(false);
});

test("strings, conditions and calls of every task are looked at, also of tasks that nobody asks for", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo \${matrix.os}"
      [tasks.b]
      cmd = "true"
      condition = "brnch == 'x'"
      [tasks.c]
      deps = [{ task = "d", args = ["1", "2"] }]
      [tasks.d]
      cmd = "true"
      args = [{ name = "n" }]
    `,
  });
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(stderr.match(/E\d+\]|zr\.toml:\d+/g)).toEqual([
    "E172]",
    "zr.toml:2",
    "E211]",
    "zr.toml:5",
    "E163]",
    "zr.toml:7",
  ]);
});

test("an entry without the key that it needs, since that is of a wrong type, leaves the rest to be looked at", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.a]\ncmd = "true"\nargs = [{ name = 5 }]\n[tasks.b]\ndeps = ["nope"]\n',
  });
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: /^error\[E112\]/ });
  expect(stderr).toContain("error[E130]: dependency 'nope'");
});

test("a name that leads nowhere hides nothing else, in its own task and in others", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo \${vars.nope}"
      deps = ["gone"]
      [tasks.b]
      cmd = "true"
      condition = "1 +"
      [tasks.c]
      cmd = "echo \${args.n}"
      args = 1
      typo = "x"
      [workflows.w]
      steps = [{ run = "gone" }]
    `,
  });
  const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
  expect(stderr.match(/E\d+\]|zr\.toml:\d+/g)?.toSorted()).toEqual(
    ["E130]", "E270]", "E112]", "E110]", "E172]", "E207]"]
      .concat(["zr.toml:2", "zr.toml:3", "zr.toml:6", "zr.toml:9", "zr.toml:10", "zr.toml:12"])
      .toSorted(),
  );
});

test("what this version can't do is a warning, and an error with --strict", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\nnotify = true\n' });
  await project.zr("validate").expect({ stdout: "1 file, 1 task: 1 warning\n", stderr: /^warning\[E166\]/ });
  await project.zr("validate", "--strict").expect({ code: 3, stdout: anything, stderr: anything });
});

test("a weight above the configured number of workers is impossible", async () => {
  await using project = await makeProject({
    "zr.toml": '[global.resources]\nmax_workers = 2\n[tasks.a]\ncmd = "true"\nresources = { weight = 3 }\n',
  });
  await project.zr("validate").expect({ code: 3, stderr: /^error\[E165\]: task 'a' can never start/ });
});

test("--json gives the diagnostics as data, and an empty list where there are none", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\n' });
  const fine = await project.zr("validate", "--json").expect({ stdout: anything });
  expect(JSON.parse(fine.stdout)).toMatchObject({ diagnostics: [] });
  project.write("zr.toml", "[tasks.a]\ncmd = 1\n");
  const wrong = await project.zr("validate", "--json").expect({ code: 3, stdout: anything });
  expect(JSON.parse(wrong.stdout).diagnostics).toMatchObject([
    {
      code: "E112",
      severity: "error",
      file: project.path("zr.toml"),
      range: { start: { line: 2, column: 7 }, end: { line: 2, column: 8 } },
    },
  ]);
});

test("a task that gets a matrix key only from a stage's for_each is judged there, and only for that key", async () => {
  const workflow = `
    [[workflows.w.stages]]
    tasks = ["ask", "deploy"]
    for_each = "matrix.region"
    [[workflows.w.stages]]
    tasks = ["ping"]
    for_each = [1, 2]
  `;
  const tasks = `
    [tasks]
    deploy = { cmd = "true", matrix = { region = ["eu", "us"] } }
    ask = { cmd = "echo \${matrix.region}", env = { AT = "\${matrix.region}" }, condition = "matrix.region == 'eu'" }
    ping = "echo \${matrix.item}"
  `;
  await using good = await makeProject({ "zr.toml": `${tasks}${workflow}` });
  await good.zr("validate").expect({ stdout: "1 file, 3 tasks: no problems\n" });
  await using alone = await makeProject({ "zr.toml": tasks });
  const { stderr: both } = await alone.zr("validate").expect({ code: 3, stderr: anything });
  expect(both).toContain("'${matrix.region}' means nothing in 'cmd' of task 'ask'");
  expect(both).toContain("'${matrix.item}' means nothing in 'cmd' of task 'ping'");
  await using wrong = await makeProject({
    "zr.toml": `${tasks.replace("matrix.item", "matrix.region")}${workflow}`,
  });
  const { stderr } = await wrong.zr("validate").expect({ code: 3, stderr: anything });
  expect(stderr.match(/E172/g)).toHaveLength(1);
  expect(stderr).toContain("'${matrix.region}' means nothing in 'cmd' of task 'ping'");
});

test("lines of a dotenv file that set nothing are told of, without their text", async () => {
  await using project = await makeProject({
    "zr.toml": '[global]\ndotenv = true\n[tasks.a]\ncmd = "true"\n',
    ".env": "GOOD=1\nDATABASE_URL\n",
  });
  const { stderr } = await project.zr("validate").expect({ stdout: anything, stderr: /^warning\[E33\d\]/ });
  expect(stderr).toContain(".env:2");
  expect(stderr).not.toContain("DATABASE_URL");
  await project.zr("env", "--resolve", "GOOD").expect({ stdout: /1/, stderr: /^warning\[E33\d\]/ });
  await project.zr("env", "--json").expect({ stdout: /GOOD/ });
});

test("[watch.rules] that name no task are told, in the package that they stand in", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["a"]\n[watch.rules]\n"docs/**" = "site"\n[tasks]\nsite = "true"\n',
    "a/zr.toml": '[watch.rules]\n"src/**" = ["own", "sitte", "//:site"]\n[tasks]\nown = "true"\n',
  });
  await project.zr("validate").expect({
    code: 3,
    stderr: /^error\[E281\]: \[watch\.rules\] names task 'sitte', which does not exist\n.*a\/zr\.toml:2:20\n/,
  });
  project.write("a/zr.toml", '[tasks]\nown = "true"\n');
  await project.zr("validate").expect({ stdout: anything });
});

test("two parameters of a task can't have one name", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.a]\ncmd = "true"\nargs = [{ name = "to" }, { name = "from" }, { name = "to" }]\n',
  });
  await project.zr("validate").expect({
    code: 3,
    stderr: /^error\[E137\]: parameter 'to' is defined twice\n.*zr\.toml:3:54\n[^]*first defined here/,
  });
  await project.zr("run", "a", "1").expect({ code: 3, stderr: /E137/ });
});
