import { expect, test } from "bun:test";
import { convertMoon } from "./convert-moon";
import { convertFiles, type Converted } from "#tests/support/memory-source";

const convert = (files: Readonly<Record<string, string>>): Promise<Converted> =>
  convertFiles(convertMoon, {
    ".moon/workspace.yml": "projects: ['apps/*']\nvcs: {defaultBranch: main}\n",
    ...files,
  });

test("inherited tasks are merged with those of a project, list by list", async () => {
  const { texts, report } = await convert({
    ".moon/tasks/all.yml": `fileGroups:
  sources: ['src/**/*']
implicitInputs: ['package.json']
tasks:
  # the linter
  lint:
    command: 'eslint --cache'
    args: ['.']
    inputs: ['@group(sources)', '/shared.yml', '$MODE']
  build:
    command: 'tsc $project'
    deps: ['^:build']
    outputs: ['dist']
`,
    "apps/web/moon.yml": `dependsOn: ['api']
tags: ['ui']
env: {APP: 'web'}
tasks:
  lint:
    args: '--fix "a b"'
  strict:
    extends: 'lint'
    args: ['--max-warnings', '0']
    options: {mergeArgs: 'replace', cache: false}
`,
    "apps/api/moon.yml": "workspace: {inheritedTasks: {exclude: ['lint'], rename: {build: 'compile'}}}\n",
  });
  expect(texts["zr.toml"]).toBe(`[workspace]
members = ["apps/api", "apps/web"]
default_base = "main"
global_inputs = [".moon/*.{yml,yaml}"]
`);
  expect(texts["apps/web/zr.toml"]).toContain('[package]\nname = "web"\ntags = ["ui"]\ndeps = ["api"]\n');
  expect(texts["apps/web/zr.toml"]).toContain(`[tasks.lint]
cmd = ["eslint", "--cache", ".", "--fix", "a b"]
env = { APP = "web" }
cache = true
inputs = ["src/**", "//shared.yml", "package.json"]
env_inputs = ["MODE"]
`);
  expect(texts["apps/web/zr.toml"]).toContain(
    '[tasks.strict]\ncmd = ["eslint", "--max-warnings", "0"]\nenv = { APP = "web" }\n',
  );
  expect(texts["apps/api/zr.toml"]).toContain('[tasks.compile]\ndeps = ["^build"]\ncmd = ["tsc", "api"]\n');
  expect(texts["apps/api/zr.toml"]).not.toContain("lint");
  expect(report).toEqual([]);
});

test("files of tasks reach the projects that they name", async () => {
  const { texts } = await convert({
    ".moon/tasks/node-library.yml": "tasks: {pack: {command: 'npm pack'}}\n",
    ".moon/tasks/tag-web.yml": "tasks: {serve: {command: 'vite', preset: 'server'}}\n",
    ".moon/tasks/rusty.yml": "inheritedBy: {languages: ['rust']}\ntasks: {check: {command: 'cargo check'}}\n",
    "apps/a/moon.yml": "language: typescript\nlayer: library\n",
    "apps/b/moon.yml": "language: rust\ntags: [web]\n",
  });
  expect(texts["apps/a/zr.toml"]).toContain('[tasks.pack]\ncmd = ["npm", "pack"]\n');
  expect(texts["apps/a/zr.toml"]).not.toContain("check");
  expect(texts["apps/b/zr.toml"]).toContain('[tasks.serve]\ncmd = ["vite"]\npersistent = true\n');
  expect(texts["apps/b/zr.toml"]).toContain('[tasks.check]\ncmd = ["cargo", "check"]\n');
});

test("options become keys, and scripts keep their shell", async () => {
  const { texts, report } = await convert({
    "apps/a/moon.yml": `tasks:
  test:
    script: 'echo a && echo b'
    deps: ['~:gen', 'b:gen', {target: 'gen', env: {A: '1'}}, ':gen', '#x:gen']
    options: {retryCount: 2, timeout: 60, mutex: db, os: [linux, macos], priority: high, envFile: true, runDepsInParallel: false, cacheLifetime: '1 day', allowFailure: true, shell: true}
  gen:
    command: ['echo', '$workspaceRoot', 'src/*.ts']
    options: {runFromWorkspaceRoot: true, internal: true}
  group: {deps: [gen]}
`,
    "apps/b/moon.yml": "tags: [x]\ntasks: {gen: {command: 'noop'}}\n",
  });
  expect(texts["apps/a/zr.toml"]).toContain(`[tasks.test]
deps_serial = ["gen", "b:gen", { task = "gen", env = { A = "1" } }, "*:gen", "tag:x#gen"]
cmd = "echo a && echo b"
shell = "bash"
env_file = ["//.env?", "//.env.local?", ".env?", ".env.local?", ".env.test?", ".env.test.local?"]
allow_failure = true
retry = 2
timeout = "60s"
platforms = ["linux", "darwin"]
resources = { mutex = "db", priority = 10 }
cache = { ttl = "1d" }
`);
  expect(texts["apps/a/zr.toml"]).toContain(
    '[tasks.gen]\ncmd = "echo ${workspace.root} src/*.ts"\nshell = "bash"\ncwd = "//"\ncache = true\nhidden = true\n',
  );
  expect(texts["apps/a/zr.toml"]).toContain('[tasks.group]\ndeps = ["gen"]\n');
  expect(report).toEqual([
    "apps/a/moon.yml:5: approximated: a:test: a variable of these files wins over the same one of your shell",
  ]);
});

test("inputs and outputs by number are paths from the folder of the task", async () => {
  const { texts } = await convert({
    "apps/a/moon.yml": `tasks:
  format:
    command: 'prettier --ignore-path @in(0) -o @out(0) .'
    inputs: ['/.prettierignore', 'src/**/*']
    outputs: ['out.txt']
    options: {cache: false}
`,
  });
  expect(texts["apps/a/zr.toml"]).toContain(
    'cmd = ["prettier", "--ignore-path", "../../.prettierignore", "-o", "out.txt", "."]\n',
  );
});

test("what only moon knows leaves a task out, with its line", async () => {
  const { texts, report, conversion } = await convert({
    "apps/a/moon.yml": `owners: {defaultOwner: '@a'}
tasks:
  files:
    command: 'cat @files(sources)'
  rev:
    command: 'echo $vcsRevision'
  missing:
    command: 'x'
    deps: ['nowhere:y']
fileGroups: {sources: ['src/**/*']}
`,
  });
  expect(report).toEqual([
    "apps/a/moon.yml:1: left-out: a.owners: zr does not take this over",
    "apps/a/moon.yml:3: left-out: a:files: it uses what only moon can put in",
    "apps/a/moon.yml:5: left-out: a:rev: it uses what only moon can put in",
    "apps/a/moon.yml:9: left-out: a:missing: there is no task 'nowhere:y'",
  ]);
  expect(texts["apps/a/zr.toml"]).toContain("# files (apps/a/moon.yml:3) could not be taken over:\n");
  expect([conversion.converted, conversion.total]).toEqual([1, 3]);
});
