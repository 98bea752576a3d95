import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { eventsOf, outputOf } from "./events";

const TASKS = `
  [tasks.shell]
  cmd = "echo \${git.sha} \${git.branch} [\${git.tag}] \${git.dirty} [\${git.base}]"
  [tasks.words]
  cmd = ["echo", "\${git.sha}", "\${run.id}"]
  [tasks.env]
  env = { BUILD = "\${git.branch}-\${run.id}", OTHER = "x\${env.BUILD}" }
  cmd = "echo $BUILD $OTHER \${run.id}"
`;

test("facts of the repository and of the run are values in commands, words and variables", async () => {
  await using project = await makeProject({ "zr.toml": TASKS }, { git: true });
  project.git("branch", "-m", "topic");
  project.git("tag", "v1");
  const sha = project.git("rev-parse", "HEAD").trim();
  const { stdout } = await project
    .zr("run", "shell", "words", "env", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  const [{ run } = { run: "" }] = eventsOf(stdout);
  expect(outputOf(stdout, "shell")).toBe(`${sha} topic [v1] false []\n`);
  expect(outputOf(stdout, "words")).toBe(`${sha} ${run}\n`);
  expect(outputOf(stdout, "env")).toBe(`topic-${run} xtopic-${run} ${run}\n`);
});

test("outside of a repository facts of git are empty, and a precondition can insist", async () => {
  await using project = await makeProject({
    "zr.toml": `${TASKS}
  [tasks.strict]
  cmd = "echo \${git.sha}"
  preconditions = [{ if = "git.sha != null", message = "run this in a clone" }]
  `,
  });
  await project.zr("run", "shell").expect({ stdout: "  []  []\n", stderr: anything });
  await project.zr("run", "strict").expect({ code: 1, stderr: /run this in a clone/ });
});

test("git is asked once a run for each fact, and not at all where nobody wants one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo \${git.sha}"
      condition = "git.sha != null"
      [tasks.b]
      cmd = "echo \${git.sha}"
      [tasks.c]
      cmd = "true"
    `,
    // Says that it was asked and answers as git would.
    "bin/git": `
      #!/bin/sh
      echo "$@" >> "$GIT_LOG"
      echo 0123456789
    `,
  });
  Bun.spawnSync(["chmod", "+x", project.path("bin/git")]);
  const env = {
    PATH: `${project.path("bin")}:${process.env["PATH"] ?? ""}`,
    GIT_LOG: project.path("log"),
  };
  await project.zrWith({ env }, "run", "c").expect({ stdout: anything, stderr: anything });
  expect(project.exists("log")).toBe(false);
  await project.zrWith({ env }, "run", "a", "b").expect({ stdout: anything, stderr: anything });
  expect(project.read("log").trim().split("\n")).toEqual(["rev-parse --verify --quiet HEAD^{commit}"]);
});

test("a fact that git has not, and a place that is fixed before anything runs, are refused", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.typo]
      cmd = "echo \${git.shaa}"
      [tasks.folder]
      cmd = "true"
      cwd = "build/\${git.sha}"
      [tasks.python]
      script = """
      #!/usr/bin/env python3
      print("\${git.sha}")
      """
    `,
  });
  await project.zr("validate").expect({
    code: 3,
    stderr: `
      error[E172]: '\${git.shaa}' means nothing in 'cmd' of task 'typo'
        ┌─ zr.toml:2:13
       2│ cmd = "echo \${git.shaa}"
        │             ^^^^^^^^^^^ did you mean '\${git.sha}'?

      error[E178]: '\${git.sha}' is not known yet where 'cwd' of task 'folder' is worked out
        ┌─ zr.toml:5:14
       5│ cwd = "build/\${git.sha}"
        │              ^^^^^^^^^^

      error[E168]: '\${git.sha}' can't be put into 'script' of task 'python'
        ┌─ zr.toml:9:8
       9│ print("\${git.sha}")
        │        ^^^^^^^^^^ hand it over by a variable of 'env'
    `,
  });
});

test("a branch's name is never shell text", async () => {
  await using project = await makeProject(
    { "zr.toml": `[tasks.b]\ncmd = "echo \${git.branch}"\n` },
    { git: true },
  );
  project.git("checkout", "--quiet", "-b", "x$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned");
  await project
    .zr("run", "b")
    .expect({ stdout: "x$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned\n", stderr: anything });
  expect(project.exists("pwned")).toBe(false);
});

test("hooks have the values too", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
      [hooks]
      before_task = "echo at \${git.branch}"
      [tasks.b]
      cmd = "echo b"
    `,
    },
    { git: true },
  );
  project.git("branch", "-m", "topic");
  await project.zr("run", "b").expect({ stdout: "at topic\nb\n", stderr: anything });
});
