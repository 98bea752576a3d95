/**
 * Writes what bench/results holds into the tables of bench/README.md, between its markers: `bun bench/report.ts`.
 */
import { join } from "node:path";
import type { ContestResult, Measured, Verdict } from "./contest";
import { ratio, REACHED, throughput } from "./print";

interface Stored {
  readonly scenario: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly addedMb: number;
  readonly contests: readonly ContestResult[];
}

/** How much the executable may add to the bare runtime, with everything in it. */
const SIZE_LIMIT_MB = 8;
const SCENARIOS = [
  "cold-start",
  "plan",
  "parallel",
  "output",
  "masking",
  "memory",
  "monorepo",
  "many-outputs",
];

if (import.meta.main) await writeReport();

/** Reads the results that are there and replaces the tables. */
export async function writeReport(): Promise<void> {
  const file = join(import.meta.dir, "README.md");
  const stored: Stored[] = [];
  for (const scenario of SCENARIOS) {
    const result = Bun.file(join(import.meta.dir, "results", `${scenario}.json`));
    // Written by bench/run.ts in this form.
    if (await result.exists()) stored.push((await result.json()) as Stored);
  }
  const tables = {
    targets: targetTable(stored),
    measured: measuredTables(stored),
    machine: machineLine(stored),
  };
  let text = await Bun.file(file).text();
  for (const [name, table] of Object.entries(tables)) {
    const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    text = text.replace(between, (_all, start: string, end: string) => `${start}${table}\n${end}`);
  }
  await Bun.write(file, text);
}

function targetTable(stored: readonly Stored[]): string {
  const rows = stored.flatMap(({ contests }) =>
    contests.flatMap((contest) => contest.verdicts.map((verdict) => targetRow(contest, verdict))),
  );
  return table(["job", "asked of zr", "medians", "least", ""], [...rows, ...stored.slice(0, 1).map(sizeRow)]);
}

function sizeRow({ addedMb }: Stored): readonly string[] {
  const asked = `at most ${SIZE_LIMIT_MB} MB above the bare runtime`;
  return [
    "the executable",
    asked,
    `${addedMb.toFixed(1)} MB`,
    "",
    REACHED[addedMb <= SIZE_LIMIT_MB ? "yes" : "no"],
  ];
}

function targetRow(contest: ContestResult, verdict: Verdict): readonly string[] {
  const subject = verdict.subject === "zr" ? "" : `${verdict.subject}: `;
  const limit =
    verdict.reference === "MB" ? `${verdict.limit} MB` : `${ratio(verdict.limit)} × ${verdict.reference}`;
  const asked = `${subject}${verdict.of} at most ${limit}`;
  const measured = verdict.reached === "not measured";
  const ratios = measured ? ["", ""] : [ratio(verdict.ofMedians), ratio(verdict.ofLeast)];
  return [contest.title, asked, ...ratios, REACHED[verdict.reached]];
}

function measuredTables(stored: readonly Stored[]): string {
  return stored
    .flatMap(({ contests }) => contests)
    .map((contest) => {
      const isRated = contest.measured.some((one) => one.megabytes !== undefined);
      const rows = contest.measured.map((one) => [
        ...measuredRow(one),
        ...(isRated ? [throughput(one)] : []),
      ]);
      const head = ["", "median ms", "least", "middle 80 %", "CPU ms", "peak MB", "rounds"];
      if (isRated) head.push("MB/s");
      return `### ${contest.title}\n\n${table(head, rows)}`;
    })
    .join("\n\n");
}

function measuredRow(one: Measured): readonly string[] {
  if (one.problem !== undefined) return [one.name, one.problem, "", "", "", "", ""];
  const { wallMs, cpuMs, memoryMb } = one;
  return [
    one.name,
    wallMs.median.toFixed(1),
    wallMs.least.toFixed(1),
    `${wallMs.low.toFixed(1)}-${wallMs.high.toFixed(1)}`,
    cpuMs.median.toFixed(1),
    memoryMb.median.toFixed(1),
    `${one.rounds}`,
  ];
}

function machineLine(stored: readonly Stored[]): string {
  const [first] = stored;
  if (first === undefined) return "Nothing is measured yet.";
  const versions = Object.entries(first.versions).map(([tool, version]) => `${tool} ${version}`);
  return `${first.machine}. ${versions.join(", ")}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
