import type { ContestResult, Measured, Verdict } from "./contest";

/** Prints a contest's table, each contender as a ratio of the first, and what became of the targets. */
export function printContest(result: ContestResult): void {
  console.log(`\n## ${result.title}, ${result.rounds} rounds\n`);
  const first = result.measured.find((one) => one.problem === undefined);
  const isRated = result.measured.some((one) => one.megabytes !== undefined);
  const rows = result.measured.map((one) => [
    ...tableRow(one, first),
    ...(isRated && one.problem === undefined ? [throughput(one)] : []),
  ]);
  const head = ["", "ratio", "median ms", "least", "middle 80 %", "CPU ms", "peak MB"];
  console.log(alignTable([[...head, ...(isRated ? ["MB/s"] : [])], ...rows]));
  for (const verdict of result.verdicts) console.log(verdictLine(verdict));
}

function tableRow(one: Measured, first: Measured | undefined): readonly string[] {
  if (one.problem !== undefined) return [one.name, one.problem];
  const { wallMs, cpuMs, memoryMb } = one;
  return [
    one.name,
    (wallMs.median / (first?.wallMs.median ?? Number.NaN)).toFixed(2),
    wallMs.median.toFixed(1),
    wallMs.least.toFixed(1),
    `${wallMs.low.toFixed(1)}-${wallMs.high.toFixed(1)}`,
    cpuMs.median.toFixed(1),
    memoryMb.median.toFixed(1),
  ];
}

/** Megabytes a second by the median; nothing where it is not known how much was printed. */
export function throughput({ megabytes, wallMs }: Measured): string {
  return megabytes === undefined ? "" : (megabytes / (wallMs.median / 1000)).toFixed(0);
}

/** What a verdict is called. */
export const REACHED: Readonly<Record<Verdict["reached"], string>> = {
  yes: "reached",
  "least only": "reached by the least only",
  no: "NOT REACHED",
  "not measured": "not measured",
};

/** One line for a target: what was asked, the ratio of the medians, that of the least values, and the verdict. */
function verdictLine(verdict: Verdict): string {
  const asked = `${verdict.subject} at most ${ratio(verdict.limit)} × ${verdict.reference}, ${verdict.of}`;
  const got =
    verdict.reached === "not measured"
      ? ""
      : `: ${ratio(verdict.ofMedians)} (least ${ratio(verdict.ofLeast)})`;
  return `  ${asked}${got}: ${REACHED[verdict.reached]}`;
}

/** A ratio with as many digits as it needs; stored results have null where nothing could be measured. */
export function ratio(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "-";
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}

/** Lines up columns: the first to the left, the others to the right. */
function alignTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(
      ...rows
        .filter((row) => row.length === columns || column === 0)
        .map((row) => (row[column] ?? "").length),
    ),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join("  ").trimEnd()}`).join("\n");
}
