import { cpSync, readdirSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "bun:test";
import { REPOSITORY } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { eventsOf, outcomesOf, startsOf } from "./events";

const EXAMPLE = join(REPOSITORY, "examples", "release");
/** What trying the example out leaves in its folder. */
const LEFT_BEHIND = new Set([".zr", "build", "servers"]);
const TOKEN = "mellon-mellon-mellon";
const quietly = { stdout: anything, stderr: anything } as const;
const PRODUCTION = { env: { DEPLOY_TOKEN: TOKEN } } as const;

/** A copy of the example. */
async function makeExample(options: Parameters<typeof makeProject>[1] = {}): Promise<Project> {
  const project = await makeProject({}, { ...options, git: false });
  cpSync(EXAMPLE, project.root, {
    recursive: true,
    filter: (path) => path === EXAMPLE || !LEFT_BEHIND.has(basename(path)),
  });
  if (options.git === true) project.initializeGit();
  return project;
}

/** The release that is live in a region; undefined where there is none. */
function liveIn(project: Project, region: string): string | undefined {
  const link = `servers/${region}/current`;
  return project.exists(link) ? basename(readlinkSync(project.path(link))) : undefined;
}

const regionsOf = (project: Project): string[] =>
  project.exists("servers") ? readdirSync(project.path("servers")).sort() : [];

/** What the live back end of a region answers when it is started and asked. */
async function answerOf(project: Project, region: string): Promise<unknown> {
  await using server = Bun.spawn(["python3", project.path(`servers/${region}/current/api/server.py`)], {
    env: project.environment({ REGION: region }),
    stdout: "pipe",
    stderr: "ignore",
  });
  for await (const chunk of server.stdout) {
    const port = Buffer.from(chunk).toString().match(/\d+/)?.[0];
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`);
    // Here and now: the server ends with this block.
    return await answer.json();
  }
  throw new Error("the server ended without a word");
}

/** Names and states of stages in the order in which they ended. */
const stagesOf = (stdout: string): readonly string[] =>
  eventsOf(stdout).flatMap((event) =>
    event.type === "stage.finished" ? [`${event.stage} ${event.state}`] : [],
  );

/** Makes the next version one that says itself that it is ill. */
function breakNextVersion(project: Project): void {
  project.write("VERSION", "1.5.0\n");
  const server = project.read("api/server.py");
  expect(server).toContain('"ok": True');
  project.write("api/server.py", server.replace('"ok": True', '"ok": False'));
}

test("a release to staging checks, builds, deploys and asks what it has deployed, and is kept in the history", async () => {
  await using project = await makeExample();
  const list = await project.zr("list").expect({ stdout: anything });
  expect(list.stdout).toContain("workflows\n  release [note]  Check, build, roll out region by region");
  const dry = await project.zr("workflow", "release", "--dry-run").expect({ stdout: anything });
  expect(dry.stdout.match(/^(?:stage .*|on_.*|finally)$/gm)).toEqual([
    "stage check",
    "stage build",
    "stage sign-off",
    "stage rollout",
    "stage record",
    "on_failure",
    "on_success",
    "finally",
  ]);
  expect(dry.stdout).toContain("after approval: Release to production?");
  expect(regionsOf(project)).toEqual([]);
  const { stdout } = await project.zr("workflow", "release", "--events=-").expect(quietly);
  expect(stagesOf(stdout)).toEqual([
    "check success",
    "build success",
    "sign-off skipped",
    "rollout success",
    "record skipped",
    "on_success success",
    "finally success",
  ]);
  expect(regionsOf(project)).toEqual(["lab"]);
  expect(await answerOf(project, "lab")).toEqual({ ok: true, version: "1.4.0", region: "lab" });
  expect(project.read("servers/lab/current/site/index.html")).toContain("style-1.4.0.css");
  const history = await project.zr("history").expect({ stdout: anything });
  expect(history.stdout).toMatch(/ ok \(.*workflow .*release/);
  const artifacts = await project.zr("artifacts").expect({ stdout: anything });
  expect(artifacts.stdout).toContain("build/site/index.html");
  expect(artifacts.stdout).toContain("build/logs/lab.log");
});

test("production needs a token and somebody's consent, and without them nothing is rolled out", async () => {
  await using project = await makeExample();
  const release = ["workflow", "release", "--profile=production"] as const;
  await project.zr(...release, "--yes").expect({ code: 3, stderr: /E338[^]*'DEPLOY_TOKEN' is unset/ });
  const refused = await project.zrWith(PRODUCTION, ...release).expect({ code: 1, ...quietly });
  expect(refused.stderr).toContain("stage 'sign-off' failed: it needs approval, and nobody can be asked");
  expect(refused.stderr).toContain("--approve='sign-off'");
  expect(regionsOf(project)).toEqual([]);
});

test("a release to production goes region by region, is recorded, and its token is seen nowhere", async () => {
  await using project = await makeExample();
  const { stdout, stderr } = await project
    .zrWith(
      PRODUCTION,
      "workflow",
      "release",
      "--profile=production",
      "--approve=sign-off",
      "ready $(at) last",
    )
    .expect(quietly);
  expect(stdout.match(/^.. *: .* (?:is live|answers)$/gm)).toEqual([
    "eu: 1.4.0 is live",
    "eu: 1.4.0 answers",
    "us: 1.4.0 is live",
    "us: 1.4.0 answers",
  ]);
  expect(stdout).toContain("to #releases: it is out: ready $(at) last");
  expect(project.read("build/released.txt")).toBe("1.4.0 ready $(at) last\n");
  for (const region of ["eu", "us"])
    expect(await answerOf(project, region)).toEqual({ ok: true, version: "1.4.0", region });
  expect(stdout).toContain("eu: signing in with ****");
  expect(stdout + stderr).not.toContain(TOKEN);
  expect(Bun.spawnSync(["grep", "-r", TOKEN, project.root]).stdout.toString()).toBe("");
});

test("only what is on main goes to production", async () => {
  await using project = await makeExample({ git: true });
  project.git("checkout", "--quiet", "-b", "feature");
  const release = ["workflow", "release", "--profile=production", "--yes"] as const;
  const { stderr } = await project.zrWith(PRODUCTION, ...release).expect({ code: 1, ...quietly });
  expect(stderr).toContain("precondition not met: production gets what is on main");
  expect(regionsOf(project)).toEqual([]);
  project.git("checkout", "--quiet", "-B", "main");
  await project.zrWith(PRODUCTION, ...release).expect(quietly);
  expect(regionsOf(project)).toEqual(["eu", "us"]);
});

test("a smoke test that fails switches back to the former release, and further regions are not touched", async () => {
  await using project = await makeExample();
  const release = ["workflow", "release", "--profile=production", "--yes", "--events=-"] as const;
  await project.zrWith(PRODUCTION, ...release).expect(quietly);
  const former = liveIn(project, "eu");
  breakNextVersion(project);
  const { stdout } = await project.zrWith(PRODUCTION, ...release).expect({ code: 1, ...quietly });
  expect(stagesOf(stdout).slice(-4)).toEqual([
    "rollout failed",
    "record skipped",
    "on_failure success",
    "finally success",
  ]);
  expect(startsOf(stdout)).not.toContain("deploy[region=us]");
  expect(liveIn(project, "eu")).toBe(former);
  expect(await answerOf(project, "eu")).toEqual({ ok: true, version: "1.4.0", region: "eu" });
  expect(readdirSync(project.path("servers/eu/releases"))).toHaveLength(1);
});

test("the very first release has nothing to go back to", async () => {
  await using project = await makeExample();
  breakNextVersion(project);
  const { stdout } = await project.zr("workflow", "release").expect({ code: 1, ...quietly });
  expect(stdout).toContain("lab: back to nothing");
  expect(liveIn(project, "lab")).toBeUndefined();
});

test("Ctrl-C while a release is watched rolls it back and leaves no process, and --resume completes it", async () => {
  await using project = await makeExample();
  await project.zr("workflow", "release").expect(quietly);
  const former = liveIn(project, "lab");
  project.write("VERSION", "1.4.1\n");
  const run = project.zrWith({ env: { SOAK: "600" } }, "workflow", "release", "a note", "--events=-");
  await run.waitForOutput(/"instance\.started"[^\n]*"soak\[region=lab\]"/, "stdout");
  expect(liveIn(project, "lab")).toStartWith("1.4.1");
  run.killGroup("SIGINT");
  const { stdout } = await run.expect({ code: 130, ...quietly });
  expect(stagesOf(stdout)).toEqual([
    "check success",
    "build success",
    "sign-off skipped",
    "rollout canceled",
    "record canceled",
    "on_failure success",
    "finally success",
  ]);
  expect(liveIn(project, "lab")).toBe(former);
  expect(project.processes()).toEqual([]);
  const resumed = await project.zr("workflow", "release", "--resume=last", "--events=-").expect(quietly);
  expect(startsOf(resumed.stdout)).toEqual([
    "deploy[region=lab]",
    "smoke[region=lab]",
    "soak[region=lab]",
    "settle",
    "tidy",
  ]);
  expect(await answerOf(project, "lab")).toEqual({ ok: true, version: "1.4.1", region: "lab" });
  const history = await project.zr("history").expect({ stdout: anything });
  expect(history.stdout).toMatch(/ ok .*\n.* interrupted .*\n.* ok /);
});

test("--only does one stage of it, --from leaves out what comes before", async () => {
  await using project = await makeExample();
  const only = await project.zr("workflow", "release", "--only=check", "--events=-").expect(quietly);
  expect(startsOf(only.stdout).toSorted()).toEqual(
    ["check-api", "check-site", "settle", "target", "tidy", "version"].toSorted(),
  );
  expect(regionsOf(project)).toEqual([]);
  const from = await project.zr("workflow", "release", "--from=rollout", "--events=-").expect(quietly);
  expect(outcomesOf(from.stdout)["check-api"]?.state).toBe("skipped");
  expect(await answerOf(project, "lab")).toMatchObject({ version: "1.4.0" });
});
