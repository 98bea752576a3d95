import { expect, test } from "bun:test";
import { convertNpm } from "./convert-npm";
import { convertFiles } from "#tests/support/memory-source";

const scripts = async (
  table: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly tasks: Readonly<Record<string, unknown>>; readonly report: readonly string[] }> => {
  const { conversion, report } = await convertFiles(convertNpm, {
    "package.json": JSON.stringify({ name: "a", scripts: table, ...more }, undefined, 2),
  });
  const [root] = conversion.files;
  return { tasks: Object.fromEntries((root?.tasks ?? []).map((task) => [task.name, task.table])), report };
};

test("a script that calls no other stays word for word, with what would be a reference of ours escaped", async () => {
  const { tasks } = await scripts({
    plain: "tsc -p .",
    list: "eslint . && prettier --check .",
    shell: "for x in a b; do echo $x; done | sort > out.txt",
    looks: "echo ${env.HOME} ${HOME:-x} $${PPID}",
  });
  expect(tasks).toEqual({
    plain: { cmd: "tsc -p ." },
    list: { cmd: "eslint . && prettier --check ." },
    shell: { cmd: "for x in a b; do echo $x; done | sort > out.txt" },
    looks: { cmd: "echo $${env.HOME} ${HOME:-x} $$${PPID}" },
  });
});

test("scripts around a script are steps, and words from the command line stay those of the script", async () => {
  const { tasks } = await scripts({ prebuild: "rimraf dist", build: "tsc", postbuild: "echo done" });
  expect(tasks["build"]).toEqual({ cmds: [{ task: "prebuild" }, 'tsc "$@"', { task: "postbuild" }] });
});

test("calls of scripts are steps where nothing else of the shell is needed, and stay text elsewhere", async () => {
  const { tasks } = await scripts({
    ci: "npm run lint && npm test && echo ok",
    lint: "eslint .",
    test: "jest",
    fix: "npm run lint -- --fix",
    sub: "cd x && npm run lint",
    either: "npm run lint || npm test",
    itself: "npm run itself",
    install: "npm ci",
    yarn: "yarn lint",
  });
  expect(tasks["ci"]).toEqual({ cmds: [{ task: "lint" }, { task: "test" }, "echo ok"] });
  expect(tasks["fix"]).toEqual({ cmd: "eslint . --fix" });
  expect(tasks["sub"]).toEqual({ cmd: "cd x && npm run lint" });
  expect(tasks["either"]).toEqual({ cmd: "npm run lint || npm test" });
  expect(tasks["itself"]).toEqual({ cmd: "npm run itself" });
  expect(tasks["install"]).toEqual({ cmd: "npm ci" });
  expect(tasks["yarn"]).toEqual({ cmds: [{ task: "lint" }] });
});

test("run-s and run-p become steps and dependencies, but servers stay with their runner", async () => {
  const { tasks } = await scripts({
    "b:1": "echo 1",
    "b:2": "echo 2",
    "b:2:x": "echo deep",
    serial: "run-s b:*",
    "serial-all": "npm-run-all b:**",
    parallel: "run-p -l b:1 b:2",
    dev: "vite",
    servers: "run-p dev b:1",
    unknown: "run-s nothing",
  });
  expect(tasks["serial"]).toEqual({ cmds: [{ task: "b:1" }, { task: "b:2" }] });
  expect(tasks["serial-all"]).toEqual({ cmds: [{ task: "b:1" }, { task: "b:2" }, { task: "b:2:x" }] });
  expect(tasks["parallel"]).toEqual({ deps: ["b:1", "b:2"] });
  expect(tasks["servers"]).toEqual({ cmd: "run-p dev b:1" });
  expect(tasks["unknown"]).toEqual({ cmd: "run-s nothing" });
});

test("cross-env becomes variables; what only the package manager sets leaves the script with it", async () => {
  const { tasks, report } = await scripts({
    test: "cross-env NODE_ENV=test CI=1 jest --ci",
    expands: "cross-env A=$B jest",
    version: "echo $npm_package_version",
  });
  expect(tasks["test"]).toEqual({ cmd: "jest --ci", env: { NODE_ENV: "test", CI: "1" } });
  expect(tasks["expands"]).toEqual({ cmd: "cross-env A=$B jest" });
  expect(tasks["version"]).toEqual({ cmd: ["npm", "run", "--silent", "version", "--"] });
  expect(report).toContain("package.json:6: note: version: it uses what only npm sets, so npm runs it");
});

test("names that no task can have are changed and told, with their lines", async () => {
  const { tasks, report } = await scripts({ "two words": "echo 1", "//": "echo 2", "two-words": "echo 3" });
  expect(Object.keys(tasks)).toEqual(["two-words"]);
  expect(report).toEqual([
    "package.json:4: left-out: two words: no task can have its name",
    "package.json:5: left-out: //: no task can have its name",
  ]);
});

test("members get files of their own, and calls through the workspace lead to their tasks", async () => {
  const { texts, conversion } = await convertFiles(convertNpm, {
    "package.json": JSON.stringify({
      name: "mono",
      workspaces: ["packages/*", "!packages/old"],
      scripts: {
        build: "npm run build --workspaces",
        one: "npm run build -w @m/a",
        some: "npm test -ws --if-present",
        none: "npm test -ws",
      },
    }),
    "package-lock.json": "{}",
    "packages/a/package.json": JSON.stringify({ name: "@m/a", scripts: { build: "echo a", test: "echo t" } }),
    "packages/b/package.json": JSON.stringify({ name: "@m/b", scripts: { build: "echo b" } }),
    "packages/old/package.json": JSON.stringify({ name: "old", scripts: { build: "echo old" } }),
  });
  expect(texts["zr.toml"]).toBe(`# Packages are those that package.json lists.
[workspace]
global_inputs = ["package-lock.json"]

# Programs of installed packages are found as in a script.
[defaults.tasks]
env = { PATH = "\${package.dir}/node_modules/.bin:$PATH" }

[tasks.build]
deps_serial = ["@m/a:build", "@m/b:build"]

[tasks.one]
cmds = [{ task = "@m/a:build" }]

[tasks.some]
deps_serial = ["@m/a:test"]

[tasks.none]
cmd = "npm test -ws"
`);
  expect(Object.keys(texts)).toEqual(["zr.toml", "packages/a/zr.toml", "packages/b/zr.toml"]);
  expect([conversion.converted, conversion.total]).toEqual([7, 7]);
});

test("wrapped, each task calls the package manager", async () => {
  const files = { "package.json": '{"scripts":{"prebuild":"a","build":"b && c"}}', "pnpm-lock.yaml": "" };
  const { texts } = await convertFiles(convertNpm, files, true);
  expect(texts["zr.toml"]).toContain('[tasks.build]\ncmd = ["pnpm", "--silent", "run", "build"]\n');
});
