import type { BenchComparison, BenchFindings, BenchResult } from "#app/operations/bench-findings";
import type { Look } from "./look";
import { visibleControls } from "./visible-text";

export interface BenchReport extends BenchFindings {
  readonly warmup: number;
}

/** Columns with the width that their values need, so that tables of several calls look alike. */
const COLUMNS = [
  ["", 0],
  ["median", 7],
  ["95% interval", 17],
  ["mean", 7],
  ["deviation", 7],
  ["least", 7],
  ["most", 7],
  ["cpu", 7],
  ["runs", 4],
] as const;

/** A table with a line for each task, then what is odd, then the verdicts. */
export function benchText({ results, comparisons }: BenchReport, { theme, symbols }: Look): string {
  const rows = results.map(({ task, time, medianCpuMs }) => [
    visibleControls(task),
    timeText(time.median),
    time.interval === undefined
      ? "-"
      : `${timeText(time.interval.low)} ${symbols.ellipsis} ${timeText(time.interval.high)}`,
    timeText(time.mean),
    timeText(time.standardDeviation),
    timeText(time.min),
    timeText(time.max),
    timeText(medianCpuMs),
    String(time.count),
  ]);
  const table: readonly (readonly string[])[] = [COLUMNS.map(([name]) => name), ...rows];
  const widths = COLUMNS.map(([, least], column) =>
    Math.max(least, ...table.map((row) => Bun.stringWidth(row[column] ?? ""))),
  );
  const lines = table.map((row, index) => {
    const cells = row.map((cell, column) => {
      const blank = " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell));
      return column === 0 ? `${theme.good(cell)}${blank}` : `${blank}${cell}`;
    });
    const line = cells.join("  ").trimEnd();
    return index === 0 ? theme.dim(line) : line;
  });
  for (const result of results) lines.push(...remarks(result));
  for (const comparison of comparisons) lines.push(verdictLine(comparison, { theme, symbols }));
  return `${lines.join("\n")}\n`;
}

function remarks({ task, time, timesMs }: BenchResult): readonly string[] {
  const { outliers, interval } = time;
  const found: string[] = [];
  if (outliers.length > 0) {
    const shown = outliers.slice(0, 5).map((index) => timeText(timesMs[index] ?? 0));
    const more = outliers.length > shown.length ? ` and ${outliers.length - shown.length} more` : "";
    found.push(
      `${task}: ${outliers.length} of ${time.count} runs unlike the rest (${shown.join(", ")}${more})`,
    );
  }
  if (interval === undefined) found.push(`${task}: too few runs to say how sure the median is; 6 are needed`);
  return found.map(visibleControls);
}

function verdictLine({ task, with: other, comparison }: BenchComparison, { theme, symbols }: Look): string {
  const { ratio, low, high, verdict } = comparison;
  const name = other.kind === "task" ? other.name : `the baseline '${other.name}'`;
  const figures = `${ratioText(ratio)}${symbols.times} its time, 95% interval ${ratioText(low)} ${symbols.ellipsis} ${ratioText(high)}`;
  const text =
    verdict === "unclear"
      ? `${task} and ${name}: no difference shown (${figures})`
      : `${task} is ${verdict} than ${name}: ${figures}`;
  const paint = verdict === "unclear" ? theme.dim : verdict === "slower" ? theme.bad : theme.good;
  return paint(visibleControls(text));
}

/** `{ v: 1, … }`: everything that the text says and all measurements; what could not be told is null. */
export function benchJson({ results, comparisons, warmup }: BenchReport): string {
  const document = {
    v: 1,
    warmup,
    results: results.map(({ task, time, timesMs, cpuMs, medianCpuMs }) => ({
      task,
      runs: time.count,
      medianMs: time.median,
      interval:
        time.interval === undefined
          ? null
          : { lowMs: time.interval.low, highMs: time.interval.high, confidence: time.interval.confidence },
      meanMs: time.mean,
      standardDeviationMs: time.standardDeviation,
      minMs: time.min,
      maxMs: time.max,
      outliers: time.outliers,
      medianCpuMs,
      timesMs,
      cpuMs,
    })),
    comparisons: comparisons.map(({ task, with: other, comparison }) => ({
      task,
      with: other,
      ...comparison,
    })),
  };
  // JSON has no NaN: it becomes null.
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value;
  return `${JSON.stringify(document, rounded, 2)}\n`;
}

/** One line for each run, in the form of RFC 4180 but for its line ends. */
export function benchCsv({ results }: BenchReport): string {
  const rows = results.flatMap(({ task, timesMs, cpuMs }) =>
    timesMs.map((time, index) => [task, index + 1, fixed(time), fixed(cpuMs[index] ?? 0)]),
  );
  return [["task", "run", "time_ms", "cpu_ms"], ...rows]
    .map((row) => `${row.map((cell) => csvCell(String(cell))).join(",")}\n`)
    .join("");
}

const fixed = (value: number): string => value.toFixed(3);

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Milliseconds with three digits that count: `0.123ms`, `12.3ms`, `1.23s`. */
export function timeText(ms: number): string {
  return ms < 999.5 ? `${digits(ms)}ms` : `${digits(ms / 1000)}s`;
}

const digits = (value: number): string =>
  value.toFixed(value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0);

const ratioText = (ratio: number): string => (Number.isFinite(ratio) ? ratio.toFixed(2) : "?");
