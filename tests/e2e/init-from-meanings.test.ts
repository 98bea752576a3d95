import { mkdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { testUnless, without } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";

const QUIET = /^/;

test("a target whose name only a command knows is a task, found by those that need it, and made once", async () => {
  await using project = await makeProject({
    Makefile: `VERSION := $(shell echo 1.2)
TOOL := $(shell echo out)/tool
use: out/$(VERSION)/app $(TOOL)
	@echo using $^
out/$(VERSION)/app:
	mkdir -p $(@D) && echo made $@ && touch $@
$(TOOL):
	@mkdir -p out && echo made $@ && touch $@
`,
  });
  await project.zr("init", "--from-make").expect({
    stderr: "created zr.toml\nconverted 3 of 3 tasks of Makefile\n",
  });
  const run = { stderr: QUIET };
  await project
    .zr("run", "use", "--raw", "--jobs", "1")
    .expect({ ...run, stdout: "made out/1.2/app\nmade out/tool\nusing out/1.2/app out/tool\n" });
  await project
    .zr("run", "use", "--raw", "--jobs", "1")
    .expect({ ...run, stdout: "using out/1.2/app out/tool\n" });
});

test("a list of targets that only a command knows is left out and counts as one that was not converted", async () => {
  await using project = await makeProject({
    Makefile: "$(shell ls):\n\techo $@\nall: $(shell ls)\n\techo all\nplain:\n\techo plain\n",
  });
  await project.zr("init", "--from-make").expect({
    code: 1,
    stderr:
      /\nMakefile:1: left out: \$\(shell ls\): the name of the target is only known when it runs\n[^]*\nconverted 1 of 3 tasks/,
  });
});

test("a rule for every name is written out, and what nothing makes is told", async () => {
  await using project = await makeProject({
    "Makefile.common":
      "%: common-% ;\ncommon-all: vet lint gone\ncommon-vet:\n\t@echo vet\ncommon-lint:\n\t@echo common lint\n",
    Makefile: "include Makefile.common\nlint:\n\t@echo own lint\n",
  });
  await project.zr("init", "--from-make").expect({
    stderr:
      "created zr.toml\n" +
      "Makefile.common:2: approximated: common-all: gone: no rule makes it and there is no such file: make would stop, the task goes on\n" +
      "converted 6 of 6 tasks of Makefile (1 approximated)\n",
  });
  await project.zr("run", "all", "--raw", "--jobs", "1").expect({ stdout: "vet\nown lint\n", stderr: QUIET });
});

test("the pattern of a static rule may have variables in it", async () => {
  await using project = await makeProject({
    Makefile: "OUT := out\nall: $(OUT)/a.o\n$(OUT)/a.o: $(OUT)/%.o: %.c\n\t@echo cc $< $*\n",
    "a.c": "",
  });
  await project.zr("init", "--from-make", "-q").expect({});
  await project.zr("run", "all", "--raw").expect({ stdout: "cc a.c a\n", stderr: QUIET });
});

test("what a recipe sets by a command is asked for once", async () => {
  await using project = await makeProject({
    Makefile:
      "one-two:\n\t$(eval $@_TMP := $(shell mktemp -u))\n\t@test '$($@_TMP)' = '$($@_TMP)' && echo same\n",
  });
  await project.zr("init", "--from-make", "-q").expect({});
  await project.zr("run", "one-two", "--raw").expect({ stdout: "same\n", stderr: QUIET });
});

test("values that are made of others keep their names, and those that were looked at are told", async () => {
  await using project = await makeProject({
    Makefile:
      "prefix = /usr\nbindir = $(prefix)/bin\nDEBUG := 0\nifeq ($(DEBUG),1)\nFLAGS = -g\nendif\ninstall:\n\t@echo $(bindir) $(FLAGS)\n",
  });
  await project.zr("init", "--from-make").expect({
    stderr:
      "created zr.toml\n" +
      "Makefile:2: note: bindir, DEBUG (line 3): what conditions, functions and other values make of it is decided now: 'make bindir=…' has no equal there\n" +
      "converted 1 of 1 task of Makefile\n",
  });
  await project
    .zr("run", "install", "--raw", "--set", "prefix=/opt")
    .expect({ stdout: "/opt/bin\n", stderr: QUIET });
});

test("orders that contradict each other are put right, so that every task can be planned", async () => {
  await using project = await makeProject({
    Makefile: "all: a b\na: x y\nb: y x\nx:\n\t@echo x\ny: z x\n\t@echo y\nz:\n\t@echo z\n",
  });
  await project.zr("init", "--from-make").expect({
    stderr: "created zr.toml\nconverted 6 of 6 tasks of Makefile\n",
  });
  await project
    .zr("run", "all", "--raw", "--jobs", "1")
    .expect({ stdout: /^(?:x\nz|z\nx)\ny\n$/, stderr: QUIET });
});

test("checks of a justfile that are not made are told, and one that is known to hold is nothing", async () => {
  await using project = await makeProject({
    justfile: `mode := "debug"
_check := assert(env("CI", "") == "1", "only in CI")
fine:
    @echo {{assert(mode == "debug", "no")}}fine
open arg:
    @echo {{assert(arg == "x", "no")}}
dependent:
    @echo {{is_dependency()}}
`,
  });
  await project.zr("init", "--from-just").expect({
    code: 1,
    stderr:
      /justfile:2: left out: _check: assert\(…, only in CI\): just would stop here; where no recipe uses _check, this check is not made\n[^]*justfile:6: left out: assert\(…, no\): just would stop here\n[^]*justfile:8: left out: is_dependency\(\)[^]*converted 1 of 3/,
  });
  await project.zr("run", "fine", "--raw").expect({ stdout: "fine\n", stderr: QUIET });
  await project.zr("run", "open", "x", "--raw").expect({ stdout: /^\n$/, stderr: QUIET });
  await project.zr("run", "open", "y").expect({ code: 1, stdout: "", stderr: /not converted: justfile:6/ });
});

test("a loop over files of a Taskfile goes through those that are there when it runs; another one is refused", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
tasks:
  each:
    sources: ['*.txt']
    method: none
    cmds:
      - for: sources
        cmd: echo '<{{.ITEM}}>'
  changed:
    sources: ['*.txt']
    cmds:
      - for: sources
        cmd: echo {{.ITEM | base}}
`,
    "a.txt": "",
  });
  await project.zr("init", "--from-task").expect({
    code: 1,
    stderr: /Taskfile\.yml:12: left out: for: sources: what it goes through[^]*converted 1 of 2/,
  });
  project.write("b.txt", "");
  await project.zr("run", "each", "--raw").expect({ stdout: "<a.txt>\n<b.txt>\n", stderr: QUIET });
  await project
    .zr("run", "changed", "--raw")
    .expect({ code: 1, stdout: QUIET, stderr: /not converted: Taskfile\.yml:12/ });
});

test("a variable of a Taskfile goes over what task itself knows by its name", async () => {
  await using project = await makeProject({
    "Taskfile.yml": "version: '3'\nvars: {TASK: mine}\ntasks:\n  a: echo {{.TASK}} {{.ALIAS}}\n",
  });
  await project.zr("init", "--from-task", "-q").expect({});
  await project.zr("run", "a", "--raw").expect({ stdout: /^mine/, stderr: QUIET });
});

test("a condition of a step that a variable of the environment decides holds both ways", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
tasks:
  a:
    vars: {FRESH: '{{.FRESH | default "yes"}}'}
    cmds:
      - cmd: echo fresh
        if: '{{eq .FRESH "yes"}}'
      - {cmd: echo always, if: 'test -n "{{.FRESH}}"'}
`,
  });
  await project.zr("init", "--from-task", "-q").expect({});
  await project.zr("run", "a", "--raw").expect({ stdout: "fresh\nalways\n", stderr: QUIET });
  await project
    .zrWith({ env: { FRESH: "no" } }, "run", "a", "--raw")
    .expect({ stdout: "always\n", stderr: QUIET });
});

test("keys of a Taskfile that have no equal are told with their lines; a text between backquotes is itself", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
output:
  group:
    begin: here
includes:
  docs:
    taskfile: ./docs.yml
    checksum: abc
tasks:
  a:
    run: always
    watch: true
    label: other
    novelty: 1
    cmds:
      - cmd: echo '{{\`{{.ID}}\`}}'
        silent: true
`,
    "docs.yml": "version: '3'\ntasks: {}\n",
  });
  await project.zr("init", "--from-task").expect({
    stderr:
      "created zr.toml\n" +
      "Taskfile.yml:4: approximated: output.group.begin: it has no equal\n" +
      "Taskfile.yml:8: approximated: includes.docs.checksum: the file is not compared with it\n" +
      "Taskfile.yml:11: approximated: a.run: within one run, the same task with the same values runs once\n" +
      "Taskfile.yml:12: approximated: a.watch: it runs once: 'zr watch' runs it again\n" +
      "Taskfile.yml:13: note: a.label: tasks are shown by their names\n" +
      "Taskfile.yml:14: approximated: a.novelty: it has no equal\n" +
      "Taskfile.yml:17: note: a.cmds.0.silent: the output mode says what is shown of commands\n" +
      "converted 1 of 1 task of Taskfile.yml (5 approximated)\n",
  });
  await project.zr("run", "a", "--raw").expect({ stdout: "{{.ID}}\n", stderr: QUIET });
});

testUnless(without("npm"))(
  "scripts are compared with what npm hands to a shell, without running them",
  async () => {
    await using project = await makeProject({
      "package.json": JSON.stringify({
        name: "shop",
        workspaces: ["packages/*"],
        scripts: {
          prehello: "echo first",
          hello: "echo hello",
          ci: "npm run hello && npm run build -ws && cross-env A=1 show",
          runner: "run-s hello",
        },
      }),
      "packages/core/package.json": '{"name":"core","version":"1.0.0","scripts":{"build":"touch ran"}}',
    });
    mkdirSync(project.path("node_modules"));
    await project.zr("init", "--from-npm", "--verify").expect({
      stderr: /\nrunner: not compared: run-s is not installed\n4 of 5 tasks run the same commands as npm\n$/,
    });
    expect(await Bun.file(project.path("ran")).exists()).toBe(false);
  },
);

test("files that include themselves or have lines without an end are over soon", async () => {
  await using project = await makeProject({
    Makefile: "include Makefile\ninclude other.mk\na:\n\techo a\n",
    "other.mk": "include Makefile\n",
    justfile: 'import "justfile"\nmod x "justfile"\na:\n  echo a\n',
    "Taskfile.yml": `version: '3'\ntasks:\n  a: echo ${"{".repeat(1_000_000)}\n`,
  });
  await project.zr("init", "--from-make", "--dry-run").expect({ stdout: QUIET, stderr: /converted 1 of 1/ });
  await project.zr("init", "--from-just", "--dry-run").expect({ stdout: QUIET, stderr: /converted 1 of 1/ });
  await project
    .zr("init", "--from-task", "--dry-run")
    .expect({ code: 1, stdout: QUIET, stderr: /a value: it is too long/ });
});
