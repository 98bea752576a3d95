import { formatDuration } from "#base/duration";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import { STAGE_WORD } from "./stage-text";
import { STATE_WORD, outcomeText } from "./outcome-text";
import { hasFailed, isReported } from "./run-reports";
import type { FinishedRun } from "./run-reports";
import { runTotals } from "./summary";
import { UNICODE_SYMBOLS } from "./symbols";
import { truncate, visibleControls } from "./visible-text";

const SHOWN_LINES = 20;
const LINE_COLUMNS = 300;
/** Pages that show summaries take no more than so much: with more tasks only those that need a look are listed. */
const MOST_ROWS = 500;
const MOST_FAILURES = 20;

/** A run as Markdown: a title, one line of counts, a table of the tasks, and what failed with its last lines. */
export function markdownReport(run: FinishedRun): string {
  const { record } = run;
  const shown = [...record.instances.values()].filter(isReported);
  const failed = shown.filter(hasFailed);
  const parts = [
    `## ${record.exitCode === 0 ? UNICODE_SYMBOLS.state.success : UNICODE_SYMBOLS.state.failed} ${inline(titleOf(record))}`,
    countsLine(record, shown),
    ...(record.workflow === undefined ? [] : [stageRows(record)]),
    table(shown),
    ...failed.slice(0, MOST_FAILURES).map((instance) => failureText(run, instance)),
  ];
  if (failed.length > MOST_FAILURES) parts.push(`… and ${failed.length - MOST_FAILURES} more failures.`);
  return `${parts.join("\n\n")}\n`;
}

function countsLine(record: RunRecord, shown: readonly InstanceRecord[]): string {
  const counts = INSTANCE_STATES.flatMap((state) => {
    const count = shown.filter(({ outcome }) => outcome?.state === state).length;
    return count === 0 ? [] : [`${count} ${STATE_WORD[state]}`];
  });
  const { wallMs, speedUp } = runTotals(record);
  return [
    `${shown.length} ${shown.length === 1 ? "task" : "tasks"}: ${counts.join(", ")}`,
    formatDuration(wallMs),
    ...(speedUp >= 1.05 ? [`speed-up ${speedUp.toFixed(1)}×`] : []),
    ...(record.interrupted === undefined ? [] : [`interrupted by ${record.interrupted}`]),
    ...(record.exitCode === 0 ? [] : [`exit code ${record.exitCode}`]),
  ].join(" · ");
}

const titleOf = ({ workflow, request }: RunRecord): string =>
  workflow === undefined ? `zr run ${request.join(" ")}` : `zr workflow ${workflow}`;

function stageRows({ stages }: RunRecord): string {
  return [
    "| | stage | result | time |",
    "|---|---|---|---:|",
    ...stages.map(({ name, state, why, durationMs }) => {
      const result = why === undefined ? STAGE_WORD[state] : `${STAGE_WORD[state]}: ${why}`;
      return `| ${UNICODE_SYMBOLS.state[state]} | ${inline(name)} | ${inline(result)} | ${formatDuration(durationMs)} |`;
    }),
  ].join("\n");
}

function table(shown: readonly InstanceRecord[]): string {
  const isGood = ({ outcome }: InstanceRecord): boolean =>
    outcome?.state === "success" || outcome?.state === "cached";
  const rows = shown.length > MOST_ROWS ? shown.filter((instance) => !isGood(instance)) : shown;
  return [
    "| | task | result | time | attempts |",
    "|---|---|---|---:|---:|",
    ...rows.slice(0, MOST_ROWS).map(({ planned, outcome, durationMs, attempts }) => {
      const symbol = outcome === undefined ? "" : UNICODE_SYMBOLS.state[outcome.state];
      const result = outcome === undefined ? "" : outcomeText(outcome);
      const time = attempts === 0 ? "" : formatDuration(durationMs);
      return `| ${symbol} | ${inline(planned.label)} | ${inline(result)} | ${time} | ${attempts} |`;
    }),
  ].join("\n");
}

function failureText({ tails }: FinishedRun, { planned, outcome }: InstanceRecord): string {
  const lines = (tails.get(planned.id)?.lastLines(SHOWN_LINES) ?? []).map((line) =>
    truncate(visibleControls(Bun.stripANSI(line)), LINE_COLUMNS, "…"),
  );
  const cause = outcome === undefined ? "" : inline(outcomeText(outcome));
  const head = `### ${inline(planned.label)}\n\n${cause}`;
  if (lines.length === 0) return head;
  const text = lines.join("\n");
  // A fence ends at the first row of as many backticks.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${head}\n\n${fence}text\n${text}\n${fence}`;
}

/** Foreign text in a line of Markdown, its signs shown as they are. */
const inline = (text: string): string =>
  visibleControls(text).replaceAll(/[\\`*_[\]<>|~#&]/g, (sign) => `\\${sign}`);
