import { expect, test } from "bun:test";
import { convertMise } from "./convert-mise";
import { convertFiles, type Converted } from "#tests/support/memory-source";

const convert = (toml: string, more: Readonly<Record<string, string>> = {}): Promise<Converted> =>
  convertFiles(convertMise, { "mise.toml": toml, ...more });

test("tasks in all forms keep their commands, comments and dependencies", async () => {
  const { texts, report } = await convert(`
# Compile it
[tasks.build]
description = "Build"
alias = "b"
depends = ["gen", "lint:*"]
depends_post = "gen"
wait_for = ["other"]
run = "tsc -p ."
[tasks]
gen = "echo gen"
other = ["echo 1", "echo 2"]
[tasks."lint:js"]
run = "echo js"
hide = true
[tasks."lint:deep:x"]
run = "echo x"
`);
  expect(texts["zr.toml"]).toContain(`# Compile it
[tasks.build]
description = "Build"
aliases = ["b"]
deps = ["gen", "lint:js"]
finally = ["gen"]
wait_for = ["other"]
cmd = "tsc -p ."
`);
  expect(texts["zr.toml"]).toContain('[tasks.other]\ncmds = ["echo 1", "echo 2"]\n');
  expect(report).toEqual([]);
});

test("text of several commands stops at the first failure, and a script keeps its interpreter", async () => {
  const { texts } = await convert(
    '[tasks.a]\nrun = """\nfalse\necho no\n"""\n[tasks.b]\nrun = "#!/usr/bin/env python3\\nprint(1)\\n"\n[tasks.c]\nrun = "x"\nshell = "bash -c"\n',
  );
  expect(texts["zr.toml"]).toContain(
    '[tasks.a]\ncmd = \'\'\'\nfalse\necho no\'\'\'\nshell = ["sh", "-o", "errexit", "-c"]\n',
  );
  expect(texts["zr.toml"]).toContain("[tasks.b]\nscript = '''\n#!/usr/bin/env python3\nprint(1)'''\n");
  expect(texts["zr.toml"]).toContain('cmd = "x"\nshell = ["bash", "-c"]\n');
});

test("templates become references where there is an equal; a task with another one is left out", async () => {
  const { texts, report, conversion } = await convert(`[vars]
out = "dist"
[tasks.a]
run = "echo {{vars.out}} {{ env.HOME }} {{config_root}}/x {{exec(command='git rev-parse HEAD')}}"
dir = "{{config_root}}/sub"
[tasks.b]
run = "echo {{ now() }}"
[tasks.c]
run = "echo '{{env.HOME}}'"
[tasks.d]
run = "echo \${args.x}"
`);
  expect(texts["zr.toml"]).toContain(
    'cmd = "echo ${vars.out} ${HOME} ${package.dir}/x $(git rev-parse HEAD)"\nshell = ["sh", "-o", "errexit", "-c"]\ncwd = "sub"\n',
  );
  expect(texts["zr.toml"]).toContain('cmd = "echo $${args.x}"\n');
  expect(texts["zr.toml"]).toContain("# b (mise.toml:6) could not be taken over:\n#   echo {{ now() }}\n");
  expect(report).toEqual([
    "mise.toml:4: approximated: a: 'git rev-parse HEAD' is run when the task starts, not when the file is read",
    "mise.toml:7: left-out: b: the template {{ now() }} has no equal",
    "mise.toml:9: left-out: c: the template {{env.HOME}} has no equal",
  ]);
  expect([conversion.converted, conversion.total]).toEqual([2, 4]);
});

test("a usage spec becomes parameters with the variables that the commands read", async () => {
  const { texts, report } = await convert(`[tasks.greet]
usage = '''
arg "<name>" help="Who"
arg "[greeting]" default="Hello"
flag "-l --loud" help="shout"
flag "--times <n>" default="1" {
  choices "1" "2"
}
'''
run = 'echo "$usage_greeting $usage_name"'
[tasks.both]
depends = ["greet bob", { task = "plain", args = ["x"] }]
[tasks.plain]
run = "echo plain"
`);
  expect(texts["zr.toml"]).toContain(`args = [
  { name = "name", description = "Who", env = "usage_name", required = true },
  { name = "greeting", default = "Hello", env = "usage_greeting" },
  { name = "loud", description = "shout", env = "usage_loud", type = "boolean" },
  { name = "times", default = "1", choices = ["1", "2"], env = "usage_times" },
]
`);
  expect(report).toEqual([
    "mise.toml:4: approximated: greet: -l: only --loud is known",
    "mise.toml:4: approximated: greet: loud: $usage_loud is 'false' where it is not given, not unset",
    "mise.toml:12: left-out: both: it gives words to 'plain', which has no usage to take them",
  ]);
});

test("variables, files of variables, folders on the path and tools are taken over as far as there is an equal", async () => {
  const { texts, report } = await convert(`[env]
NODE_ENV = "development"
GONE = false
TOKEN = { required = "ask the platform team", redact = true }
_.file = ".env"
_.path = "./bin"
_.source = "./x.sh"
[tools]
node = "22"
"npm:prettier" = { version = "3" }
go = ["1.22", "1.21"]
ruby = "3"
"asdf:x" = "1"
[hooks]
enter = "echo"
[tasks]
a = "b"
`);
  expect(texts["zr.toml"]).toContain('[tools]\nnode = "22"\n"npm:prettier" = "3"\ngo = "1.22"\n');
  expect(texts["zr.toml"]).toContain('[global]\ndotenv = [".env?"]\n');
  expect(texts["zr.toml"]).toContain(
    'TOKEN = { secret = true, required = true, description = "ask the platform team" }',
  );
  expect(texts["zr.toml"]).toContain('PATH = "${package.dir}/bin:$PATH"');
  expect(report).toEqual([
    "mise.toml:14: left-out: hooks: zr does not take this over",
    "mise.toml:7: left-out: _.source: no script is run for its variables: put them into [env], or into a file that zr reads",
    "mise.toml:11: approximated: go: only the first version, 1.22, is used",
    "mise.toml:12: left-out: ruby: zr has no place to get it from",
    "mise.toml:13: left-out: asdf:x: zr has no place to get it from",
  ]);
});

test("tools that zr installs by the same name are asked for by it", async () => {
  const names = ["node", "python", "go", "rust", "zig", "deno", "bun", "java", "terraform", "dart", "kotlin"];
  const more = ["elixir", "dotnet"];
  const lines = [...names, ...more].map((name) => `${name} = "1"\n`).join("");
  const { texts, report } = await convert(`[tools]\n${lines}[tasks]\na = "b"\n`);
  expect(texts["zr.toml"]).toContain(`[tools]\n${lines}`);
  expect(report).toEqual([]);
});

test("scripts in the folders of tasks are tasks by their paths, with what their heads say", async () => {
  const { texts, report } = await convert(
    "[tasks.x]\nrun = 'x'\nsources = ['src/**']\noutputs = ['out.txt']\n",
    {
      "mise-tasks/db/migrate.sh":
        '#!/usr/bin/env bash\n#MISE description="Migrate"\n#MISE depends=["x"]\n#USAGE arg "<to>"\necho $usage_to\n',
      "mise-tasks/README": "no script\n",
    },
  );
  expect(texts["zr.toml"]).toContain(`[tasks."db:migrate"]
description = "Migrate"
deps = ["x"]
args = [{ name = "to", env = "usage_to", required = true }]
cmd = ["\${package.dir}/mise-tasks/db/migrate.sh", "\${args.to}"]
`);
  expect(texts["zr.toml"]).toContain('cache = true\ninputs = ["src/**"]\noutputs = ["out.txt"]\n');
  expect(report).toContain(
    "mise-tasks/README:1: note: mise-tasks/README: it has no #! line, so it is taken for no task",
  );
});

test("tasks of included files are read, tables and scripts", async () => {
  const { texts } = await convert('[task_config]\nincludes = ["tasks.toml", "x"]\n[tasks]\na = "echo a"\n', {
    "tasks.toml": '# Do it\n[b]\nrun = "echo b"\ndepends = ["see"]\n',
    "x/c": '#!/bin/sh\nset -e\n#MISE alias="see"\n',
  });
  expect(texts["zr.toml"]).toContain('# Do it\n[tasks.b]\ndeps = ["c"]\ncmd = "echo b"\n');
  expect(texts["zr.toml"]).toContain('[tasks.c]\naliases = ["see"]\ncmd = ["${package.dir}/x/c"]\n');
});

test("tools of one task that zr can't get are told, and the task is there without them", async () => {
  const { texts, report } = await convert(
    '[tasks.a]\nrun = "x"\ntools = { nodejs = "22", lefthook = "latest", "pipx:ruff" = { version = "0.4" } }\n',
  );
  expect(texts["zr.toml"]).toContain('tools = { node = "22", "pypi:ruff" = "0.4" }');
  expect(report).toEqual(["mise.toml:3: left-out: a.tools.lefthook: zr has no place to get it from"]);
});
