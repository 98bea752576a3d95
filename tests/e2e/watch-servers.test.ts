import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import type { Run } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { end, finish, reruns, waits } from "./watching";

describe("long-running tasks", () => {
  const files = (restart: boolean): Record<string, string> => ({
    "zr.toml": `
      [tasks.server]
      cmd = "${cmd("server")}"
      persistent = true
      ready = { log = "up" }
      watch = { paths = ["server/**"], restart = ${restart} }
      [tasks.check]
      cmd = "${cmd("check")}"
      deps = ["server"]
      watch = ["check/**"]
      [tasks.test]
      cmd = "${cmd("test")}"
      watch = ["server/**", "test/**"]
    `,
  });

  async function start(
    project: Project,
  ): Promise<{ run: Run; server: Awaited<ReturnType<ReturnType<Project["command"]>["started"]>> }> {
    const run = project.zr("watch", "check", "test");
    const server = await project.command("server").started();
    server.print("up\n");
    await Promise.all([finish(project, "check"), finish(project, "test")]);
    await waits(run, 1);
    return { run, server };
  }

  test("keep running while others are run again", async () => {
    await using project = await makeProject(files(false));
    const { run, server } = await start(project);
    project.put("check/x", "1");
    await finish(project, "check");
    await waits(run, 2);
    project.put("server/x", "1");
    await finish(project, "test");
    await waits(run, 3);
    expect(reruns(run)).toEqual(["changed: check/x → check", "changed: server/x → test"]);
    expect(project.command("server").count).toBe(1);
    await server.trap("SIGTERM");
    run.kill("SIGINT");
    await server.signalled("SIGTERM");
    server.exit(0);
    await run.expect({ code: 130, stdout: anything, stderr: anything });
  });

  test("with restart are stopped by their signal and started again, and what needs them is run after that", async () => {
    await using project = await makeProject(files(true));
    const { run, server } = await start(project);
    await server.trap("SIGTERM");
    project.put("server/x", "1");
    await server.signalled("SIGTERM");
    expect(project.command("server").count).toBe(1);
    server.exit(0);
    const again = await project.command("server").started();
    expect(project.command("check").count).toBe(1);
    again.print("up\n");
    await Promise.all([finish(project, "check"), finish(project, "test")]);
    await waits(run, 2);
    expect(reruns(run)).toEqual(["changed: server/x → test, server, check"]);
    await end(run);
    expect(project.processes()).toEqual([]);
  });

  test("with restart need not be servers, and do not wait for the end of other tasks", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        app = { cmd = "${cmd("app")}", watch = { paths = ["app/**"], restart = true } }
        slow = { cmd = "${cmd("slow")}", watch = ["slow/**"] }
      `,
    });
    const run = project.zr("watch", "app", "slow");
    const [app, slow] = await Promise.all([
      project.command("app").started(),
      project.command("slow").started(),
    ]);
    project.put("app/x", "1");
    await app.closed;
    slow.exit();
    await project.command("app").started();
    await waits(run, 1);
    project.put("slow/x", "1");
    await finish(project, "slow");
    await waits(run, 2);
    expect(project.command("app").count).toBe(2);
    await end(run);
    expect(project.processes()).toEqual([]);
  });
});

test("servers stay up beside hooks that come after the run", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [hooks]
      before_run = "echo before"
      after_run = "echo after"
      [tasks]
      server = { cmd = "${cmd("server")}", persistent = true, watch = ["server/**"] }
      test = { cmd = "${cmd("test")}", watch = ["test/**"] }
    `,
  });
  const run = project.zr("watch", "server", "test");
  await Promise.all([project.command("server").started(), finish(project, "test")]);
  await waits(run, 1);
  project.put("test/x", "1");
  await finish(project, "test");
  await waits(run, 2);
  await end(run);
});

test("a server that changes stop before it is ready is started again, however often that happens", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.server]
      cmd = "${cmd("server")}"
      persistent = true
      ready = { log = "up" }
      watch = { paths = ["src/**"], restart = true, debounce = "5ms" }
    `,
    "src/a": "",
  });
  const run = project.zr("watch", "server");
  for (let save = 1; save <= 7; save += 1) {
    const starting = await project.command("server").started();
    project.put("src/a", String(save));
    await starting.signalled("SIGTERM");
  }
  (await project.command("server").started()).print("up\n");
  await waits(run, 1);
  expect(run.stderr()).not.toContain("not run again");
  await end(run);
});
