import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { testUnless, without } from "#tests/support/left-out";

const SCRIPTS = {
  "package.json": JSON.stringify(
    {
      name: "shop",
      workspaces: ["packages/*"],
      packageManager: "npm@10.0.0",
      scripts: {
        prehello: "echo first",
        hello: "echo hello",
        ci: "npm run hello && npm run lint",
        lint: "show-path",
      },
    },
    undefined,
    2,
  ),
  "packages/core/package.json": '{"name":"core","version":"1.0.0","scripts":{"build":"echo core"}}',
  "packages/mid/package.json":
    '{"name":"mid","version":"1.0.0","dependencies":{"core":"*"},"scripts":{"test":"echo mid"}}',
  "packages/web/package.json":
    '{"name":"web","version":"1.0.0","dependencies":{"mid":"*"},"scripts":{"build":"echo web","test":"echo tested","dev":"sleep 9"}}',
};

/** A lock file as npm writes it, which turbo and nx ask for. */
const LOCK = JSON.stringify({
  name: "shop",
  lockfileVersion: 3,
  packages: {
    "": { name: "shop", workspaces: ["packages/*"] },
    ...Object.fromEntries(
      ["core", "mid", "web"].flatMap((name) => [
        [`node_modules/${name}`, { resolved: `packages/${name}`, link: true }],
        [`packages/${name}`, { version: "1.0.0" }],
      ]),
    ),
  },
});

test("scripts run as they did: what is around them, what they call, and programs of packages", async () => {
  await using project = await makeProject(SCRIPTS);
  mkdirSync(project.path("node_modules/.bin"), { recursive: true });
  project.write("node_modules/.bin/show-path", "#!/bin/sh\necho found\n");
  chmodSync(project.path("node_modules/.bin/show-path"), 0o755);
  await project.zr("init", "--from-npm").expect({
    stderr:
      "created zr.toml\ncreated packages/core/zr.toml\ncreated packages/mid/zr.toml\ncreated packages/web/zr.toml\n" +
      "converted 9 of 9 tasks of package.json\n",
  });
  await project.zr("run", "ci", "--raw").expect({ stdout: "first\nhello\nfound\n", stderr: /^/ });
  await project
    .zr("run", "hello", "--raw", "--", "a b")
    .expect({ stdout: "first\nhello a b\n", stderr: /^/ });
  await project.zr("run", "web:build").expect({ stdout: "web\n", stderr: /^/ });
  await project
    .zr("init", "--from-npm")
    .expect({ code: 2, stderr: "error[E187]: zr.toml exists already; --force overwrites it\n" });
});

test("what is no file of the tool is told, and nothing is written", async () => {
  await using project = await makeProject({
    "package.json": "{,}",
    "turbo.json": "{",
    ".moon/workspace.yml": "a: [",
  });
  for (const tool of ["turbo", "moon", "npm"])
    await project.zr("init", `--from-${tool}`).expect({ code: 2, stderr: /error\[E481\]: can't convert / });
  for (const tool of ["nx", "mise"])
    await project.zr("init", `--from-${tool}`).expect({ code: 2, stderr: /error\[E480\]: no / });
  expect(existsSync(project.path("zr.toml"))).toBe(false);
});

const TURBO = {
  ...SCRIPTS,
  "package-lock.json": LOCK,
  "turbo.json": `{
  "tasks": {
    // compile
    "build": { "dependsOn": ["^build"], "outputs": ["dist/**"] },
    "test": { "dependsOn": ["build"] },
    "dev": { "cache": false, "persistent": true }
  }
}`,
};

test("tasks of turbo wait for the same tasks, and come from the cache the second time", async () => {
  await using project = await makeProject(TURBO, { git: true });
  await project.zr("init", "--from-turbo").expect({
    stderr:
      "created zr.toml\ncreated packages/core/zr.toml\ncreated packages/mid/zr.toml\ncreated packages/web/zr.toml\ncreated .gitignore\n" +
      "turbo.json:2: note: a change of the lock file makes every result old; turbo looks at the packages in it\n" +
      "converted 5 of 5 tasks of turbo.json\n",
  });
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  // mid has no build, but web's waits for core's by way of it.
  await project
    .zr("run", "web:test", "--output", "interleaved")
    .expect({ stdout: "core\nweb\ntested\n", stderr: /^/ });
  await project.zr("run", "web:test", "--output", "quiet").expect({ stderr: /3 tasks: 3 cached/ });
});

testUnless(without("turbo"))("turbo plans the same", async () => {
  await using project = await makeProject(TURBO, { git: true });
  await project
    .zr("init", "--from-turbo", "--verify")
    .expect({ stderr: /\n5 of 5 tasks wait for the same tasks as with turbo\n$/ });
});

const NX = {
  ...SCRIPTS,
  "package-lock.json": LOCK,
  "nx.json":
    '{"targetDefaults":{"build":{"dependsOn":["^build"],"cache":true},"test":{"dependsOn":["build"]}}}',
  "apps/site/project.json":
    '{"name":"site","implicitDependencies":["web"],"targets":{"build":{"command":"echo site in {projectRoot}","options":{"cwd":"apps/site"}},"all":{"executor":"nx:noop","dependsOn":["build",{"target":"test","projects":["mid"]}]}}}',
};

test("targets of nx wait for the same targets, those of other projects included", async () => {
  await using project = await makeProject(NX, { git: true });
  await project.zr("init", "--from-nx").expect({
    stderr:
      /apps\/site\/zr\.toml\n[^]*nx\.json:1: approximated: what imports what[^]*\nconverted 7 of 7 tasks of nx\.json \(1 approximated\)\n$/,
  });
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  await project
    .zr("run", "site:build", "--output", "interleaved")
    .expect({ stdout: "core\nweb\nsite in apps/site\n", stderr: /^/ });
  await project.zr("run", "site:all", "--dry-run").expect({ stdout: /mid:test[^]*site:all/ });
});

testUnless(without("nx"))("nx plans the same", async () => {
  await using project = await makeProject(NX, { git: true });
  // nx wants to be among the packages of what it looks at.
  const program = realpathSync(Bun.which("nx") ?? "");
  mkdirSync(project.path("node_modules"));
  symlinkSync(program.slice(0, program.lastIndexOf("/nx/") + 3), project.path("node_modules/nx"));
  await project
    .zr("init", "--from-nx", "--verify")
    .expect({ stderr: /\n7 of 7 tasks wait for the same tasks as with nx\n$/ });
});

const MISE = {
  "mise.toml": `[env]
STAGE = "dev"
[vars]
out = "dist"
[tasks.build]
run = "echo building {{vars.out}} for $STAGE"
depends = ["gen"]
[tasks.gen]
run = ["echo one", "echo two"]
[tasks.stops]
run = """
echo start
false
echo never
"""
[tasks.greet]
usage = 'arg "<name>"'
run = 'echo "hello $usage_name"'
[tasks.bad]
run = "echo {{ now() }}"
`,
  "mise-tasks/where": '#!/bin/sh\n#MISE description="Say where"\npwd\n',
};

test("tasks of mise run the same commands, stop at the same place, and one without an equal is left out", async () => {
  await using project = await makeProject(MISE);
  chmodSync(project.path("mise-tasks/where"), 0o755);
  await project.zr("init", "--from-mise").expect({
    code: 1,
    stderr:
      "created zr.toml\nmise.toml:20: left out: bad: the template {{ now() }} has no equal\n" +
      "converted 5 of 6 tasks of mise.toml (1 left out)\n",
  });
  await project
    .zr("run", "build", "--raw")
    .expect({ stdout: "one\ntwo\nbuilding dist for dev\n", stderr: /^/ });
  await project.zr("run", "stops").expect({ code: 1, stdout: "start\n", stderr: /exit code 1/ });
  await project.zr("run", "greet", "a b").expect({ stdout: "hello a b\n", stderr: /^/ });
  await project.zr("run", "where").expect({ stdout: `<root>\n`, stderr: /^/ });
});

testUnless(without("mise"))("mise would run the same", async () => {
  await using project = await makeProject(MISE, {
    env: { MISE_TRUSTED_CONFIG_PATHS: "/", MISE_OFFLINE: "1" },
  });
  chmodSync(project.path("mise-tasks/where"), 0o755);
  await project
    .zr("init", "--from-mise", "--verify")
    .expect({ code: 1, stderr: /\n5 of 5 tasks run the same commands as mise\n$/ });
});

const MOON = {
  ".moon/workspace.yml": "projects: ['apps/*', 'libs/*']\nvcs: {defaultBranch: 'main'}\n",
  ".moon/tasks/all.yml":
    "tasks:\n  # compile\n  build: {command: 'echo built $project', deps: ['^:build'], outputs: ['dist']}\n",
  "apps/web/moon.yml":
    "dependsOn: ['core']\ntasks:\n  test: {command: 'echo', args: ['tested', 'a b'], deps: ['~:build']}\n",
  "libs/core/moon.yml": "tags: ['lib']\n",
};

test("tasks of moon are those that a project inherits and its own, after the same tasks", async () => {
  await using project = await makeProject(MOON, { git: true });
  await project.zr("init", "--from-moon").expect({
    stderr:
      "created zr.toml\ncreated apps/web/zr.toml\ncreated libs/core/zr.toml\ncreated .gitignore\n" +
      "converted 3 of 3 tasks of .moon/workspace.yml\n",
  });
  await project.zr("validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  await project
    .zr("run", "web:test", "--output", "interleaved")
    .expect({ stdout: "built core\nbuilt web\ntested a b\n", stderr: /^/ });
});

testUnless(without("moon"))("moon plans the same", async () => {
  await using project = await makeProject(MOON, { git: true });
  await project
    .zr("init", "--from-moon", "--verify")
    .expect({ stderr: /\n3 of 3 tasks wait for the same tasks as with moon\n$/ });
});

test("wrapped, tasks call the other tool", async () => {
  await using project = await makeProject({ ...TURBO, ...NX, ...MISE });
  for (const [tool, file, line] of [
    ["npm", "zr.toml", '[tasks.ci]\ncmd = ["npm", "run", "--silent", "ci", "--"]\n'],
    ["turbo", "zr.toml", '[tasks.build]\ncmd = ["npx", "turbo", "run", "build"]\n'],
    ["mise", "zr.toml", '[tasks.build]\ncmd = ["mise", "run", "build"]\n'],
    ["nx", "apps/site/zr.toml", '[tasks.build]\ncmd = ["npx", "nx", "run", "site:build"]\n'],
  ] as const) {
    await project.zr("init", `--from-${tool}`, "--wrap", "--force", "-q").expect({});
    expect(project.read(file)).toContain(line);
  }
  await using other = await makeProject(MOON);
  await other.zr("init", "--from-moon", "--wrap", "-q").expect({});
  expect(other.read("apps/web/zr.toml")).toContain('[tasks.test]\ncmd = ["moon", "run", "web:test"]\n');
});
