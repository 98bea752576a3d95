import { mkdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { startsOf } from "./events";

const FILES = {
  "zr.toml": `
    [tasks]
    quick = "true"
    slow = "true"
    other = "true"
    [tasks.both]
    cmd = "true"
    deps = ["quick", "other"]
    [tasks.all]
    deps = ["both", "slow"]
  `,
};

/** Writes what a run would have recorded, so that the times are known. */
function past(
  project: Project,
  number: number,
  ends: Readonly<Record<string, readonly [string, number]>>,
): void {
  mkdirSync(project.path(".zr/history/inbox"), { recursive: true });
  const run = `20260101-0000${String(number).padStart(2, "0")}-aaaa`;
  const head = JSON.stringify({
    packBytes: 0,
    run: {
      v: 1,
      run,
      // Not older than the history keeps runs.
      wallMs: Date.now() - 3_600_000 + number,
      durationMs: 1,
      zr: "0",
      jobs: 2,
      requested: Object.keys(ends),
      invocation: { command: "run", options: [], words: Object.keys(ends), extra: [], cwd: project.root },
      labels: {},
      exitCode: 0,
      instances: Object.entries(ends).map(([id, [state, durationMs]]) => ({
        id,
        package: "",
        task: id,
        command: "true",
        tags: [],
        outcome: { state },
        attempts: 1,
        startedAt: 0,
        durationMs,
        exitCode: 0,
        cacheKey: null,
      })),
    },
  });
  project.write(`.zr/history/inbox/${run}.run`, `${head}\n\n#end\n`);
}

function pastOfAll(project: Project): void {
  for (let number = 1; number <= 10; number += 1)
    past(project, number, {
      quick: ["success", number * 100],
      other: [number === 1 ? "failed" : "success", 2000],
      both: ["success", 3000],
      slow: ["success", 10_000],
    });
}

interface Estimate {
  readonly instances: readonly Readonly<Record<string, unknown>>[];
  readonly total: Readonly<Record<string, number>> | null;
  readonly criticalPath: readonly string[];
  readonly unknown: readonly string[];
}

async function estimated(project: Project, ...args: readonly string[]): Promise<Estimate> {
  const { stdout } = await project.zr("estimate", ...args, "--json").expect({ stdout: anything });
  return JSON.parse(stdout) as Estimate;
}

test("estimate gives percentiles and success rates by task", async () => {
  await using project = await makeProject(FILES);
  pastOfAll(project);
  const { instances } = await estimated(project, "all");
  expect(instances.find(({ id }) => id === "quick")).toEqual({
    id: "quick",
    runs: 10,
    successRate: 1,
    p50: 500,
    p90: 900,
    p99: 1000,
  });
  expect(instances.find(({ id }) => id === "other")).toMatchObject({ runs: 10, successRate: 0.9, p50: 2000 });
});

test("estimate plays the plan through with the given jobs", async () => {
  await using project = await makeProject(FILES);
  pastOfAll(project);
  const wide = await estimated(project, "all", "-j", "4");
  expect(wide.total).toEqual({ p50: 10_000, p90: 10_000, sequential: 15_500, criticalPath: 10_000 });
  expect(wide.criticalPath).toEqual(["slow", "all"]);
  expect((await estimated(project, "all", "-j", "1")).total?.["p50"]).toBe(15_500);
  expect((await estimated(project, "both", "-j", "4")).total).toMatchObject({ p50: 5000, sequential: 5500 });
  expect((await estimated(project, "both", "-j", "4")).criticalPath).toEqual(["other", "both"]);
});

test("estimate says what it knows nothing of", async () => {
  await using project = await makeProject(FILES);
  expect(await estimated(project, "quick")).toMatchObject({ total: null, unknown: ["quick"] });
  await project
    .zr("estimate", "quick")
    .expect({ stdout: /nothing is known of these tasks yet; run them once\n$/ });
  past(project, 1, { quick: ["success", 1000] });
  expect(await estimated(project, "both", "-j", "2")).toMatchObject({
    total: { p50: 2000, sequential: 3000 },
    unknown: ["other", "both"],
  });
  await project.zr("estimate", "both").expect({ stdout: /never run: other, both; taken to be as long/ });
  await project.zr("estimate").expect({ code: 2, stderr: /E184/ });
  await project.zr("estimate", "qick").expect({ code: 2, stderr: /E160[^]*did you mean 'quick'/ });
});

test("recorded durations decide the order of the queue and the critical path", async () => {
  await using project = await makeProject(FILES);
  const order = async (): Promise<readonly string[]> =>
    startsOf(
      (
        await project
          .zr("run", "all", "-j", "1", "--events", "-")
          .expect({ stdout: anything, stderr: anything })
      ).stdout,
    );
  expect((await order()).indexOf("slow")).toBeGreaterThan(0);
  project.remove(".zr");
  pastOfAll(project);
  await project.zr("history").expect({ stdout: anything });
  expect((await order())[0]).toBe("slow");
  const { stdout } = await project.zr("graph", "all", "--critical").expect({ stdout: anything });
  expect(stdout).toMatch(/slow \(critical\)/);
  expect(stdout).not.toMatch(/quick \(critical\)|both \(critical\)/);
});

test("durations that make no sense are ignored", async () => {
  await using project = await makeProject(FILES);
  for (const text of [
    "",
    "{",
    "[]",
    '{"v":2,"durations":{}}',
    '{"v":1,"durations":{"slow":[-1],"quick":"x","__proto__":[1]}}',
  ]) {
    project.write(".zr/history/durations.json", text);
    await project.zr("run", "all", "-j", "1").expect({ stdout: anything, stderr: anything });
  }
});
