import type { InstanceId } from "#core/model/ids";
import { rankPlan } from "#core/plan/rank-plan";
import { simulate } from "#engine/exec/simulate";
import { percentile } from "#engine/history/analytics/percentile";
import { pastEnds } from "#engine/history/queries";
import type { PastEnd } from "#engine/history/queries";
import type { HistoryWarning } from "#engine/history/open-history";
import { readHistory } from "#app/history";
import type { PlannedRun } from "./plan-run";

/** What the past says about an instance. Times in milliseconds; null where nothing is known. */
export interface InstanceEstimate {
  readonly id: InstanceId;
  /** Times that it ended by itself, as far as they are looked at. */
  readonly runs: number;
  /** Share of these that went well, from 0 to 1. */
  readonly successRate: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/** How long a plan takes. Times in milliseconds. */
export interface PlanEstimate {
  /** Commands, in the plan's order. */
  readonly instances: readonly InstanceEstimate[];
  readonly jobs: number;
  /** Null where nothing is known of any instance. */
  readonly total: EstimatedTotal | null;
  readonly criticalPath: readonly InstanceId[];
  /** Instances of which nothing is known; they are taken to be as long as the middle one of the others. */
  readonly unknown: readonly InstanceId[];
}

export interface EstimatedTotal {
  /** With as many at once as the jobs allow, everything as fast as usual. */
  readonly p50: number;
  /** Everything as slow as it is once in ten times. */
  readonly p90: number;
  /** One after the other. */
  readonly sequential: number;
  /** The longest chain. */
  readonly criticalPath: number;
}

const MOST_RUNS = 100;

/** What the past says about a plan. */
export async function estimate(
  planned: PlannedRun,
): Promise<{ readonly estimate: PlanEstimate; readonly warnings: readonly HistoryWarning[] }> {
  const { plan, workspace, jobs } = planned;
  const commands = plan.instances.filter(
    ({ steps, heldBy, persistent }) => steps.length > 0 && heldBy === undefined && !persistent,
  );
  const { value, warnings } = await readHistory(workspace, (database) =>
    commands.map(({ id }) => instanceEstimate(id, pastEnds(database, id, MOST_RUNS))),
  );
  const instances = value ?? commands.map(({ id }) => instanceEstimate(id, []));
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const unknown = instances.filter(({ p50 }) => p50 === null).map(({ id }) => id);
  const usual = expectation(instances, "p50");
  const slow = expectation(instances, "p90");
  if (usual === undefined || slow === undefined)
    return { estimate: { instances, jobs, total: null, criticalPath: plan.criticalPath, unknown }, warnings };
  const ranked = rankPlan(plan, (id) => byId.get(id)?.p50 ?? undefined);
  const timed = (duration: (id: InstanceId) => number) => (id: InstanceId) =>
    byId.has(id) ? duration(id) : 0;
  const sum = (ids: readonly InstanceId[]): number => ids.reduce((total, id) => total + timed(usual)(id), 0);
  const total = {
    p50: simulate(ranked, jobs, timed(usual)),
    p90: simulate(ranked, jobs, timed(slow)),
    sequential: sum(instances.map(({ id }) => id)),
    criticalPath: sum(ranked.criticalPath),
  };
  return { estimate: { instances, jobs, total, criticalPath: ranked.criticalPath, unknown }, warnings };
}

function instanceEstimate(id: InstanceId, ends: readonly PastEnd[]): InstanceEstimate {
  const good = ends.filter(({ state }) => state === "success");
  const sorted = good.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return {
    id,
    runs: ends.length,
    successRate: ends.length === 0 ? null : good.length / ends.length,
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
  };
}

/** A time for every instance; undefined where none is known. */
function expectation(
  instances: readonly InstanceEstimate[],
  which: "p50" | "p90",
): ((id: InstanceId) => number) | undefined {
  const times = new Map(
    instances.flatMap((one) => (one[which] === null ? [] : [[one.id, one[which]] as const])),
  );
  const sorted = [...times.values()].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  return middle === undefined ? undefined : (id) => times.get(id) ?? middle;
}
