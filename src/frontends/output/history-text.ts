import { formatDuration } from "#base/duration";
import { formatSize } from "#base/size";
import { INSTANCE_STATES, wasCalledFor } from "#core/model/outcome";
import type { InstanceState } from "#core/model/outcome";
import type { FlakyInstance } from "#engine/history/flaky-instance";
import type { PastInstance, RunSummary } from "#engine/history/queries";
import { runStatus } from "#engine/history/stored-run";
import type { RunStatus, StoredInstance, StoredRun } from "#engine/history/stored-run";
import { outcomeCause, outcomeText, STATE_WORD } from "./outcome-text";
import { loadTheme } from "./theme";
import type { Paint, Theme } from "./theme";
import { truncate, visibleControls } from "./visible-text";
import { shellWord } from "#base/shell-word";

export interface HistoryLook {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
}

const STATUS_WORD: Readonly<Record<RunStatus, string>> = {
  success: "ok",
  failed: "failed",
  timed_out: "timed out",
  interrupted: "interrupted",
};

interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

/** Runs as a table, a line each. */
export async function runTable(runs: readonly RunSummary[], look: HistoryLook): Promise<string> {
  if (runs.length === 0) return "no runs\n";
  const theme = await loadTheme(look.color);
  const rows = (result: (run: RunSummary) => string): Cell[][] =>
    runs.map((summary) => [
      { text: summary.run.run, paint: theme.strong },
      { text: moment(summary.run.wallMs) },
      { text: formatDuration(summary.run.durationMs) },
      { text: result(summary), paint: statusPaint(runStatus(summary.run), theme) },
      { text: whatText(summary.run) },
    ]);
  const titles = ["run", "started", "time", "result", "what"];
  const full = table(
    titles,
    rows(({ run, counts }) => statusText(run, counts)),
    { look, theme },
  );
  const isTooWide = full.split("\n").some((line) => Bun.stringWidth(line) > look.columns);
  if (!isTooWide) return full;
  return table(
    titles,
    rows(({ run }) => STATUS_WORD[runStatus(run)]),
    { look, theme },
  );
}

/** One run with its instances. */
export async function runDetails(run: StoredRun, look: HistoryLook): Promise<string> {
  const theme = await loadTheme(look.color);
  const lines = [
    `${theme.strong(run.run)}  ${statusPaint(runStatus(run), theme)(statusText(run, countsOf(run)))}`,
    `  ${visibleControls(whatText(run))}`,
    `  started ${moment(run.wallMs)}, took ${formatDuration(run.durationMs)}, in ${visibleControls(run.invocation.cwd)}`,
  ];
  if (run.git !== undefined) lines.push(`  commit ${run.git.commit.slice(0, 12)}${dirtyText(run.git.dirty)}`);
  if (run.instances.length === 0) return `${lines.join("\n")}\n`;
  const rows = run.instances.map((instance): Cell[] => [
    { text: instance.id, paint: theme.strong },
    { text: instance.startedAt === undefined ? "" : formatDuration(instance.durationMs) },
    { text: instance.attempts > 1 ? `${instance.attempts} attempts` : "" },
    { text: instance.log === undefined ? "" : formatSize(instance.log.bytes) },
    { text: outcomeText(instance.outcome), paint: outcomePaint(instance, theme) },
  ]);
  return `${lines.join("\n")}\n\n${table(["task", "time", "", "log", "result"], rows, { look, theme })}`;
}

/** Instances that end well and badly. */
export async function flakyTable(flaky: readonly FlakyInstance[], look: HistoryLook): Promise<string> {
  if (flaky.length === 0) return "no flaky tasks\n";
  const theme = await loadTheme(look.color);
  const rows = flaky.map(({ id, runs, failures, retried, mixed, lastMs }): Cell[] => [
    { text: id, paint: theme.strong },
    { text: `${runs}` },
    { text: `${failures}` },
    { text: `${retried}` },
    { text: `${mixed}` },
    { text: moment(lastMs) },
  ]);
  const titles = ["task", "runs", "failed", "only after a retry", "both ways for one source", "last"];
  return table(titles, rows, { look, theme });
}

/** A run for programs. */
export const runDocument = ({ instances, ...run }: StoredRun): object => ({
  ...run,
  status: runStatus(run),
  instances: instances.map(({ outcome, ...instance }) => ({
    ...instance,
    state: outcome.state,
    allowed: outcome.allowed,
    failure: outcome.failure,
    reason: outcome.reason,
    cause: outcomeCause(outcome) || undefined,
  })),
});

/** The command line of a run, as it would be typed: what was asked for first, so that it is seen where room is short. */
export function commandLineOf({ invocation }: StoredRun): string {
  const { command, options, words, extra, profile } = invocation;
  return [
    "zr",
    command,
    ...[...words, ...(profile === undefined ? [] : [`--profile=${profile}`]), ...options].map(shellWord),
    ...(extra.length === 0 ? [] : ["--", ...extra.map(shellWord)]),
  ].join(" ");
}

function whatText(run: StoredRun): string {
  const labels = Object.entries(run.labels).map(([name, value]) => `${name}=${value}`);
  return [
    commandLineOf(run).slice("zr ".length),
    ...(labels.length === 0 ? [] : [`[${labels.join(" ")}]`]),
  ].join("  ");
}

/** The last runs of a task, as a section of its page; empty where there are none. */
export function lastRunsText(ends: readonly PastInstance[], theme: Theme): string {
  if (ends.length === 0) return "";
  const lines = ends.map(
    ({ run, id, state, durationMs, wallMs }) =>
      `  ${moment(wallMs)}  ${visibleControls(id)}  ${STATE_WORD[state]} ${formatDuration(durationMs)}  ${theme.dim(run)}`,
  );
  return `\n${theme.strong("last runs")}\n${lines.join("\n")}\n`;
}

function countsOf({ instances }: StoredRun): RunSummary["counts"] {
  const counts: Partial<Record<InstanceState, number>> = {};
  for (const { outcome, command } of instances)
    // A group has no command; it only stands for its deps, as in the summary of a run.
    if (wasCalledFor(outcome) && (command !== "" || outcome.state === "failed"))
      counts[outcome.state] = (counts[outcome.state] ?? 0) + 1;
  return counts;
}

function statusText(run: StoredRun, counts: RunSummary["counts"]): string {
  const word = STATUS_WORD[runStatus(run)];
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const others = INSTANCE_STATES.flatMap((state) =>
    state === "success" || counts[state] === undefined ? [] : [`${counts[state]} ${STATE_WORD[state]}`],
  );
  return `${word} (${[`${total} ${total === 1 ? "task" : "tasks"}`, ...others].join(", ")})`;
}

const statusPaint = (status: RunStatus, theme: Theme): Paint =>
  status === "success" ? theme.good : status === "interrupted" ? theme.warn : theme.bad;

function outcomePaint({ outcome }: StoredInstance, theme: Theme): Paint {
  if (outcome.state === "failed" || outcome.state === "timed_out")
    return outcome.allowed === true ? theme.warn : theme.bad;
  return outcome.state === "success" || outcome.state === "cached" ? theme.good : theme.dim;
}

const dirtyText = (dirty: boolean | null): string =>
  dirty === null ? "" : dirty ? ", with changes" : ", without changes";

/** `2026-11-21 09:30:12`, where this computer is. */
function moment(wallMs: number): string {
  const date = new Date(wallMs);
  const two = (value: number): string => `${value}`.padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const asItIs: Paint = (text) => text;

/** Columns as wide as they have to be; the last one is cut where the line would be too long. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  { look, theme }: { readonly look: HistoryLook; readonly theme: Theme },
): string {
  const widths = titles.map((title, column) =>
    Math.max(
      Bun.stringWidth(title),
      ...rows.map((row) => Bun.stringWidth(visibleControls(row[column]?.text ?? ""))),
    ),
  );
  const line = (cells: readonly Cell[]): string => {
    let room = look.columns;
    const parts = cells.map(({ text, paint = asItIs }, column) => {
      const isLast = column === cells.length - 1;
      const width = widths[column] ?? 0;
      const visible = visibleControls(text);
      const shown = isLast ? truncate(visible, Math.max(16, room), look.unicode ? "…" : "...") : visible;
      room -= width + 2;
      return `${paint(shown)}${isLast ? "" : " ".repeat(Math.max(0, width - Bun.stringWidth(shown)))}`;
    });
    return parts.join("  ").trimEnd();
  };
  return [line(titles.map((text) => ({ text, paint: theme.dim }))), ...rows.map(line)].join("\n") + "\n";
}
