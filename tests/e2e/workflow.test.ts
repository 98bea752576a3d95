import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { startsOf } from "./events";
import { stagesOf, statesOf, whyOf } from "./workflow-events";

const THREE = `
  [tasks]
  lint = "echo lint"
  build = "echo build"
  deploy = { cmd = "echo deploy", deps = ["build"] }
  smoke = "echo smoke"
  [[workflows.ship.stages]]
  name = "check"
  tasks = ["lint"]
  [[workflows.ship.stages]]
  name = "deploy"
  tasks = ["deploy"]
  [[workflows.ship.stages]]
  name = "smoke"
  tasks = ["smoke"]
`;

test("stages run in order, each with what its tasks need, and the summary tells them one by one", async () => {
  await using project = await makeProject({ "zr.toml": THREE });
  const { stderr } = await project
    .zr("workflow", "ship")
    .expect({ stdout: "lint\nbuild\ndeploy\nsmoke\n", stderr: anything });
  // A column of times is as wide as the longest.
  expect(stderr.replaceAll(/\b\d+(?:\.\d+)?m?s\b(?: +(?= \S))?/g, "<time>")).toBe(
    [
      "▶ stage check",
      "✓ lint (<time>)",
      "▶ stage deploy",
      "✓ build (<time>)",
      "✓ deploy (<time>)",
      "▶ stage smoke",
      "✓ smoke (<time>)",
      "✓ workflow ship ok · 4 tasks: 4 ok · <time> · critical path <time>",
      "  ✓ check   ok  <time> 1 ok",
      "  ✓ deploy  ok  <time> 2 ok",
      "  ✓ smoke   ok  <time> 1 ok",
      "",
    ].join("\n"),
  );
});

test("what an earlier stage has run is not run again by a later one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "echo build"
      deploy = { cmd = "echo deploy", deps = ["build"] }
      [workflows.ship]
      steps = [{ run = "build" }, { run = "deploy" }]
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["build", "deploy"]);
  expect(stagesOf(stdout)).toEqual(["build success", "deploy success"]);
});

test("a stage's tasks run at once, or one after another with parallel = false, which a failure ends", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = "${cmd("a")}"
      b = "${cmd("b")}"
      [[workflows.together.stages]]
      tasks = ["a", "b"]
      [[workflows.in-turn.stages]]
      tasks = ["a", "b"]
      parallel = false
    `,
  });
  const together = project.zr("workflow", "together");
  const both = await Promise.all([project.command("a").started(), project.command("b").started()]);
  for (const child of both) child.exit();
  await together.expect({ stderr: anything });
  const inTurn = project.zr("workflow", "in-turn", "--events=-");
  (await project.command("a").started()).exit(3);
  const { stdout } = await inTurn.expect({ code: 1, stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["a"]);
  expect(project.command("b").count).toBe(1);
});

test("a failed stage ends the workflow: later stages are skipped, on_failure and finally run, on_success does not", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "exit 7"
      deploy = "echo deploy"
      rollback = "echo rollback"
      party = "echo party"
      cleanup = "echo cleanup"
      [workflows.ship]
      steps = [{ run = "build" }, { run = "deploy" }]
      on_failure = "rollback"
      on_success = "party"
      finally = { run = ["cleanup"] }
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stagesOf(stdout)).toEqual([
    "build failed",
    "deploy skipped",
    "on_failure success",
    "finally success",
  ]);
  expect(await statesOf(project, "ship")).toEqual({
    build: "failed",
    deploy: "skipped",
    rollback: "success",
    party: "skipped",
    cleanup: "success",
  });
});

test("a condition that speaks of earlier stages is asked even after a failure; one that does not is not", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      test = "exit 1"
      report = "echo report"
      fix = "echo fix"
      deploy = "echo deploy"
      [[workflows.ship.stages]]
      name = "test"
      tasks = ["test"]
      [[workflows.ship.stages]]
      name = "report"
      tasks = ["report"]
      condition = "true"
      [[workflows.ship.stages]]
      name = "fix"
      tasks = ["fix"]
      condition = "stages['test'].failed && tasks['test'].exit_code == 1"
      [[workflows.ship.stages]]
      name = "deploy"
      tasks = ["deploy"]
      condition = "stages.test.success"
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stagesOf(stdout)).toEqual(["test failed", "report skipped", "fix success", "deploy skipped"]);
  expect(whyOf(stdout, "deploy")).toBe("condition is false: stages.test.success");
});

test("what a skipped stage would have run is run by the later stage that needs it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "echo build"
      lint = "echo lint"
      deploy = { cmd = "echo deploy", deps = ["build"] }
      [[workflows.ship.stages]]
      name = "build"
      tasks = ["build"]
      condition = "false"
      [[workflows.ship.stages]]
      name = "lint"
      tasks = ["lint"]
      [[workflows.ship.stages]]
      name = "deploy"
      tasks = ["deploy"]
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["lint", "build", "deploy"]);
});

test("a stage that may fail is reported, and the workflow goes on and succeeds", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      audit = "exit 1"
      build = "echo build"
      [[workflows.ship.stages]]
      name = "audit"
      tasks = ["audit"]
      allow_failure = true
      [[workflows.ship.stages]]
      name = "build"
      tasks = ["build"]
    `,
  });
  const { stdout } = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(stagesOf(stdout)).toEqual(["audit failed", "build success"]);
});

test("fail_fast of a stage decides whether its other tasks are still started", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      bad = "exit 1"
      good = "echo good"
      [[workflows.all.stages]]
      tasks = ["bad", "good"]
      fail_fast = false
      [[workflows.first.stages]]
      tasks = ["bad", "good"]
      fail_fast = true
    `,
  });
  expect(await statesOf(project, "all", "-j1")).toEqual({ bad: "failed", good: "success" });
  expect(await statesOf(project, "first", "-j1")).toEqual({ bad: "failed", good: "canceled" });
});

test("inputs are typed, checked before anything runs, and reach conditions, questions, variables, arguments and tasks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      show = 'echo "$ZR_ARG_version $TAG $STAGE"'
      deploy = { cmd = "echo \${args.region} \${args.version}", args = [{ name = "region" }, { name = "version" }] }
      [workflows.ship]
      inputs = [
        { name = "version", required = true },
        { name = "count", type = "number", default = 2 },
        { name = "dry", type = "boolean" },
        { name = "region", choices = ["eu", "us"], default = "eu" },
      ]
      env = { TAG = "v\${args.version}" }
      [[workflows.ship.stages]]
      name = "show"
      tasks = ["show"]
      env = { STAGE = "\${args.count}" }
      condition = "args.count > 1"
      [[workflows.ship.stages]]
      name = "deploy"
      tasks = [{ task = "deploy", args = { region = "\${args.region}" } }]
      condition = "!args.dry"
    `,
  });
  await project
    .zr("workflow", "ship", "1.2 \"'$(touch hacked)", "--input", "region=us", "--quiet", "--raw")
    .expect({
      stdout: "1.2 \"'$(touch hacked) v1.2 \"'$(touch hacked) 2\nus 1.2 \"'$(touch hacked)\n",
      stderr: anything,
    });
  expect(project.exists("hacked")).toBe(false);
  const dry = await project
    .zr("workflow", "ship", "1", "--input=dry=true", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(stagesOf(dry.stdout)).toEqual(["show success", "deploy skipped"]);
  for (const [words, problem] of [
    [[], "input 'version' of workflow 'ship': it needs a value"],
    [["1", "--input=count=two"], "input 'count' of workflow 'ship': 'two' is not allowed: a number"],
    [["1", "--input=region=ue"], "input 'region' of workflow 'ship': 'ue' is not allowed: one of eu, us"],
    [["1", "--input=regoin=eu"], "did you mean 'region'?"],
  ] as const) {
    const { stderr } = await project.zr("workflow", "ship", ...words).expect({ code: 2, stderr: anything });
    expect(stderr).toContain(problem);
  }
});

test("for_each runs a stage for each value of a list or of a matrix axis", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      deploy = { cmd = "echo deploy \${matrix.target}", matrix = { target = ["eu", "us"], size = ["s", "l"] } }
      smoke = "echo smoke \${matrix.target} $AT"
      ping = "echo ping \${matrix.item}"
      [[workflows.ship.stages]]
      tasks = ["deploy", "smoke"]
      for_each = "matrix.target"
      parallel = false
      env = { AT = "at-\${matrix.target}" }
      [[workflows.ship.stages]]
      tasks = ["ping"]
      for_each = [1, 2]
      parallel = false
    `,
  });
  await project.zr("workflow", "ship", "--raw", "--quiet").expect({
    stdout: [
      ...["eu", "us"].flatMap((at) => [`deploy ${at}`, `deploy ${at}`, `smoke ${at} at-${at}`]),
      "ping 1",
      "ping 2",
      "",
    ].join("\n"),
    stderr: anything,
  });
});

test("a stage that needs approval fails where nobody can be asked, and runs where somebody has agreed", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "echo build"
      deploy = "echo deploy"
      undo = "echo undo"
      [workflows.ship]
      on_failure = "undo"
      [[workflows.ship.stages]]
      name = "build"
      tasks = ["build"]
      [[workflows.ship.stages]]
      name = "to production"
      tasks = ["deploy"]
      approval = "Deploy now?"
    `,
  });
  const refused = await project
    .zr("workflow", "ship", "--events=-")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(stagesOf(refused.stdout)).toEqual(["build success", "to production failed", "on_failure success"]);
  expect(whyOf(refused.stdout, "to production")).toContain("--approve='to production'");
  for (const flag of ["--yes", "--approve=to production"]) {
    const { stdout } = await project
      .zr("workflow", "ship", flag, "--events=-")
      .expect({ stdout: anything, stderr: anything });
    expect(startsOf(stdout)).toEqual(["build", "deploy"]);
  }
});

test("on a terminal the question is asked, and no is no", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      deploy = "touch deployed"
      [[workflows.ship.stages]]
      name = "deploy"
      tasks = ["deploy"]
      approval = true
    `,
  });
  await using first = await project.terminal({}, "workflow", "ship");
  await first.waitForScreen("Run stage 'deploy'? [y/N]");
  first.type("n\r");
  await first.waitForScreen("not approved");
  expect((await first.exited).code).toBe(1);
  expect(project.exists("deployed")).toBe(false);
  await using second = await project.terminal({}, "workflow", "ship");
  await second.waitForScreen("[y/N]");
  second.type("y\r");
  expect((await second.exited).code).toBe(0);
  expect(project.exists("deployed")).toBe(true);
});

test("--from and --only leave out stages, which count as done; --dry-run shows them all", async () => {
  await using project = await makeProject({ "zr.toml": THREE });
  const from = await project
    .zr("workflow", "ship", "--from", "deploy", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(from.stdout)).toEqual(["build", "deploy", "smoke"]);
  const only = await project
    .zr("wf", "ship", "--only=check", "--only=smoke", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(only.stdout)).toEqual(["lint", "smoke"]);
  await project.zr("workflow", "ship", "--from=smoke", "--dry-run").expect({
    stdout: `
      stage check
        not asked for
        lint  echo lint
          stage 'check' · in .

      stage deploy
        not asked for
        build  echo build
          deploy depends on it · in .
        deploy  echo deploy
          stage 'deploy' · in . · after build

      stage smoke
        smoke  echo smoke
          stage 'smoke' · in .
    `,
  });
});

test("conditions of stages see the environment of the package, the profile and the workflow", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      BASE = "package"
      [profiles.prod.env]
      STAGE = "production"
      [tasks]
      a = "echo a"
      b = "echo b"
      c = "echo c"
      [workflows.ship]
      env = { OWN = "\${args.who}" }
      inputs = [{ name = "who", default = "me" }]
      [[workflows.ship.stages]]
      tasks = ["a"]
      condition = "env.BASE == 'package' && env.OWN == 'me' && env.ZR_ARG_who == 'me'"
      [[workflows.ship.stages]]
      tasks = ["b"]
      condition = "env.STAGE == 'production'"
      [[workflows.ship.stages]]
      tasks = ["c"]
      condition = "env.CALLER == 'x'"
    `,
  });
  const startsWith = async (...words: readonly string[]): Promise<readonly string[]> => {
    const run = project.zrWith({ env: { CALLER: "x" } }, "workflow", "ship", ...words, "--events=-");
    return startsOf((await run.expect({ stdout: anything, stderr: anything })).stdout);
  };
  expect(await startsWith()).toEqual(["a", "c"]);
  expect(await startsWith("--profile=prod")).toEqual(["a", "b", "c"]);
});

test("a question may name what earlier stages have shared, secrets masked; what a value holds is not filled in again", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      TOKEN = { value = "hunter2-hunter2", secret = true }
      [tasks]
      version = { cmd = "echo 1.2.3", share_output = true }
      login = { cmd = "echo $TOKEN", share_output = true }
      deploy = "true"
      [workflows.ship]
      inputs = [{ name = "who" }]
      [[workflows.ship.stages]]
      tasks = ["version", "login"]
      [[workflows.ship.stages]]
      tasks = ["deploy"]
      approval = "Deploy \${output.version} for \${args.who} with \${output.login}?"
    `,
  });
  await using terminal = await project.terminal({}, "workflow", "ship", "${output.version}");
  await terminal.waitForScreen("Deploy 1.2.3 for ${output.version} with ****? [y/N]");
  terminal.type("y\r");
  expect((await terminal.exited).code).toBe(0);
});

test("--show-env shows what would run: not what belongs to stages that are left out, or is done", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      base = "true"
      a = { cmd = "true", deps = ["base"], finally = "tidy" }
      tidy = "true"
      d = { cmds = ["true", { task = "called" }], deps = ["base"], on_failure = "undo" }
      called = "true"
      undo = "true"
      z = "exit 1"
      cleanup = "true"
      [workflows.ship]
      steps = [{ run = "a" }, { run = "d" }, { run = "z" }]
      finally = "cleanup"
    `,
  });
  const shown = async (...args: readonly string[]): Promise<string[]> => {
    const { stdout } = await project
      .zr("workflow", "ship", "--show-env", ...args)
      .expect({ stdout: anything });
    return [...stdout.matchAll(/^# ([^#\n@]*)/gm)].map(([, id = ""]) => id).sort();
  };
  expect(await shown()).toEqual(["a", "base", "called", "cleanup", "d", "tidy", "undo", "z"]);
  expect(await shown("--only", "d")).toEqual(["base", "called", "cleanup", "d", "undo"]);
  expect(await shown("--from", "z")).toEqual(["cleanup", "z"]);
  await project.zr("workflow", "ship").expect({ code: 1, stdout: anything, stderr: anything });
  expect(await shown("--resume", "last")).toEqual(["cleanup", "z"]);
});

test("values of inputs are read as nothing but themselves, whatever stands around them; shared output reaches the env of a stage", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      version = { cmd = "echo 1.2.3", share_output = true }
      show = 'printf "%s|%s|%s\\n" "$A" "$B" "$VERSION"'
      [workflows.ship]
      inputs = [{ name = "p" }]
      env = { B = "$HOME\${args.p}" }
      [[workflows.ship.stages]]
      tasks = ["version"]
      [[workflows.ship.stages]]
      tasks = ["show"]
      env = { A = "$(echo \${args.p})", VERSION = "\${output.version}" }
    `,
  });
  const value = "; touch pwned; echo }$X";
  const { stdout } = await project
    .zr("workflow", "ship", value, "--raw", "--quiet")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe(`1.2.3\n${value}|${project.home}${value}|1.2.3\n`);
  expect(project.exists("pwned")).toBe(false);
});
