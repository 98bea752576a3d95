import type { RunPoint } from "#engine/history/analytics/analytics-view";
import { taskOf } from "#engine/history/analytics/task-of";

/** How often a task was on the critical path. */
export interface CriticalTask {
  readonly task: string;
  readonly runs: number;
  /** Of the runs that had a critical path. */
  readonly share: number;
}

/** The tasks that decided how long runs took, the most frequent first. */
export function criticalTasks(runs: readonly RunPoint[]): readonly CriticalTask[] {
  const counts = new Map<string, number>();
  const measured = runs.filter(({ criticalPath }) => criticalPath.length > 0);
  for (const { criticalPath } of measured)
    for (const task of new Set(criticalPath.map(taskOf))) counts.set(task, (counts.get(task) ?? 0) + 1);
  return [...counts]
    .map(([task, count]) => ({ task, runs: count, share: count / measured.length }))
    .sort((left, right) => right.runs - left.runs || (left.task < right.task ? -1 : 1));
}
