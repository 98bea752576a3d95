import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { statesOf } from "./events";

/** `done` lists what was run, in order. */
const FILES = {
  "zr.toml": `
    [tasks.base]
    cmd = "echo base >> done"
    [tasks.side]
    cmd = "echo side >> done"
    deps = ["base"]
    [tasks.mid]
    cmd = "echo mid >> done; test -f ok"
    deps = ["base"]
    [tasks.top]
    cmd = "echo top >> done"
    deps = ["mid", "side"]
    [tasks.say]
    cmd = 'echo "$MODE \${args.what} $*" >> done'
    args = [{ name = "what" }]
    [profiles.loud.env]
    MODE = "loud"
  `,
};

function done(project: Project): string[] {
  const lines = project.exists("done") ? project.read("done").trimEnd().split("\n") : [];
  project.write("done", "");
  return lines.filter((line) => line !== "");
}

const SHOWN = { stdout: anything, stderr: anything } as const;

test("--retry-failed runs what failed and what depends on it, and nothing that ended well", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "top", "--keep-going").expect({ ...SHOWN, code: 1 });
  expect(done(project).sort()).toEqual(["base", "mid", "side"]);
  await project.zr("run", "top", "--retry-failed").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["mid"]);
  project.write("ok", "");
  expect(await statesOf(project, "top", "--retry-failed")).toEqual({ mid: "success", top: "success" });
  expect(done(project)).toEqual(["mid", "top"]);
  await project
    .zr("run", "top", "--retry-failed")
    .expect({ stderr: /^nothing to do: nothing failed in run / });
  expect(done(project)).toEqual([]);
});

test("--retry-failed without a task repeats the last run's request, and can be looked at first", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "top", "--keep-going", "--label", "x=1").expect({ ...SHOWN, code: 1 });
  done(project);
  const { stdout } = await project.zr("run", "--retry-failed", "--dry-run").expect(SHOWN);
  expect(stdout).toContain("mid");
  expect(stdout).not.toContain("base");
  project.write("ok", "");
  await project.zr("run", "--retry-failed").expect({
    stdout: anything,
    stderr: /^repeating \d{8}-\d{6}-\w{4}: zr run top --keep-going --label=x=1\n/,
  });
  expect(done(project)).toEqual(["mid", "top"]);
});

test("rerun --failed does the same for any run, whatever has been run since", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "top").expect({ ...SHOWN, code: 1 });
  project.write("ok", "");
  await project.zr("run", "base").expect(SHOWN);
  done(project);
  await project.zr("rerun", "--failed").expect({ stderr: /^nothing to do: nothing failed in run / });
  await project.zr("rerun", "-2", "--failed").expect(SHOWN);
  expect(done(project)).toContain("mid");
  expect(done(project)).not.toContain("base");
});

test("a task that failed takes along the server that it needs, and what handles its end", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.server]
      cmd = "echo server >> done; echo up; exec sleep 600"
      persistent = true
      ready = { log = "up" }
      deps = ["prepare"]
      [tasks.prepare]
      cmd = "echo prepare >> done"
      [tasks.test]
      cmd = "echo test >> done; test -f ok"
      deps = ["server"]
      finally = "clean"
      [tasks.clean]
      cmd = "echo clean >> done"
    `,
  });
  await project.zr("run", "test").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["prepare", "server", "test", "clean"]);
  project.write("ok", "");
  await project.zr("run", "test", "--retry-failed").expect(SHOWN);
  expect(done(project)).toEqual(["server", "test", "clean"]);
});

test("a server that only a called task needs is up again for it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.server]
      cmd = "echo server >> done; echo up; exec sleep 600"
      persistent = true
      ready = { log = "up" }
      [tasks.ask]
      cmd = "echo ask >> done"
      deps = ["server"]
      [tasks.other]
      cmd = "echo other >> done"
      deps = ["server"]
      [tasks.test]
      cmds = [{ task = "ask" }, "test -f ok"]
      [tasks.all]
      deps_serial = ["other", "test"]
    `,
  });
  await project.zr("run", "all").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["server", "other", "ask"]);
  project.write("ok", "");
  await project.zr("run", "all", "--retry-failed").expect(SHOWN);
  expect(done(project)).toEqual(["server", "ask"]);
});

test("rerun repeats a run with its arguments, profile, variables, folder and labels", async () => {
  await using project = await makeProject({ ...FILES, "sub/keep": "" });
  await project
    .zrWith({ cwd: "sub" }, "-p", "loud", "run", "say", "it", "--label", "l=1", "--", "a b", "-x")
    .expect(SHOWN);
  expect(done(project)).toEqual(["loud it a b -x"]);
  for (const words of [["rerun"], ["!!"], ["!-1"], ["rerun", "last"]]) {
    await project.zr(...words).expect({
      stdout: anything,
      stderr: /^repeating \S+: zr run say it --profile=loud --label=l=1 -- 'a b' -x\n/,
    });
    expect(done(project)).toEqual(["loud it a b -x"]);
  }
  const { stdout } = await project.zr("history", "--label", "l=1", "--json").expect(SHOWN);
  expect((JSON.parse(stdout) as { runs: unknown[] }).runs).toHaveLength(5);
  await project.zr("run", "-e", "MODE=quiet", "say", "so").expect(SHOWN);
  done(project);
  await project.zr("!!").expect({ stdout: anything, stderr: anything });
  expect(done(project)).toEqual(["quiet so"]);
  await project.zr("!-3").expect(SHOWN);
  expect(done(project)).toEqual(["loud it a b -x"]);
});

test("the value of a secret variable is asked of the environment when a run is repeated", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nt = "printenv MY_TOKEN >> done"\n`,
  });
  await project.zr("run", "t", "-e", "MY_TOKEN=secret-1").expect(SHOWN);
  await project
    .zr("rerun")
    .expect({ code: 2, stderr: /^error\[E403\].*MY_TOKEN was a secret; set the variable/ });
  await project
    .zrWith({ env: { MY_TOKEN: "secret-2" } }, "rerun")
    .expect({ stdout: anything, stderr: /^repeating \S+: zr run t --env=MY_TOKEN\n/ });
  expect(done(project)).toEqual(["secret-1", "secret-2"]);
});

test("bad input is refused", async () => {
  await using project = await makeProject(FILES);
  await project.zr("!!").expect({ code: 2, stderr: /^error\[E400\]: 'last' .* it is empty\n/ });
  await project.zr("run", "--retry-failed").expect({ code: 2, stderr: /E400/ });
  await project.zr("run", "top", "--retry-failed").expect({ code: 2, stderr: /E400/ });
  await project.zr("run", "base").expect(SHOWN);
  await project.zr("!-7").expect({ code: 2, stderr: /^error\[E400\]: '-7' / });
  await project.zr("!x").expect({ code: 2, stderr: /^error\[E400\]/ });
  await project.zr("!!", "more").expect({ code: 2, stderr: /^error\[E185\]/ });
  await project.zr("rerun", "last", "more").expect({ code: 2, stderr: /^error\[E185\]/ });
  await project.zr("run", "base", "--label", "x").expect({ code: 2, stderr: /^error\[E183\].*--label/ });
});

test("a workflow is repeated as a whole, or by --failed from where it was left", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.first]
      cmd = "echo first >> done"
      [tasks.second]
      cmd = "echo second >> done; test -f ok"
      [[workflows.w.stages]]
      name = "one"
      tasks = ["first"]
      [[workflows.w.stages]]
      name = "two"
      tasks = ["second"]
    `,
  });
  await project.zr("workflow", "w").expect({ ...SHOWN, code: 1 });
  await project.zr("rerun").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["first", "second", "first", "second"]);
  project.write("ok", "");
  await project.zr("rerun", "--failed").expect(SHOWN);
  expect(done(project)).toEqual(["second"]);
  const { stdout } = await project.zr("history", "--json").expect(SHOWN);
  expect(JSON.parse(stdout)).toMatchObject({
    runs: [{ workflow: "w", status: "success" }, { workflow: "w", status: "failed" }, { workflow: "w" }],
  });
  await project.zr("rerun", "--failed").expect({ stderr: /^nothing to do/ });
});

test("consent holds for the run it was given to: a repeated run has to be agreed to anew", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.drop]
      cmd = "echo drop >> done; test -f ok"
      confirm = "Drop it?"
      [tasks.deploy]
      cmd = "echo deploy >> done; test -f ok"
      [[workflows.w.stages]]
      name = "live"
      tasks = ["deploy"]
      approval = true
    `,
  });
  await project.zr("run", "drop", "--yes").expect({ ...SHOWN, code: 1 });
  await project.zr("workflow", "w", "--approve=live").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["drop", "deploy"]);
  const { stdout } = await project.zr("history", "--json").expect(SHOWN);
  expect((JSON.parse(stdout) as { runs: { invocation: { options: string[] } }[] }).runs).toMatchObject([
    { invocation: { options: [] } },
    { invocation: { options: [] } },
  ]);
  await project.zr("rerun").expect({ ...SHOWN, code: 1 });
  await project.zr("rerun", "--failed").expect({ ...SHOWN, code: 1 });
  await project.zr("rerun", "-4").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual([]);
  await project.zr("rerun", "-2", "--yes").expect({ ...SHOWN, code: 1 });
  await project.zr("rerun", "-6", "-y").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual(["deploy", "drop"]);
});

test("consent in a record of a run is not taken over either", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.drop]\ncmd = "echo drop >> done"\nconfirm = true`,
  });
  await project.zr("run", "drop", "--yes", "--label=agreed=1").expect(SHOWN);
  done(project);
  await project.zr("history").expect(SHOWN);
  using database = new Database(project.path(".zr/history.db"));
  database.run("UPDATE runs SET document = replace(document, '--label=agreed=1', '--yes')");
  await project.zr("rerun").expect({ ...SHOWN, code: 1 });
  expect(done(project)).toEqual([]);
});
