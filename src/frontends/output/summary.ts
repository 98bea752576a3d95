import { formatDuration } from "#base/duration";
import { INSTANCE_STATES, wasCalledFor } from "#core/model/outcome";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import type { Look } from "./look";
import { STATE_WORD, outcomeCause, outcomeText } from "./outcome-text";
import type { RendererOptions } from "./renderer-options";
import { visibleControls } from "./visible-text";

/** Numbers of a run that are not in its record. */
export interface RunTotals {
  readonly wallMs: number;
  /** What the longest chain of instances that wait for each other took. */
  readonly criticalPathMs: number;
  /** Sum of all durations by the wall time: how much running in parallel gained. */
  readonly speedUp: number;
}

export function runTotals(record: RunRecord): RunTotals {
  const wallMs = record.durationMs ?? 0;
  let sumMs = 0;
  for (const { planned, durationMs } of record.instances.values()) if (!planned.group) sumMs += durationMs;
  const criticalPathMs = longestPathMs(record);
  return { wallMs, criticalPathMs, speedUp: wallMs > 0 ? sumMs / wallMs : 1 };
}

/** The longest chain of instances that had to wait for each other, by what they really took. */
function longestPathMs(record: RunRecord): number {
  const endMs = new Map<string, number>();
  let longest = 0;
  // The plan's order has everything behind what it waits for.
  for (const [id, { planned, durationMs }] of record.instances) {
    const before = planned.edges.reduce((most, edge) => Math.max(most, endMs.get(edge.on) ?? 0), 0);
    const total = before + (planned.group ? 0 : durationMs);
    endMs.set(id, total);
    longest = Math.max(longest, total);
  }
  return longest;
}

/** How a summary is told. */
export interface SummaryOptions extends Pick<RendererOptions, "rerunFlags" | "workflowName"> {
  readonly look: Look;
  readonly quiet: boolean;
}

/**
 * What is told at the end of a run: one line of counts and times, and one line for each instance that did not end well.
 * Empty, or ending with a newline. A run of one task that succeeded, or that has just been reported as failed, is told
 * nothing of; `quiet` is for one line at most.
 */
export async function summaryText(record: RunRecord, options: SummaryOptions): Promise<string> {
  const shown = [...record.instances.values()].filter((instance) => countsInSummary(instance));
  const [only] = shown;
  if (shown.length <= 1 && record.workflow === undefined)
    return only === undefined ? "" : singleText(only, options.look);
  const workflow = record.workflow === undefined ? undefined : await import("./stage-text");
  const begin = workflow?.workflowHead(record, options.look);
  const head = headLine(record, shown, { look: options.look, begin });
  if (options.quiet) return `${head}\n`;
  const bad = shown.filter(
    ({ outcome }) => outcome !== undefined && (isWorthALine(outcome.state) || outcome.state === "skipped"),
  );
  const lines = [
    head,
    ...(workflow?.stageTable(record, options.look) ?? []),
    ...listLines(bad, options.look),
    ...(workflow?.resumeLine(record, options) ?? []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Groups only stand for their deps, which tell the same; a handler that was not called for is nothing to tell. */
const countsInSummary = ({ planned, outcome }: InstanceRecord): boolean => {
  if (outcome !== undefined && !wasCalledFor(outcome)) return false;
  return !planned.group || (outcome !== undefined && outcome.state === "failed");
};

const isWorthALine = (state: InstanceRecordState): boolean =>
  state !== "success" && state !== "cached" && state !== "skipped";
type InstanceRecordState = NonNullable<InstanceRecord["outcome"]>["state"];

function singleText({ planned, outcome }: InstanceRecord, look: Look): string {
  if (outcome === undefined || outcome.state === "success") return "";
  if (outcome.state === "failed" || outcome.state === "timed_out") return "";
  return `${visibleControls(`${look.symbols.state[outcome.state]} ${planned.label} ${outcomeText(outcome)}`)}\n`;
}

function headLine(
  record: RunRecord,
  shown: readonly InstanceRecord[],
  { look, begin }: { readonly look: Look; readonly begin: string | undefined },
): string {
  const { theme, symbols } = look;
  const counts = INSTANCE_STATES.flatMap((state) => {
    const count = shown.filter(({ outcome }) => outcome?.state === state).length;
    if (count === 0) return [];
    const text = `${count} ${STATE_WORD[state]}`;
    if (isWorthALine(state))
      return [state === "failed" || state === "timed_out" ? theme.bad(text) : theme.warn(text)];
    return [state === "skipped" ? text : theme.good(text)];
  });
  const { wallMs, criticalPathMs, speedUp } = runTotals(record);
  const total = `${shown.length} ${shown.length === 1 ? "task" : "tasks"}: ${counts.join(", ")}`;
  const parts = [
    ...(begin === undefined ? [] : [begin]),
    ...(shown.length === 0 ? [] : [total]),
    formatDuration(wallMs),
  ];
  if (criticalPathMs > 0 && record.criticalPath.length > 1)
    parts.push(`critical path ${formatDuration(criticalPathMs)}`);
  if (speedUp >= 1.05) parts.push(`speed-up ${speedUp.toFixed(1)}${symbols.times}`);
  const saved = savedMs(shown);
  if (saved > 0) parts.push(`${formatDuration(saved)} saved`);
  if (record.interrupted !== undefined && begin === undefined)
    parts.push(theme.warn(`interrupted by ${record.interrupted}`));
  return parts.join(` ${symbols.dot} `);
}

/** What the tasks that the cache had took when they were run. */
const savedMs = (shown: readonly InstanceRecord[]): number =>
  shown.reduce(
    (sum, { outcome }) => sum + (outcome?.reason?.kind === "cache" ? outcome.reason.savedMs : 0),
    0,
  );

function listLines(instances: readonly InstanceRecord[], look: Look): string[] {
  const width = Math.min(40, Math.max(0, ...instances.map(({ planned }) => Bun.stringWidth(planned.label))));
  return instances.map(({ planned, outcome }) => {
    if (outcome === undefined) return `  ${planned.label}`;
    const { theme, symbols } = look;
    const failed = outcome.state === "failed" || outcome.state === "timed_out";
    const paint =
      outcome.state === "skipped" ? theme.dim : failed && outcome.allowed !== true ? theme.bad : theme.warn;
    const label = visibleControls(planned.label);
    const gap = " ".repeat(Math.max(0, width - Bun.stringWidth(label)));
    const allowed = outcome.allowed === true ? " (allowed)" : "";
    const cause = outcomeCause(outcome);
    const text = `${STATE_WORD[outcome.state]}${allowed}${cause === "" ? "" : `: ${visibleControls(cause)}`}`;
    return `  ${paint(symbols.state[outcome.state])} ${label}${gap}  ${text}`;
  });
}
