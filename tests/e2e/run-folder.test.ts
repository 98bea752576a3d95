import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const CONFIG = `
  [tasks.s]
  script = '''
  ${cmd("s")}
  '''
  [tasks]
  a = "true"
  both = { cmd = "true", deps = ["s", "a"] }
`;

const runs = (project: Project): string[] =>
  project.exists(".zr/run") ? readdirSync(project.path(".zr/run")) : [];

test("temporary files, locks and sockets of a run live under .zr/run/<id> and are removed at the end", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const run = project.zr("run", "both", "--events", "-");
  const s = await project.command("s").started();
  const [id = ""] = runs(project);
  await run.waitForOutput(`"run":"${id}"`, "stdout");
  expect(readdirSync(project.path(`.zr/run/${id}`)).some((name) => name.startsWith("script-"))).toBe(true);
  s.exit();
  await run.expect({ stdout: anything, stderr: anything });
  expect(runs(project)).toEqual([]);
});

test("the folder is removed after failures, timeouts and interrupts too", async () => {
  await using project = await makeProject({
    "zr.toml": `${CONFIG}\nbad = { script = "exit 3" }\nslow = { script = "sleep 1000", timeout = "50ms" }`,
  });
  await project.zr("run", "bad", "a").expect({ code: 3, stdout: anything, stderr: anything });
  await project.zr("run", "slow").expect({ code: 124, stdout: anything, stderr: anything });
  const run = project.zr("run", "both");
  await project.command("s").started();
  run.kill("SIGINT");
  await run.expect({ code: 130, stdout: anything, stderr: anything });
  expect(runs(project)).toEqual([]);
});

test("a later zr removes the folders of dead runs and leaves those of live ones", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const dead = project.zr("run", "both");
  const first = await project.command("s").started();
  const [deadId = ""] = runs(project);
  dead.kill("SIGKILL");
  await first.closed;
  expect(runs(project)).toEqual([deadId]);
  const live = project.zr("run", "both");
  const second = await project.command("s").started();
  const [liveId = "", ...others] = runs(project);
  expect([liveId === deadId, others]).toEqual([false, []]);
  const third = project.zr("run", "both");
  const s = await project.command("s").started();
  expect(runs(project)).toContain(liveId);
  second.exit();
  s.exit();
  await Promise.all([
    live.expect({ stdout: anything, stderr: anything }),
    third.expect({ stdout: anything, stderr: anything }),
  ]);
  expect(runs(project)).toEqual([]);
});

test("SIGKILL of zr does no harm to the next run", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const killed = project.zr("run", "both");
  await project.command("s").started();
  killed.kill("SIGKILL");
  await killed.exited;
  const run = project.zr("run", "both");
  (await project.command("s").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("a run of one plain command writes nothing into the project but its history, and without one nothing", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"` });
  await project.zr("run", "a").expect();
  expect(readdirSync(project.path(".zr")).sort()).toEqual([".gitignore", "history"]);
  project.remove(".zr");
  project.write("zr.toml", `history.enabled = false\n[tasks]\na = "true"`);
  await project.zr("run", "a").expect();
  expect(readdirSync(project.root)).toEqual(["zr.toml"]);
});

test("the folder is private and ignored by git", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG }, { git: true });
  const run = project.zr("run", "both");
  const s = await project.command("s").started();
  expect(project.git("status", "--porcelain")).toBe("");
  const [id = ""] = runs(project);
  const stat = await Bun.file(project.path(`.zr/run/${id}`)).stat();
  expect(stat.mode & 0o077).toBe(0);
  s.exit();
  await run.expect({ stdout: anything, stderr: anything });
  expect(existsSync(project.path(".zr/.gitignore"))).toBe(true);
});
