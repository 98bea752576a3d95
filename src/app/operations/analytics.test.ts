import { describe, expect, test } from "bun:test";
import { instanceId, runId } from "#core/model/ids";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import { analyticsView } from "./analytics";
import { factsOf } from "./graph-facts";

const instance = (id: string, durationMs: number, more: Partial<StoredInstance> = {}): StoredInstance => ({
  id: instanceId(id),
  package: "",
  task: id,
  command: "x",
  tags: [],
  outcome: { state: "success" },
  attempts: 1,
  startedAt: 0,
  durationMs,
  exitCode: 0,
  cacheKey: null,
  ...more,
});

const run = (
  number: number,
  instances: readonly StoredInstance[],
  more: Partial<StoredRun> = {},
): StoredRun => ({
  v: 1,
  run: runId(`20260101-00000${number}-aaaa`),
  wallMs: number * 1000,
  durationMs: 1000,
  zr: "0",
  jobs: 2,
  requested: [],
  invocation: { command: "run", options: [], words: [], extra: [], cwd: "/" },
  labels: {},
  exitCode: 0,
  instances,
  ...more,
});

const hit = (id: string, savedMs: number): StoredInstance =>
  instance(id, 1, { outcome: { state: "cached", reason: { kind: "cache", key: "k", savedMs } } });

const NOTHING = { flaky: [], inputs: { files: 0, bytes: 0, slowest: [] } };
const view = (runs: readonly StoredRun[], cacheable: readonly string[] = []) =>
  analyticsView(runs, new Set(cacheable), NOTHING);

describe("analyticsView", () => {
  test("the ideal is the longest chain where that is longer than the work shared out", () => {
    const chain = [instance("a", 400), instance("b", 300, { after: [0] }), instance("c", 100)];
    const [point] = view([run(1, chain)]).runs;
    expect(point).toMatchObject({
      criticalPath: ["a", "b"],
      criticalMs: 700,
      busyMs: 800,
      idealMs: 700,
      efficiency: 0.7,
    });
  });

  test("the ideal is the work shared out where the chains are short", () => {
    const wide = [instance("a", 400), instance("b", 400), instance("c", 400), instance("d", 400)];
    expect(view([run(1, wide)]).runs[0]).toMatchObject({ criticalMs: 400, idealMs: 800, efficiency: 0.8 });
  });

  test("an instance may stand before what it waits for, and a circle of a changed record ends", () => {
    const late = [instance("clean", 100, { after: [1] }), instance("a", 400)];
    expect(view([run(1, late)]).runs[0]).toMatchObject({ criticalPath: ["a", "clean"], criticalMs: 500 });
    const circle = [instance("a", 1, { after: [1] }), instance("b", 1, { after: [0] })];
    expect(view([run(1, circle)]).runs).toHaveLength(1);
    expect(view([run(1, [instance("a", 5, { after: [7, -1] })])]).runs[0]?.criticalMs).toBe(5);
  });

  test("the hit rate is of what is cached, and saved is what making it had taken", () => {
    const { totals, tasks } = view(
      [
        run(1, [instance("build", 500), instance("lint", 10)]),
        run(2, [hit("build", 500), instance("lint", 10)]),
      ],
      ["build"],
    );
    expect(totals).toMatchObject({
      runs: 2,
      executed: 3,
      cached: 1,
      hitRate: 0.5,
      savedMs: 500,
      busyMs: 520,
    });
    expect(tasks.find(({ task }) => task === "build")).toMatchObject({ hitRate: 0.5, savedMs: 500 });
    expect(tasks.find(({ task }) => task === "lint")?.hitRate).toBeNull();
  });

  test("percentiles and trend are of the times that a task ended well, in all its combinations", () => {
    const runs = [100, 100, 100, 200, 200, 200].map((ms, at) => run(at + 1, [instance("t[os=a]", ms)]));
    const bad = run(7, [instance("t[os=b]", 9000, { outcome: { state: "failed" } })], { exitCode: 1 });
    const [task] = view([...runs, bad]).tasks;
    expect(task).toMatchObject({ task: "t", executed: 7, failed: 1, p50: 100, p90: 200, p99: 200, trend: 2 });
    expect(task?.points).toHaveLength(6);
  });

  test("failures name the last run and why it failed", () => {
    const failure = { kind: "exit", code: 3 } as const;
    const { failures, totals } = view([
      run(1, [instance("t", 1)]),
      run(2, [instance("t", 1, { outcome: { state: "failed", failure } })], { exitCode: 1 }),
    ]);
    expect(failures).toEqual([
      {
        task: "t",
        failures: 1,
        rate: 0.5,
        lastMs: 2000,
        lastRun: "20260101-000002-aaaa",
        lastFailure: failure,
      },
    ]);
    expect(totals).toMatchObject({ succeeded: 1, failed: 1 });
  });

  test("servers, skipped and blocked instances say nothing of times", () => {
    const others = [
      instance("db", 90_000, { isServer: true }),
      instance("s", 0, { outcome: { state: "skipped" } }),
      instance("b", 0, { outcome: { state: "blocked" } }),
    ];
    expect(view([run(1, others)])).toMatchObject({ tasks: [], runs: [{ executed: 0, efficiency: null }] });
  });

  test("of no runs there is nothing to say", () => {
    expect(view([])).toMatchObject({
      from: null,
      to: null,
      totals: { runs: 0, hitRate: null },
      runs: [],
      tasks: [],
    });
  });
});

test("a task of several combinations has the worst state of its last run", () => {
  const facts = factsOf([
    { id: "t[os=a]", state: "success", durationMs: 5, wallMs: 2 },
    { id: "t[os=b]", state: "failed", durationMs: 3, wallMs: 2 },
    { id: "t[os=c]", state: "failed", durationMs: 99, wallMs: 1 },
    { id: "t[os=d]", state: "success", durationMs: 1, wallMs: 2 },
  ]);
  expect(facts.get("t")).toEqual({ state: "failed", durationMs: 5, wallMs: 2 });
  expect(facts.get("t[os=a]")?.state).toBe("success");
});
