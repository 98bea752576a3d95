import type { FlakyInstance } from "#engine/history/flaky-instance";
import type { AnalyticsPageData } from "#frontends/pages/analytics/analytics-data";
import type { SlowInput, TaskFailures, TaskStatistics } from "#engine/history/analytics/analytics-view";
import type { CriticalTask } from "#frontends/pages/analytics/critical-tasks";
import { criticalTasks } from "#frontends/pages/analytics/critical-tasks";
import { durationText, momentText, shareText, sizeText } from "#frontends/pages/values-text";
import { dataTable } from "./data-table";
import type { Column } from "./data-table";

const time = (ms: number | null): string => (ms === null ? "–" : durationText(ms));
const size = (bytes: number | null): string => (bytes === null ? "–" : sizeText(bytes));

/** A column of numbers, sorted by the numbers. */
const numbers = <Row>(
  title: string,
  value: (row: Row) => number | null,
  text: (value: number | null) => string = (number) => String(number ?? "–"),
): Column<Row> => ({ title, value: (row) => value(row) ?? -1, text: (row) => text(value(row)) });

type Task = TaskStatistics;

/** A failed task, with what its last failure was in words. */
interface ShownFailure extends TaskFailures {
  readonly why: string;
}

/** All tasks with their times; a press on a name shows it in the chart. */
export function taskTable(tasks: readonly Task[], choose: (task: string) => void): HTMLElement {
  return dataTable<Task>(
    [
      { title: "Task", text: ({ task }) => task, press: ({ task }) => choose(task) },
      numbers("Run", ({ executed }) => executed),
      numbers("OK", ({ executed, succeeded }) => (executed === 0 ? null : succeeded / executed), shareText),
      numbers("p50", ({ p50 }) => p50, time),
      numbers("p90", ({ p90 }) => p90, time),
      numbers("p99", ({ p99 }) => p99, time),
      {
        title: "Trend",
        value: ({ trend }) => trend ?? 1,
        text: ({ trend }) => trendText(trend),
        look: ({ trend }) => (trend === null ? "" : trend > 1.2 ? "bad" : trend < 0.8 ? "good" : ""),
      },
      numbers("Cached", ({ cached }) => cached),
      numbers("Hit rate", ({ hitRate }) => hitRate, shareText),
      numbers("Saved", ({ savedMs }) => savedMs, time),
      numbers("Total", ({ totalMs }) => totalMs, time),
    ],
    tasks,
  );
}

function trendText(trend: number | null): string {
  if (trend === null) return "–";
  const percent = Math.round((trend - 1) * 100);
  return `${percent > 0 ? "+" : ""}${percent}%`;
}

export const failureTable = ({ view, failureTexts }: AnalyticsPageData): HTMLElement =>
  dataTable<ShownFailure>(
    [
      { title: "Task", text: ({ task }) => task },
      numbers<ShownFailure>("Failures", ({ failures }) => failures),
      numbers<ShownFailure>("Rate", ({ rate }) => rate, shareText),
      { title: "Last", text: ({ lastMs }) => momentText(lastMs), value: ({ lastMs }) => lastMs },
      { title: "Why", text: ({ why }) => why, isText: true },
    ],
    view.failures.map((failure, at) => ({ ...failure, why: failureTexts[at] ?? "" })),
  );

export const flakyTable = ({ view }: AnalyticsPageData): HTMLElement =>
  dataTable<FlakyInstance>(
    [
      { title: "Task", text: ({ id }) => id },
      numbers<FlakyInstance>("Ends", ({ runs }) => runs),
      numbers<FlakyInstance>("Failures", ({ failures }) => failures),
      numbers<FlakyInstance>("Only by retry", ({ retried }) => retried),
      numbers<FlakyInstance>("Mixed", ({ mixed }) => mixed),
      { title: "Last", text: ({ lastMs }) => momentText(lastMs), value: ({ lastMs }) => lastMs },
    ],
    view.flaky,
  );

export const criticalTable = ({ view }: AnalyticsPageData): HTMLElement =>
  dataTable<CriticalTask>(
    [
      { title: "Task", text: ({ task }) => task },
      numbers<CriticalTask>("Runs", ({ runs }) => runs),
      numbers<CriticalTask>("Share", ({ share }) => share, shareText),
    ],
    criticalTasks(view.runs),
  );

export const inputTable = ({ view }: AnalyticsPageData): HTMLElement =>
  dataTable<SlowInput>(
    [
      { title: "File", text: ({ path }) => path },
      numbers<SlowInput>("Size", ({ bytes }) => bytes, size),
      numbers<SlowInput>(
        "Time",
        ({ ms }) => ms,
        (ms) => `${(ms ?? 0).toFixed(2)}ms`,
      ),
    ],
    view.inputs.slowest,
  );

export const resourceTable = ({ view }: AnalyticsPageData): HTMLElement =>
  dataTable<TaskStatistics>(
    [
      { title: "Task", text: ({ task }) => task },
      numbers<TaskStatistics>("Memory", ({ peakMemoryBytes }) => peakMemoryBytes, size),
      numbers<TaskStatistics>("CPU time", ({ cpuMs }) => cpuMs, time),
      numbers<TaskStatistics>("Read", ({ readBytes }) => readBytes, size),
      numbers<TaskStatistics>("Written", ({ writtenBytes }) => writtenBytes, size),
    ],
    view.tasks
      .filter(({ peakMemoryBytes, cpuMs }) => peakMemoryBytes !== null || cpuMs !== null)
      .sort((left, right) => (right.peakMemoryBytes ?? 0) - (left.peakMemoryBytes ?? 0)),
  );
