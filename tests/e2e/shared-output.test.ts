import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { outcomesOf, outputOf } from "./events";

const SHARED = `
  [tasks.version]
  cmd = "printf '  1.2.3\\n\\n'"
  share_output = true
  [tasks.meta]
  cmd = '''printf '{"app": {"tags": ["a", "b"], "port": 80}, "none": null}' '''
  share_output = "json"
`;

test("the trimmed output of a task is a value in the commands, words and variables of those downstream", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.shell]
  deps = ["version"]
  cmd = "echo v=\${output.version}. '\${output.version}' \\"\${output.version}\\""
  [tasks.words]
  deps = ["version"]
  cmd = ["echo", "v=\${output.version}."]
  [tasks.env]
  deps = ["version"]
  env = { TAG = "v\${output.version}" }
  cmd = "echo $TAG"
  [tasks.script]
  deps = ["version"]
  script = """
  #!/bin/sh
  echo \${output.version}
  """
  [tasks.far]
  deps = ["shell"]
  cmd = "echo \${output.version}"
  `,
  });
  const { stdout } = await project
    .zr("run", "shell", "words", "env", "script", "far", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "shell")).toBe("v=1.2.3. 1.2.3 1.2.3\n");
  expect(outputOf(stdout, "words")).toBe("v=1.2.3.\n");
  expect(outputOf(stdout, "env")).toBe("v1.2.3\n");
  expect(outputOf(stdout, "script")).toBe("1.2.3\n");
  expect(outputOf(stdout, "far")).toBe("1.2.3\n");
});

test("JSON that is shared is reached into by keys and positions, in strings and expressions", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.use]
  deps = ["meta"]
  cmd = "echo \${output.meta.app.tags.1} \${output.meta.app.port} [\${output.meta.none}] \${output.meta.app}"
  condition = "output['meta'].app.port == 80 && 'b' in output['meta'].app.tags"
  `,
  });
  const { stdout } = await project
    .zr("run", "use", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "use")).toBe('b 80 [] {"tags":["a","b"],"port":80}\n');
});

test("a key that the shared JSON has not fails the task that wants it, and says what is meant", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.use]
  deps = ["meta"]
  cmd = "touch ran; echo \${output.meta.app.prot}"
  `,
  });
  await project.zr("run", "use").expect({
    code: 1,
    stdout: anything,
    stderr: /\$\{output\.meta\.app\.prot\}: 'app' of it has no 'prot'; is 'port' meant\?/,
  });
  expect(project.exists("ran")).toBe(false);
});

test("a task that shares JSON and prints none has failed", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.text]
      cmd = "echo hunter2"
      share_output = "json"
      [tasks.nothing]
      cmd = "true"
      share_output = "json"
      [tasks.after]
      deps = ["text"]
      cmd = "true"
    `,
  });
  const { stdout } = await project.zr("run", "after", "nothing", "-k", "--events", "-").result();
  const outcomes = outcomesOf(stdout);
  expect(outcomes["text"]).toEqual({
    state: "failed",
    failure: { kind: "output", message: "its output is not JSON" },
  });
  expect(outcomes["nothing"]?.failure).toEqual({
    kind: "output",
    message: "its output is empty, not JSON",
  });
  expect(outcomes["after"]?.state).toBe("blocked");
});

test("more than a megabyte is too much to share, and more than a variable holds too much for a string", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.huge]
      cmd = "head -c 1048577 /dev/zero | tr '\\\\0' x"
      share_output = true
      [tasks.large]
      cmd = "head -c 200000 /dev/zero | tr '\\\\0' x"
      share_output = true
      [tasks.string]
      deps = ["large"]
      cmd = "echo \${output.large}"
      [tasks.expression]
      deps = ["large"]
      cmd = "echo fits"
      condition = "len(output['large']) == 200000"
    `,
  });
  const { stdout } = await project.zr("run", "huge", "string", "expression", "-k", "--events", "-").result();
  const outcomes = outcomesOf(stdout);
  expect(JSON.stringify(outcomes["huge"])).toContain("its output is larger than 1.0 MB");
  expect(JSON.stringify(outcomes["string"])).toMatch(/195\.3 KB, .*hand it over in a file/);
  expect(outcomes["expression"]?.state).toBe("success");
});

test("what has not been shared in this run fails whoever uses it, unless a condition asks first", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.version]
      cmd = "echo 1"
      share_output = true
      condition = "false"
      [tasks.bold]
      deps = ["version"]
      cmd = "touch ran; echo \${output.version}"
      [tasks.careful]
      deps = ["version"]
      cmd = "echo \${output.version}"
      condition = "tasks['version'].success"
    `,
  });
  const { stdout } = await project.zr("run", "bold", "careful", "-k", "--events", "-").result();
  const outcomes = outcomesOf(stdout);
  expect(outcomes["bold"]?.failure).toEqual({
    kind: "output",
    message: "${output.version}: version has shared no output in this run",
  });
  expect(outcomes["careful"]?.state).toBe("skipped");
  expect(project.exists("ran")).toBe(false);
});

test("the last attempt's output is shared, also that of a task that may fail", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.flaky]
      cmd = "echo try >> tries; wc -l < tries | tr -d ' '; test $(wc -l < tries) -gt 1"
      retry = 1
      share_output = true
      [tasks.allowed]
      cmd = "echo partial; exit 3"
      allow_failure = true
      share_output = true
      [tasks.use]
      deps = ["flaky", "allowed"]
      cmd = "echo \${output.flaky} \${output.allowed}"
    `,
  });
  const { stdout } = await project
    .zr("run", "use", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "use")).toBe("2 partial\n");
});

test("one instance of a matrix is named by brackets; the bare name is refused and says so", async () => {
  const config = (name: string): string => `
    [tasks.build]
    cmd = "echo for-\${matrix.os}"
    matrix = { os = ["linux", "win.11"] }
    share_output = true
    [tasks.use]
    deps = ["build"]
    cmd = "echo \${output.${name}}"
    [tasks.one]
    deps = ["build[os=linux]"]
    cmd = "echo \${output.build}"
    [tasks.expr]
    deps = ["build"]
    cmd = "echo yes"
    condition = "output['build[os=win.11]'] == 'for-win.11'"
  `;
  await using good = await makeProject({ "zr.toml": config("build[os=win.11]") });
  const { stdout } = await good
    .zr("run", "use", "one", "expr", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "use")).toBe("for-win.11\n");
  expect(outputOf(stdout, "one")).toBe("for-linux\n");
  expect(outputOf(stdout, "expr")).toBe("yes\n");
  await using bad = await makeProject({ "zr.toml": config("build") });
  await bad.zr("run", "use").expect({
    code: 3,
    stderr: `
      error[E176]: '\${output.build}' in 'cmd' of task 'use' could mean 2 instances of task 'build'
        ┌─ zr.toml:7:13
       7│ cmd = "echo \${output.build}"
        │             ^^^^^^^^^^^^^^^ say which; did you mean '\${output.build[os=linux]}' or '\${output.build[os=win.11]}'?
    `,
  });
});

test("names mean the task's own package first, and others by the package in front", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["app", "lib"]
      [workspace.dependencies]
      app = ["lib"]
      [tasks.name]
      cmd = "echo root"
      share_output = true
    `,
    "app/zr.toml": `
      [package]
      name = "app"
      [tasks.name]
      cmd = "echo app"
      share_output = true
      [tasks.use]
      deps = ["name", "^name", "//:name"]
      cmd = "echo \${output.name} \${output.lib:name} \${output.lib:only}"
      condition = "output['name'] == 'app' && output['lib:name'] == 'lib' && output['//:name'] == 'root' && tasks['lib:name'].success"
    `,
    "lib/zr.toml": `
      [package]
      name = "lib"
      [tasks.name]
      deps = ["only"]
      cmd = "echo lib"
      share_output = true
      [tasks.only]
      cmd = "echo alone"
      share_output = true
    `,
  });
  const { stdout } = await project
    .zr("run", "app:use", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outputOf(stdout, "app:use")).toBe("app lib alone\n");
  await project.zr("validate").expect({ stdout: anything });
});

const refused = async (tasks: string, ...args: readonly string[]): Promise<string> => {
  await using project = await makeProject({ "zr.toml": tasks });
  const { stderr } = await project.zr(...args).expect({ code: 3, stdout: anything, stderr: anything });
  return stderr;
};

test("a name that no task has is refused, with the one that is meant", async () => {
  const tasks = `${SHARED}
  [tasks.use]
  deps = ["version", "meta"]
  cmd = "echo \${output.verison} \${output.mata.app}"
  condition = "output['verison'] == '1'"
  `;
  for (const args of [["run", "use"], ["validate"]]) {
    const stderr = await refused(tasks, ...args);
    expect(stderr).toContain("'${output.verison}' means nothing in 'cmd' of task 'use'");
    expect(stderr).toContain("did you mean '${output.version}'?");
    expect(stderr).toContain("did you mean '${output.meta}'?");
  }
});

test("a task that does not run before, that shares nothing, or whose output has no keys, is refused where it is named", async () => {
  const tasks = `${SHARED}
  [tasks.mute]
  cmd = "true"
  [tasks.early]
  cmd = "echo \${output.version}"
  [tasks.deaf]
  deps = ["mute"]
  cmd = "echo \${output.mute}"
  [tasks.deep]
  deps = ["version"]
  cmd = "echo \${output.version.major}"
  `;
  const stderr = await refused(tasks, "validate");
  expect(stderr).toContain(
    "error[E174]: '${output.version}' in 'cmd' of task 'early': task 'version' does not run before it",
  );
  expect(stderr).toContain(
    "error[E175]: '${output.mute}' in 'cmd' of task 'deaf': task 'mute' does not share its output",
  );
  expect(stderr).toContain(
    "error[E177]: '${output.version.major}' in 'cmd' of task 'deep': the output of task 'version' is text, which has no 'major'",
  );
});

test("expressions are checked alike", async () => {
  const tasks = `${SHARED}
  [tasks.mute]
  cmd = "true"
  [tasks.several]
  cmd = "echo x"
  share_output = true
  matrix = { os = ["a", "b"] }
  [tasks.use]
  deps = ["mute", "several"]
  cmd = "true"
  preconditions = ["output['mute'] == ''", "output['several'] == 'x'", "output['version'] == '1'"]
  `;
  const codes = [...(await refused(tasks, "run", "use")).matchAll(/^error\[(E\d+)\]/gm)].map(
    ([, code]) => code,
  );
  expect(codes).toEqual(["E241", "E242", "E217"]);
});

test("a task downstream can't be referred to, so outputs make no circle", async () => {
  const stderr = await refused(
    `${SHARED}
  [tasks.first]
  cmd = "echo \${output.second}"
  share_output = true
  [tasks.second]
  deps = ["first"]
  cmd = "echo \${output.first}"
  share_output = true
  `,
    "run",
    "second",
  );
  expect(stderr).toContain("error[E174]: '${output.second}' in 'cmd' of task 'first'");
});

test("outputs are refused where the plan or another language would need them", async () => {
  const stderr = await refused(
    `${SHARED}
  [tasks.folder]
  deps = ["version"]
  cmd = "true"
  cwd = "build/\${output.version}"
  [tasks.python]
  deps = ["version"]
  script = """
  #!/usr/bin/env python3
  print("\${output.version}")
  """
  [tasks.login]
  cmd = "true"
  interactive = true
  share_output = true
  [tasks.quiet]
  cmd = "true"
  io = { stdout = "null" }
  share_output = true
  `,
    "validate",
  );
  expect(stderr).toContain(
    "error[E178]: '${output.version}' is not known yet where 'cwd' of task 'folder' is worked out",
  );
  expect(stderr).toContain("error[E168]: '${output.version}' can't be put into 'script' of task 'python'");
  expect(stderr).toContain("error[E179]: 'share_output' of task 'login' has no effect: it is interactive");
  expect(stderr).toContain(
    "error[E179]: 'share_output' of task 'quiet' has no effect: its stdout goes to 'null'",
  );
});

test("what handlers and called tasks refer to is judged by who runs them", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.fail]
  deps = ["version"]
  cmd = "echo half; exit 1"
  share_output = true
  on_failure = "tell"
  [tasks.tell]
  cmd = "echo told \${output.version} \${output.fail}"
  [tasks.caller]
  deps = ["version"]
  cmds = [{ task = "called" }]
  [tasks.called]
  cmd = "echo called \${output.version}"
  `,
  });
  await project.zr("validate").expect({ stdout: anything });
  const { stdout } = await project.zr("run", "fail", "caller", "-k", "--events", "-").result();
  expect(outputOf(stdout, "tell#after")).toBe("told 1.2.3 half\n");
  expect(outputOf(stdout, "called@caller")).toBe("called 1.2.3\n");
  await project.zr("run", "called").expect({ code: 3, stderr: /E174/ });
});

test("a secret in an output stays a secret downstream, also by way of others and inside of JSON", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.login]
      cmd = "echo prefix-$HIDDEN"
      share_output = true
      env = { HIDDEN = { file = "hidden.txt", secret = true } }
      [tasks.wrapped]
      cmd = "cat wrapped.json"
      share_output = "json"
      env = { OTHER = { file = "other.txt", secret = true } }
      [tasks.passed]
      deps = ["login"]
      cmd = "echo \${output.login}"
      share_output = true
      [tasks.use]
      deps = ["passed", "wrapped"]
      cmd = "echo [$HIDDEN$OTHER] \${output.passed} \${output.wrapped.t}; printf %s \${output.passed}\${output.wrapped.t} | sha1sum | cut -c 1-8"
    `,
    "hidden.txt": "open-sesame",
    "other.txt": "close-o-sesame",
    "wrapped.json": String.raw`{"t": "cl\u006fse-o-sesame"}`,
  });
  const { stdout, stderr } = await project
    .zr("run", "use", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  for (const secret of ["open-sesame", "close-o-sesame"]) expect(stdout + stderr).not.toContain(secret);
  // The command itself got both.
  const whole = "prefix-open-sesameclose-o-sesame";
  const digest = new Bun.CryptoHasher("sha1").update(whole).digest("hex").slice(0, 8);
  expect(outputOf(stdout, "use")).toBe(`[] prefix-**** ****\n${digest}\n`);
});

test("an output whose name reads like a secret's is masked downstream", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.login-token]
      cmd = "echo made-up-token"
      share_output = true
      silent = true
      [tasks.use]
      deps = ["login-token"]
      cmd = "echo \${output.login-token}"
    `,
  });
  await project.zr("run", "use").expect({ stdout: "****\n", stderr: anything });
});

test("what an earlier stage of a workflow has shared is there for later ones", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.deploy]
  cmd = "echo deploying \${output.version}"
  [workflows.release]
  stages = [{ name = "build", tasks = ["version"] }, { name = "ship", tasks = ["deploy"] }]
  `,
  });
  await project.zr("validate").expect({ stdout: anything });
  await project.zr("workflow", "release").expect({ stdout: /deploying 1\.2\.3/, stderr: anything });
});

test("zr env and zr explain show what is not known yet as it is written", async () => {
  await using project = await makeProject({
    "zr.toml": `${SHARED}
  [tasks.use]
  deps = ["version"]
  env = { TAG = "v\${output.version}" }
  cmd = "echo $TAG"
  `,
  });
  await project.zr("env", "use", "--format", "dotenv").expect({ stdout: /^TAG='v\$\{output\.version\}'$/m });
});

test("an expression that fails on a shared secret does not show it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.login]
      cmd = "echo $HIDDEN"
      share_output = true
      env = { HIDDEN = { file = "hidden.txt", secret = true } }
      [tasks.use]
      deps = ["login"]
      cmd = "true"
      condition = "semver.gte(output['login'], '1.0')"
    `,
    "hidden.txt": "open-sesame",
  });
  await project.zr("run", "use").expect({ code: 1, stdout: "****\n", stderr: /'\*\*\*\*' is not a version/ });
});
