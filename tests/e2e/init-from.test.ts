import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
import { JUSTFILE, MAKEFILE, TASKFILE } from "#tests/support/migration-sources";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { testUnless, without } from "#tests/support/left-out";

const QUIET = /^/;

test("a Makefile is converted: what its targets run is what make would run", async () => {
  await using project = await makeProject({ Makefile: MAKEFILE, "one.txt": "1\n", "two.txt": "2\n" });
  await project.zr("init", "--from-make").expect({
    stderr:
      "created zr.toml\n" +
      "Makefile:9: note: OUT, SOURCES (line 12), OPEN (line 20): what conditions, functions and other values make of it is decided now: 'make OUT=…' has no equal there\n" +
      "converted 12 of 12 tasks of Makefile\n",
  });
  await project.zr("validate", "--strict").expect({ stdout: QUIET, stderr: QUIET });
  const run = async (args: readonly string[], stdout: string, env = {}): Promise<void> => {
    await project.zrWith({ env }, "run", ...args, "--raw", "--jobs", "1").expect({ stdout, stderr: QUIET });
  };
  await run(["greet"], "hello demo 1.2.3 'out'\n");
  await run(["greet"], "hello mine 1.2.3 'out'\n", { NAME: "mine" });
  await run(["greet", "--set", "OUT=else"], "hello demo 1.2.3 'else'\n");
  await run(["list", "--only"], "-v a b 2\n1\n2\n");
  await run(["canned"], "first of it\nsecond of it\n");
  await run(["release"], "release final\n");
  await run(["debug"], "plain\n");
  await run(["debug"], "debugging\n", { DEBUG: "1" });
  await run(["copies"], "1\n2\n");
  expect(project.read("out/two.copy")).toBe("2\n");
  await project.zr("run", "default", "--dry-run").expect({ stdout: /hello \$\{NAME-demo\}/, stderr: QUIET });
});

testUnless(without("make"))("both tools' dry runs of a Makefile are compared", async () => {
  await using project = await makeProject({ Makefile: MAKEFILE, "one.txt": "1\n", "two.txt": "2\n" });
  await project.zr("init", "--from-make", "--verify").expect({
    stderr: /\n11 of 11 tasks run the same commands as make\n$/,
  });
});

test("a justfile is converted: parameters, dependencies, scripts and platforms", async () => {
  await using project = await makeProject({ justfile: JUSTFILE, "sub/x": "" });
  await project.zr("init", "--from-just").expect({
    stderr:
      "created zr.toml\n" +
      "justfile:6: note: name, out (line 8): what conditions, functions and other values make of it is decided now: 'just name=…' has no equal there\n" +
      "converted 8 of 8 tasks of justfile\n",
  });
  const run = async (args: readonly string[], stdout: string, env = {}): Promise<void> => {
    await project.zrWith({ env }, "run", ...args, "--raw", "--jobs", "1").expect({ stdout, stderr: QUIET });
  };
  await run(["greet"], "hello demo 1.2.3 'out/demo'\n-q DEMO {{braces}}\n");
  await run(["g", "me", "a", "b"], "hello me 1.2.3 'out/demo' a b\n-v DEMO {{braces}}\n", { LEVEL: "debug" });
  await run(["all"], "hello you 1.2.3 'out/demo'\n-q DEMO {{braces}}\nbody\nbye\n");
  await run(["pair", "l"], "hello l 1.2.3 'out/demo'\n-q DEMO {{braces}}\nl b on one line\n");
  await run(["script"], "1 of demo\n2 of demo\n");
  await run(["inside"], "<root>/sub\n");
  await project.zr("open").expect({ code: 1, stderr: /not confirmed: Really\?/ });
});

testUnless(without("just"))("both tools' dry runs of a justfile are compared", async () => {
  await using project = await makeProject({ justfile: JUSTFILE });
  await project
    .zr("init", "--from-just", "--verify")
    .expect({ stderr: /\n8 of 8 tasks run the same commands as just\n$/ });
});

test("a Taskfile is converted: variables, loops, conditions, calls and what runs at the end", async () => {
  await using project = await makeProject({ "Taskfile.yml": TASKFILE, "src/a.txt": "a\n" });
  await project.zr("init", "--from-task").expect({
    stderr:
      "created zr.toml\n" +
      "Taskfile.yml:5: note: NAME, OUT (line 8): what conditions, functions and other values make of it is decided now: 'task NAME=…' has no equal there\n" +
      "Taskfile.yml:62: approximated: ending: cmds.0: it runs at the end wherever the task ends, also where it fails before this line\n" +
      "converted 10 of 10 tasks of Taskfile.yml (1 approximated)\n",
  });
  const run = async (args: readonly string[], stdout: string, env = {}): Promise<void> => {
    await project.zrWith({ env }, "run", ...args).expect({ stdout, stderr: QUIET });
  };
  await run(["g", "--raw"], "hello demo 1.2.3 'out/demo'\nDEMO yes info\n");
  await run(["g", "--raw"], "hello demo 1.2.3 'out/demo'\nDEMO yes high\n", { LEVEL: "high" });
  await run(["default", "--raw"], "hello demo 1.2.3 'out/demo'\nDEMO yes info\ncalling you\n");
  await run(["call"], "calling nobody\n");
  await run(["each", "--raw"], "item a\nitem b\nthing one\nthing two\n");
  await run(["checked"], "checked\n");
  await run(["choose", "here", "--", "a b"], "here a b\n");
  await project.zr("run", "choose", "nowhere").expect({ code: 2, stderr: /one of here, there/ });
  await run(["ending", "--raw"], "first\nat the end\n");
  await run(["serve:docs"], "serving docs\n");
});

testUnless(without("task"))("both tools' dry runs of a Taskfile are compared", async () => {
  await using project = await makeProject({ "Taskfile.yml": TASKFILE });
  await project
    .zr("init", "--from-task", "--verify")
    .expect({ stderr: /tasks run the same commands as task\n$/ });
});

test("what can't be expressed is reported with its line, refused when it is run, and fails the conversion", async () => {
  await using project = await makeProject({
    Makefile: "good:\n\techo good\n\nbad: good\n\techo before\n\techo $(guile (x))\n\techo after\n",
  });
  await project.zr("init", "--from-make").expect({
    code: 1,
    stderr:
      "created zr.toml\nMakefile:6: left out: $(guile …): it has no equal\n" +
      "converted 1 of 2 tasks of Makefile (1 left out)\n",
  });
  expect(project.read("zr.toml")).toContain(
    "# zr: not converted (Makefile:6): it has no equal\n  # echo $(guile (x))\n",
  );
  const failed = await project.zr("run", "bad", "--raw").expect({ code: 1, stdout: QUIET, stderr: QUIET });
  expect(failed.stdout).toBe("good\nbefore\n");
  expect(failed.stderr).toContain("not converted: Makefile:6");
});

test("conditions within conditions, errors and values of the environment hold as they do in make", async () => {
  await using project = await makeProject({
    Makefile: `MODE ?= debug
FLAGS_debug = -g
ifdef A
ifdef B
X = ab
endif
endif
ifndef NEED
$(error set NEED)
endif
ifeq ($(origin TOOL),undefined)
TOOL = built-in
endif
OS = $(shell uname -s)

show:
	@echo $(FLAGS_$(MODE)) $(X) $(TOOL)
sets:
	$(eval Q := 1)
	@echo q$(Q)
asks:
	@echo q$(Q)
system:
	@echo $(OS)
`,
  });
  await project.zr("init", "--from-make", "-q").expect({ code: 1, stderr: QUIET });
  const run = (task: string, env: Readonly<Record<string, string>>): ReturnType<typeof project.zr> =>
    project.zrWith({ env: { NEED: "1", ...env } }, "run", task, "--raw");
  await run("show", {}).expect({ stdout: "-g built-in\n", stderr: QUIET });
  await run("show", { B: "1" }).expect({ stdout: "-g built-in\n", stderr: QUIET });
  await run("show", { A: "1", B: "1", TOOL: "mine" }).expect({ stdout: "-g ab mine\n", stderr: QUIET });
  await run("show", { MODE: "release" }).expect({
    code: 1,
    stdout: QUIET,
    stderr: /not converted: Makefile:/,
  });
  await run("show", { NEED: "" }).expect({ code: 1, stdout: "", stderr: /set NEED/ });
  await run("sets", {}).expect({ stdout: "q1\n", stderr: QUIET });
  await run("asks", {}).expect({ stdout: "q\n", stderr: QUIET });
  expect(project.read("zr.toml")).toContain('{ cmd = "echo Darwin", platforms = ["darwin"] }');
});

test("what hangs on a condition without an expression is refused, and nothing else is", async () => {
  await using project = await makeProject({
    Makefile: `ifneq ($(filter deploy,$(MAKECMDGOALS)),)
X = release
else
X = debug
endif
ifdef CI
export LEVEL = high
endif
hangs:
	@echo $(X)
free:
	@echo free $$LEVEL
`,
    "blanket.mk": `ifneq ($(filter deploy,$(MAKECMDGOALS)),)
export LEVEL = high
endif
free:
	@echo free
`,
  });
  await project.zr("init", "--from-make", "-q").expect({ code: 1, stderr: QUIET });
  await project
    .zr("run", "hangs", "--raw")
    .expect({ code: 1, stdout: QUIET, stderr: /not converted: Makefile:/ });
  // A condition that a shell can ask chooses the value.
  await project.zr("run", "free", "--raw").expect({ stdout: "free\n", stderr: QUIET });
  const withCi = project.zrWith({ env: { CI: "1" } }, "run", "free", "--raw");
  await withCi.expect({ stdout: "free high\n", stderr: QUIET });
  await project
    .zr("init", "--from-make", "--source", "blanket.mk", "--force", "-q")
    .expect({ code: 1, stderr: QUIET });
  const free = await project.zr("run", "free", "--raw").expect({ code: 1, stdout: QUIET, stderr: QUIET });
  // Whether LEVEL is there is not known, and it reaches every command.
  expect(free.stderr).toContain("not converted: blanket.mk:");
});

test("words behind a target are arguments", async () => {
  await using project = await makeProject({
    Makefile: "say:\n\t@echo $(filter-out $@,$(MAKECMDGOALS))\n%:\n\t@:\n",
  });
  await project.zr("init", "--from-make", "-q").expect({ code: 1, stderr: QUIET });
  await project.zr("run", "say", "--raw", "--", "a", "b").expect({ stdout: "a b\n", stderr: QUIET });
});

test("a recipe that runs where it is called from is refused; texts are replaced by expressions", async () => {
  await using project = await makeProject({
    justfile:
      "v := replace_regex('v1.2.3', '^v([0-9]+)', 'V$1')\n[no-cd]\nhere:\n    pwd\nshow name:\n    echo {{v}} {{replace_regex(name, '-+', '_')}}\n",
  });
  await project.zr("init", "--from-just").expect({
    code: 1,
    stderr: /justfile:3: left out: \[no-cd\]: a task runs in the folder of its file/,
  });
  await project.zr("run", "here").expect({ code: 1, stdout: QUIET, stderr: /not converted: justfile:3/ });
  await project.zr("run", "show", "a--b", "--raw").expect({ stdout: "V1.2.3 a_b\n", stderr: QUIET });
});

test("a line that is a choice as a whole chooses a command", async () => {
  await using project = await makeProject({
    justfile:
      'show name:\n    @{{ if name == "x" { "echo \'it is x\'" } else if name == "y" { "" } else { "echo other " + name } }}\n',
  });
  await project.zr("init", "--from-just", "-q").expect({});
  await project.zr("run", "show", "x", "--raw").expect({ stdout: "it is x\n", stderr: QUIET });
  await project.zr("run", "show", "y", "--raw").expect({ stdout: "", stderr: QUIET });
  await project.zr("run", "show", "z", "--raw").expect({ stdout: "other z\n", stderr: QUIET });
});

test("an include of a Taskfile may name a variable; one whose folder nobody knows is left out", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
vars: {WHERE: docs}
includes:
  docs: './{{.WHERE}}/Taskfile.yml'
  far: {taskfile: ./docs/Taskfile.yml, dir: '{{.NOBODY}}'}
tasks: {a: echo a}
`,
    "docs/Taskfile.yml": "version: '3'\ntasks: {build: pwd}\n",
  });
  await project.zr("init", "--from-task").expect({
    code: 1,
    stderr: /Taskfile.yml:5: left out: includes: far: the folder of its tasks is only known when it runs/,
  });
  await project.zr("run", "docs:build", "--raw").expect({ stdout: QUIET, stderr: QUIET });
  expect(project.read("zr.toml")).not.toContain("far:");
});

test("what is approximate fails the conversion only where it is strict", async () => {
  await using project = await makeProject({ Makefile: "a:\n\tcd sub && $(MAKE) a\n" });
  await project.zr("init", "--from-make", "--dry-run").expect({
    stdout: '[tasks.a]\naliases = ["default"]\ncmd = "cd sub && make a"\n',
    stderr:
      "would create zr.toml\nMakefile:2: approximated: cd sub && make a: it still calls make\n" +
      "converted 1 of 1 task of Makefile (1 approximated)\n",
  });
  expect(existsSync(project.path("zr.toml"))).toBe(false);
  await project.zr("init", "--from-make", "--strict", "-q").expect({ code: 1, stderr: /approximated/ });
});

test("a zr.toml that is there stays, unless forced", async () => {
  await using project = await makeProject({ Makefile: "a:\n\techo a\n", "zr.toml": "# mine\n" });
  await project
    .zr("init", "--from-make")
    .expect({ code: 2, stderr: "error[E187]: zr.toml exists already; --force overwrites it\n" });
  expect(project.read("zr.toml")).toBe("# mine\n");
  await project.zr("init", "--from-make", "--force", "-q").expect({});
  await project.zr("run", "a").expect({ stdout: "a\n", stderr: QUIET });
});

test("wrapped tasks call the other tool, and keep descriptions and aliases", async () => {
  await using project = await makeProject({
    Makefile: MAKEFILE,
    justfile: JUSTFILE,
    "Taskfile.yml": TASKFILE,
  });
  await project.zr("init", "--from-make", "--wrap", "--dry-run", "-q").expect({
    stdout: /\[tasks\.greet\]\ndescription = "Say hello"\ncmd = "make greet"\n/,
  });
  await project.zr("init", "--from-just", "--wrap", "--dry-run", "-q").expect({
    stdout: /\[tasks\.greet\]\ndescription = "Say hello"\naliases = \["g"\]\ncmd = "just greet"\n/,
  });
  await project.zr("init", "--from-task", "--wrap", "--dry-run", "-q").expect({
    stdout: /\[tasks\.greet\]\ndescription = "Say hello"\naliases = \["g"\]\ncmd = "task greet"\n/,
  });
});

test("the report is data with --json", async () => {
  await using project = await makeProject({ "tasks.mk": "a:\n\techo $(guile x)\n" });
  const made = await project
    .zr("init", "--from-make", "--source", "tasks.mk", "--json")
    .expect({ code: 1, stdout: QUIET });
  expect(JSON.parse(made.stdout)).toMatchObject({
    sources: ["tasks.mk"],
    report: [{ file: "tasks.mk", line: 2, severity: "left-out", what: "$(guile …)", why: "it has no equal" }],
    total: 1,
    converted: 0,
    written: true,
  });
});

test("wrong requests are told apart", async () => {
  await using project = await makeProject({
    "Taskfile.yml": "version: '2'\ntasks: {a: echo a}\n",
    justfile: "a:\n  true\n",
  });
  const refused = async (args: readonly string[], stderr: string): Promise<void> => {
    await project.zr("init", ...args).expect({ code: 2, stderr });
  };
  await refused(["--from-make"], "error[E480]: no Makefile in .\n");
  await refused(["--from-task"], "error[E481]: can't convert Taskfile.yml: it is of version 2, not 3\n");
  await refused(
    ["--from-make", "--from-just"],
    "error[E482]: --from-make and --from-just exclude each other\n",
  );
  await refused(["--wrap"], "error[E483]: --wrap needs one of the --from-… options\n");
});

test.each([
  ["just", "justfile", "build:\n    echo hi\n    # said last\n"],
  ["make", "Makefile", "build:\n\techo hi\n\t# said last\n"],
])("a comment behind the only command of a recipe of %s stays", async (tool, file, text) => {
  await using project = await makeProject({ [file]: text });
  await project
    .zr("init", `--from-${tool}`, "--dry-run")
    .expect({ stdout: /# said last\ncmd = "echo hi"\n/, stderr: /converted 1 of 1/ });
});

test("a dry run of a tool that is not there is refused", async () => {
  await using project = await makeProject({ justfile: "a:\n  true\n" });
  await project
    .zrWith({ env: { PATH: "/nowhere" } }, "init", "--from-just", "--verify")
    .expect({ code: 2, stderr: /error\[E484\]: just is not installed/ });
});

test("of a file that became so large that nobody would read it, the short way is named", async () => {
  const line = `\t@echo ${"x".repeat(1000)}\n`;
  await using project = await makeProject({ Makefile: `all:\n${line.repeat(150)}` });
  const { stderr } = await project.zr("init", "--from-make").expect({ stderr: anything });
  expect(stderr).toEndWith(" KB: --wrap --force writes short tasks that call make instead\n");
  const short = await project.zr("init", "--from-make", "--wrap", "--force").expect({ stderr: anything });
  expect(short.stderr).not.toContain("KB");
});
