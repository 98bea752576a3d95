import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** Text of zr.toml, and what the answer has to say beside the problem. */
type Mistake = readonly [title: string, toml: string, says: string];

const task = (line: string): string => `[tasks.a]\ncmd = "true"\n${line}\n`;
const flow = (text: string): string => `${text}\n[tasks.a]\ncmd = "true"\n`;
const meant = (name: string): string => `did you mean '${name}'?`;

const MISTAKES: readonly Mistake[] = [
  [
    "inputs of a workflow by name",
    flow('[workflows.ship.inputs.target]\ntype = "string"'),
    'write [[workflows.ship.inputs]] with name = "target" below',
  ],
  [
    "inputs of a workflow as words",
    flow('[workflows.ship]\ninputs = ["target"]'),
    'write { name = "target" }',
  ],
  [
    "an input of the type int",
    flow('[workflows.ship]\ninputs = [{ name = "n", type = "int" }]'),
    meant("number"),
  ],
  [
    "an input of the type bool",
    flow('[workflows.ship]\ninputs = [{ name = "n", type = "bool" }]'),
    meant("boolean"),
  ],
  [
    "a parameter of the type enum",
    task('args = [{ name = "x", type = "enum" }]'),
    'write choices = ["a", "b"]',
  ],
  [
    "parameters by name",
    task('args = { target = { type = "string" } }'),
    'write [[tasks.a.args]] with name = "target" below',
  ],
  [
    "stages by name",
    flow('[workflows.ship.stages.build]\ntasks = ["a"]'),
    'write [[workflows.ship.stages]] with name = "build" below',
  ],
  ["stages as words", flow('[workflows.ship]\nstages = ["a"]'), 'write { tasks = ["a"] }'],
  ["jobs of a workflow", flow('[workflows.ship.jobs.build]\nruns-on = "ubuntu"'), meant("stages")],
  ["jobs of GitHub Actions", '[jobs.build]\ncmd = "true"\n', meant("tasks")],
  ["scripts of package.json", '[scripts]\nbuild = "tsc"\n', meant("tasks")],
  ["the pipeline of turbo.json", '[pipeline.build]\ndependsOn = ["^build"]\n', meant("tasks")],
  [
    "a task as a list of commands",
    '[tasks]\na = ["npm ci", "npm test"]\n',
    'write { cmds = ["npm ci", "npm test"] }',
  ],
  ["a task as an argv", '[tasks]\na = ["npm", "test"]\n', 'write { cmd = ["npm", "test"] }'],
  ["a list of tasks", '[[tasks]]\nname = "build"\ncmd = "true"\n', "a header with its name: [tasks.build]"],
  ["run of GitHub Actions", '[tasks.a]\nrun = "true"\n', meant("cmd")],
  ["commands as a list", '[tasks.a]\ncommands = ["true"]\n', meant("cmds")],
  ["cmds as one string", '[tasks.a]\ncmds = "true"\n', 'write cmds = ["true"]'],
  ["a script as a list", '[tasks.a]\nscript = ["a", "b"]\n', "cmds for a list of commands"],
  ["needs of GitHub Actions", task('needs = ["b"]'), meant("deps")],
  ["dependsOn of turbo.json", task('dependsOn = ["b"]'), meant("deps")],
  ["working-directory of GitHub Actions", task('working-directory = "x"'), meant("cwd")],
  ["dir of a Taskfile", task('dir = "x"'), meant("cwd")],
  ["desc of a Taskfile", task('desc = "x"'), meant("description")],
  ["sources of a Taskfile", task('sources = ["src/**"]'), meant("inputs")],
  ["generates of a Taskfile", task('generates = ["out"]'), meant("outputs")],
  ["if of GitHub Actions", task('if = "ci"'), meant("condition")],
  ["continue-on-error of GitHub Actions", task("continue-on-error = true"), meant("allow_failure")],
  ["timeout-minutes of GitHub Actions", task("timeout-minutes = 5"), 'write timeout = "5m"'],
  ["a timeout as a number", task("timeout = 30"), 'write timeout = "30s"'],
  ["a timeout in words", task('timeout = "5 minutes"'), 'write timeout = "5m"'],
  ["a key in camel case", task("allowFailure = true"), meant("allow_failure")],
  ["env as a list", task('env = ["A=b"]'), 'write env = { A = "b" }'],
  ["a number in quotation marks", task('retry = "3"'), "write retry = 3"],
  ["tags as one string", task('tags = "slow"'), 'write tags = ["slow"]'],
  ["a matrix as a list", task('matrix = ["a", "b"]'), 'write matrix = { name = ["a", "b"] }'],
  ["private of just", task("private = true"), meant("hidden")],
  ["a task's keys at the top", 'cmd = "true"\n', "stand below its name, as in [tasks.build]"],
  ["a setting at the top", 'shell = "bash"\n', "shell for all tasks stands below [global]"],
  ["a version as a number", "[tools]\nnode = 22\n", 'write node = "22"'],
  ["packages of a workspace", '[workspace]\npackages = ["apps/*"]\n', meant("members")],
  ["a string without quotation marks", "[tasks.a]\ncmd = make build\n", 'write cmd = "make build"'],
  ["names without quotation marks", "[tasks.a]\ndeps = [b, c]\n", 'write deps = ["b", "c"]'],
  ["True of Python", task("hidden = True"), "write hidden = true"],
  ["a Makefile", "build: lint\n\tgo build\n", "a task is written [tasks.build] with cmd"],
  ["YAML", "tasks:\n  build:\n    cmd: make\n", "this is YAML; a task is written [tasks.build]"],
  ["an inline table of JSON", task('env = { A: "b" }'), "TOML has = where JSON and YAML have a colon: A = …"],
];

describe("habits of other tools are answered with the form that zr takes", () => {
  test.each(MISTAKES)("%s", async (_title, toml, says) => {
    await using project = await makeProject({});
    await Bun.write(project.path("zr.toml"), toml);
    const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
    expect(stderr).toContain(says);
  });

  test("a workflow whose stages are written in another form is not said to have none", async () => {
    await using project = await makeProject({ "zr.toml": '[workflows.ship.jobs.build]\ntasks = ["a"]\n' });
    const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
    expect(stderr).not.toContain("E260");
  });

  test("programs get the hint as data", async () => {
    await using project = await makeProject({ "zr.toml": task("timeout = 30") });
    const { stdout } = await project.zr("validate", "--json").expect({ code: 3, stdout: anything });
    expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: "E112", hint: 'write timeout = "30s"' }]);
  });

  test("a mistake that no habit explains is told without a hint", async () => {
    await using project = await makeProject({ "zr.toml": task("retry = -1") });
    const { stderr } = await project.zr("validate").expect({ code: 3, stderr: anything });
    expect(stderr).not.toMatch(/^ *= /m);
  });
});

describe("a task with the name of a command", () => {
  const TASKS = '[tasks]\nfmt = "echo formatting the code"\nci = "echo all of it"\ntest = "true"\n';

  test("is listed with how it is run", async () => {
    await using project = await makeProject({ "zr.toml": TASKS });
    await project.zr("list").expect({ stdout: "  fmt    (zr run fmt)\n  ci     (zr run ci)\n  test\n" });
  });

  test("is named where the command alone was given, which does its work all the same", async () => {
    await using project = await makeProject({ "zr.toml": `${TASKS}\n\n` });
    await project.zr("fmt").expect({
      stdout: "zr.toml\n",
      stderr: "zr: that was zr's own 'fmt'; your task of this name is run by: zr run fmt\n",
    });
    expect(project.read("zr.toml")).toBe(TASKS);
    const { stderr } = await project.zr("ci").expect({ code: 2, stderr: anything });
    expect(stderr).toContain("error[E184]");
    expect(stderr).toEndWith("zr run ci\n");
  });

  test("is not spoken of where options or words say that the command is meant, or where there is no such task", async () => {
    await using project = await makeProject({ "zr.toml": TASKS });
    await project.zr("fmt", "--check").expect({});
    await project.zr("fmt", "zr.toml").expect({});
    await project.zr("run", "fmt").expect({ stdout: "formatting the code\n" });
    await project.zr("clean").expect({ stdout: "removed 0 files, 0 B\n" });
  });
});

describe("command lines of other tools are answered with what they are here", () => {
  const TASKS = '[tasks]\ntest = "echo testing"\nhello = "echo hello"\n';

  test.each<[string, string[], string]>([
    ["the list of just", ["--list"], meant("zr list")],
    ["the letter for it", ["-l"], meant("zr list")],
    ["the list of task, behind run", ["run", "--list"], meant("zr list")],
    ["--dry of turbo and task", ["--dry", "test"], meant("--dry-run")],
    ["-B of make", ["-B", "test"], meant("--force")],
    ["--file of make, which resembles another option", ["--file", "x", "test"], meant("--config")],
    ["--concurrency behind a task", ["test", "--concurrency=2"], meant("--jobs")],
    ["an option that is for the task's command", ["test", "--lf"], "stands behind a --: test -- --lf"],
    ["a letter that is for the task's command", ["test", "-s"], "stands behind a --: test -- -s"],
    ["the same to a watched task", ["watch", "test", "--lf"], "stands behind a --: test -- --lf"],
    ["a variable of make", ["test", "MODE=fast"], "given by -e MODE=fast"],
    ["a variable of just, before the task", ["mode=fast", "test"], "[vars] by --set mode=fast"],
    ["the task of dependencies", ["^test"], meant("test")],
    ["an argument of just", ["test", "src/a.test.ts"], "stands behind a --: test -- src/a.test.ts"],
  ])("%s", async (_title, words, says) => {
    await using project = await makeProject({ "zr.toml": TASKS });
    const { stderr } = await project.zr(...words).expect({ code: 2, stderr: anything });
    expect(stderr).toContain(says);
  });

  test.each<[string, string[]]>([
    ["an option behind a task that does not exist", ["run", "nope", "--lf"]],
    ["a misspelled option", ["test", "--dryrun"]],
    ["a misspelled task behind another", ["hello", "tset"]],
    ["a word alone that is no task", ["run", "nope"]],
  ])("%s is not said to belong behind --", async (_title, words) => {
    await using project = await makeProject({ "zr.toml": TASKS });
    const { stderr } = await project.zr(...words).expect({ code: 2, stderr: anything });
    expect(stderr).not.toContain("behind a --");
  });

  test("another command is not offered the options of run", async () => {
    await using project = await makeProject({ "zr.toml": TASKS });
    const { stderr } = await project.zr("list", "--no-deps").expect({ code: 2, stderr: anything });
    expect(stderr).not.toContain("did you mean");
  });

  test("among many tasks it is said where arguments go, beside how to list them", async () => {
    const many = Array.from({ length: 20 }, (_, at) => `word${at}x = "true"\n`).join("");
    await using project = await makeProject({ "zr.toml": `${TASKS}${many}` });
    const { stderr } = await project.zr("test", "somewhere/else").expect({ code: 2, stderr: anything });
    expect(stderr).toContain("stands behind a --: test -- somewhere/else");
    expect(stderr).toContain("`zr list` shows the tasks");
  });
});
