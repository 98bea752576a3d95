import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const QUIET = /^/;
const run = { stderr: QUIET };

test("an exported parameter of just has its own value, whatever the environment says, and is not missing for it", async () => {
  await using project = await makeProject({
    justfile: `export place := "file"
show $place="own" $level=env("LEVEL", "low"):
    @echo "$place $level"
need $word:
    #!/bin/sh
    echo "$word"
`,
  });
  await project.zr("init", "--from-just").expect({ ...run });
  const env = { place: "outside", word: "outside" };
  await project.zrWith({ env }, "run", "show", "--raw").expect({ ...run, stdout: "own low\n" });
  await project.zrWith({ env }, "run", "show", "a", "b", "--raw").expect({ ...run, stdout: "a b\n" });
  await project.zrWith({ env }, "run", "need", "--raw").expect({ code: 2, stderr: /E161/ });
  await project.zrWith({ env }, "run", "need", "x", "--raw").expect({ ...run, stdout: "x\n" });
});

test("'set export' exports parameters too", async () => {
  await using project = await makeProject({
    justfile: 'set export\nshow target *rest:\n    @echo "$target|$rest"\n',
  });
  await project.zr("init", "--from-just").expect({ ...run });
  await project.zr("run", "show", "a", "b", "c", "--raw").expect({ ...run, stdout: "a|b c\n" });
});

const POSITIONAL = `set positional-arguments
script first *rest:
    #!/bin/sh
    echo "$1 $# $@"
pass *all:
    #!/bin/sh
    printf '<%s>' "$@"
words a b="":
    @echo "\${1:-none}" \${2:-two} \${1}x
fields a:
    @echo 'x y' | awk '{print $2}'
both *all:
    @echo {{all}} "$@" $1
`;

test("positional arguments of just reach scripts, defaults and everything that is passed on", async () => {
  await using project = await makeProject({ justfile: POSITIONAL });
  await project.zr("init", "--from-just").expect({
    stderr:
      "created zr.toml\n" +
      "justfile:2: approximated: script: rest: a value with blanks in it is several arguments of the script\n" +
      "converted 5 of 5 tasks of justfile (1 approximated)\n",
  });
  await project.zr("run", "script", "a", "b", "--raw").expect({ ...run, stdout: "a 2 a b\n" });
  await project.zr("run", "pass", "--raw", "--", "a", "b c").expect({ ...run, stdout: "<a><b c>" });
  await project.zr("run", "words", "a", "--raw").expect({ ...run, stdout: "a two ax\n" });
  await project.zr("run", "words", "a", "b", "--raw").expect({ ...run, stdout: "a b ax\n" });
  await project.zr("run", "fields", "q", "--raw").expect({ ...run, stdout: "y\n" });
  await project.zr("run", "both", "--raw", "--", "a", "b").expect({ ...run, stdout: "a b a b a\n" });
});

test("what stands among positional arguments of just behind a variadic parameter is left out", async () => {
  await using project = await makeProject({
    justfile: `set positional-arguments
some a *rest:
    echo $2
rest a *rest:
    echo "\${@:2}"
python a:
    #!/usr/bin/env python3
    import sys; print(sys.argv)
`,
  });
  await project.zr("init", "--from-just").expect({
    code: 1,
    stderr:
      "created zr.toml\n" +
      "justfile:3: left out: $2: arguments are only positional ones of the shell behind --\n" +
      "justfile:5: left out: ${@: arguments are only positional ones of the shell behind --\n" +
      "justfile:6: left out: #!/usr/bin/env python3: arguments can't be given to a script of this language\n" +
      "converted 0 of 3 tasks of justfile (3 left out)\n",
  });
});

test("arguments of what just runs after a script are not dropped", async () => {
  await using project = await makeProject({
    justfile: 'a: && (b "x")\n    #!/bin/sh\n    echo a\nb word="default":\n    @echo {{word}}\n',
  });
  await project.zr("init", "--from-just").expect({
    code: 1,
    stderr: /\njustfile:1: left out: a: && b: what runs after a script can't be given arguments\n/,
  });
  await project.zr("run", "a", "--raw").expect({ code: 1, stdout: "", stderr: /not converted: justfile:1/ });
});

test("a flag that echo knows is a flag of the command that it is chosen for", async () => {
  await using project = await makeProject({
    justfile: 'a x y:\n    @echo [{{ if x == y { "-n" } else { "-q" } }}]\n',
    Makefile: "F = $(if $(MODE),-n,-q)\nb:\n\t@echo [$(F)]\n",
    "Taskfile.yml":
      "version: '3'\ntasks:\n  c: echo [{{if .CLI_ARGS}}-n{{else}}-q{{end}}]\n  d: echo {{.CLI_ARGS}}\n",
  });
  await project.zr("init", "--from-just").expect({ ...run });
  await project.zr("run", "a", "1", "1", "--raw").expect({ ...run, stdout: "[-n]\n" });
  await project.zr("run", "a", "1", "2", "--raw").expect({ ...run, stdout: "[-q]\n" });
  await project.zr("init", "--from-make", "--force").expect({ ...run });
  await project.zrWith({ env: { MODE: "x" } }, "run", "b", "--raw").expect({ ...run, stdout: "[-n]\n" });
  await project.zr("run", "b", "--raw").expect({ ...run, stdout: "[-q]\n" });
  await project.zr("init", "--from-task", "--force").expect({ ...run });
  await project.zr("run", "c", "--raw", "--", "x").expect({ ...run, stdout: "[-n]\n" });
  await project.zr("run", "c", "--raw").expect({ ...run, stdout: "[-q]\n" });
});

test("each star of the name of a task is its own value", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
tasks:
  'copy:*:*':
    cmds:
      - echo {{index .MATCH 0}} to {{index .MATCH 1}}
      - echo {{last .MATCH}} {{.MATCH | join "-"}}
      - for: { var: MATCH }
        cmd: echo {{.ITEM}}
      - { task: show, vars: { WORD: '{{index .MATCH 1}}' } }
  show: echo show {{.WORD}}
`,
  });
  await project.zr("init", "--from-task").expect({ ...run });
  await project.zr("run", "copy:a:b", "--raw").expect({ ...run, stdout: "a to b\nb a-b\na\nb\nshow b\n" });
});

test("env of a task goes over env of the Taskfile, and the environment over both", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
env: { LEVEL: file, OTHER: other }
tasks:
  own: { env: { LEVEL: own }, cmds: ['echo $LEVEL $OTHER'] }
  file: echo $LEVEL $OTHER
`,
  });
  await project.zr("init", "--from-task").expect({ ...run });
  const env = { LEVEL: "outside" };
  await project.zr("run", "own", "--raw").expect({ ...run, stdout: "own other\n" });
  await project.zr("run", "file", "--raw").expect({ ...run, stdout: "file other\n" });
  await project.zrWith({ env }, "run", "own", "--raw").expect({ ...run, stdout: "outside other\n" });
  await project.zrWith({ env }, "run", "file", "--raw").expect({ ...run, stdout: "outside other\n" });
});

test("a task that ignores errors goes on with its next command", async () => {
  await using project = await makeProject({
    "Taskfile.yml":
      "version: '3'\ntasks:\n  go:\n    ignore_error: true\n    cmds: ['exit 3', 'echo still']\n",
  });
  await project.zr("init", "--from-task").expect({ ...run });
  await project.zr("run", "go", "--raw").expect({ ...run, stdout: "still\n" });
});

test(".DEFAULT makes what no rule makes, and a phony target without a rule is none that make would miss", async () => {
  await using project = await makeProject({
    Makefile: `default: all file.txt
.DEFAULT:
	@echo last resort for $@
.PHONY: FORCE
bin: FORCE
	@echo bin
`,
    "file.txt": "",
  });
  await project.zr("init", "--from-make").expect({
    code: 1,
    stderr:
      "created zr.toml\n" +
      "Makefile:2: left out: .DEFAULT: there is no task for names that no rule has\n" +
      "converted 3 of 3 tasks of Makefile (1 left out)\n",
  });
  await project.zr("run", "default", "--raw").expect({ ...run, stdout: "last resort for all\n" });
  await project.zr("run", "bin", "--raw").expect({ ...run, stdout: "bin\n" });
});

test("whether make says a command may depend on the environment", async () => {
  await using project = await makeProject({
    Makefile: `Q = $(if $(V),,@)
P := $(if $(filter 1,$(V)),,@)
W = $(if $(QUIET),@)
show:
	$Q echo one
	$(P)echo two
	$(W)echo three
	-$(Q)false
	@echo user$(if $(V),@)host
`,
  });
  await project.zr("init", "--from-make").expect({ ...run });
  await project.zr("run", "show", "--raw").expect({ ...run, stdout: "one\ntwo\nthree\nuserhost\n" });
  await project
    .zrWith({ env: { V: "1" } }, "run", "show", "--raw")
    .expect({ ...run, stdout: "one\ntwo\nthree\nuser@host\n" });
});

test("what calls a task that could not be converted goes on giving it its arguments", async () => {
  await using project = await makeProject({
    justfile: `a := \`id -u\`
b := \`id -g\`
[confirm]
plain: (odd "x")
odd word:
    #!/bin/sh
    echo {{ if a == "0" { if b == "0" { "p" } else { "q" } } else { "r" } }} {{word}}
`,
  });
  await project.zr("init", "--from-just").expect({
    code: 1,
    stderr: /^created zr.toml\njustfile:5: left out: odd: [^\n]*\nconverted 1 of 2 tasks of justfile/,
  });
  const zrToml = await project.read("zr.toml");
  expect(zrToml).toContain('deps = [{ task = "odd", args = ["x"] }]');
});
