import { runStatus } from "#engine/history/stored-run";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import type { RunPoint } from "./analytics-view";
import { isPlausibleTime } from "./plausible";
import { taskOf } from "./task-of";

/** Whether a command was run and ended by itself. */
export const wasExecuted = ({ startedAt, durationMs, outcome, isServer }: StoredInstance): boolean =>
  isPlausibleTime(startedAt) &&
  isPlausibleTime(durationMs) &&
  isServer !== true &&
  (outcome.state === "success" || outcome.state === "failed" || outcome.state === "timed_out");

/** What the cache has saved of an instance. */
export const savedBy = ({ outcome: { state, reason } }: StoredInstance): number =>
  state === "cached" && reason?.kind === "cache" && isPlausibleTime(reason.savedMs) ? reason.savedMs : 0;

/** What there is to say about a run. `cacheable` are the tasks that are cached. */
export function runPoint(run: StoredRun, cacheable: ReadonlySet<string>): RunPoint {
  const executed = run.instances.filter(wasExecuted);
  const cached = run.instances.filter(({ outcome }) => outcome.state === "cached");
  const busyMs = sum(executed.map(({ durationMs }) => durationMs));
  const chain = criticalChain(run.instances);
  const idealMs = Math.max(chain.ms, busyMs / Math.max(1, run.jobs));
  return {
    run: run.run,
    wallMs: run.wallMs,
    status: runStatus(run),
    requested: run.requested,
    durationMs: run.durationMs,
    jobs: run.jobs,
    executed: executed.length,
    cached: cached.length,
    hits: cached.length,
    misses: executed.filter(({ id }) => cacheable.has(taskOf(id))).length,
    savedMs: sum(cached.map(savedBy)),
    busyMs,
    criticalPath: chain.ids,
    criticalMs: chain.ms,
    idealMs,
    efficiency: executed.length === 0 || run.durationMs <= 0 ? null : Math.min(1, idealMs / run.durationMs),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The longest chain of instances that waited for each other, by what they took. The list is in the plan's order, in
 * which most stand behind what they wait for; edges that lead forward all the same, as of clean-up tasks, are taken in
 * further rounds.
 */
function criticalChain(instances: readonly StoredInstance[]): {
  readonly ids: readonly string[];
  readonly ms: number;
} {
  const total = instances.map(lengthOf);
  const before = instances.map(() => -1);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let hasChanged = false;
    for (const [at, { after = [] }] of instances.entries()) {
      for (const other of after) {
        const length =
          (total[other] ?? -Infinity) + (instances[at] === undefined ? 0 : lengthOf(instances[at]));
        if (length <= (total[at] ?? 0)) continue;
        total[at] = length;
        before[at] = other;
        hasChanged = true;
      }
    }
    if (!hasChanged) break;
  }
  let last = -1;
  for (const [at, ms] of total.entries()) if (ms > (total[last] ?? 0)) last = at;
  const ids: string[] = [];
  for (let at = last; at !== -1 && ids.length < instances.length; at = before[at] ?? -1) {
    const instance = instances[at];
    // A group takes no time and stands for nothing.
    if (instance !== undefined && lengthOf(instance) > 0) ids.unshift(instance.id);
  }
  return { ids, ms: total[last] ?? 0 };
}

/** A record that somebody has changed may hold a circle. */
const MOST_ROUNDS = 50;

const lengthOf = (instance: StoredInstance): number => (wasExecuted(instance) ? instance.durationMs : 0);
