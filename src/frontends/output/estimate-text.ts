import { formatDuration } from "#base/duration";
import type { InstanceEstimate, PlanEstimate } from "#app/operations/estimate";
import { table } from "./history-text";
import type { HistoryLook } from "./history-text";
import { loadTheme } from "./theme";

/** What to expect of each task, and of all of them together. */
export async function estimateText(
  { instances, jobs, total, criticalPath, unknown }: PlanEstimate,
  look: HistoryLook,
): Promise<string> {
  const theme = await loadTheme(look.color);
  const rows = instances.map((instance) => [
    { text: instance.id, paint: theme.strong },
    { text: `${instance.runs}` },
    { text: rate(instance) },
    { text: time(instance.p50) },
    { text: time(instance.p90) },
    { text: time(instance.p99) },
  ]);
  const listing = table(["task", "runs", "ok", "p50", "p90", "p99"], rows, { look, theme });
  if (total === null) return `${listing}\nnothing is known of these tasks yet; run them once\n`;
  const arrow = look.unicode ? " → " : " -> ";
  const lines = [
    `${theme.strong("total")}  ${formatDuration(total.p50)}, once in ten runs ${formatDuration(total.p90)} or more, with ${jobs} at once`,
    `  critical path ${formatDuration(total.criticalPath)}: ${criticalPath.join(arrow)}`,
    `  one after the other ${formatDuration(total.sequential)}`,
  ];
  if (unknown.length > 0)
    lines.push(`  never run: ${unknown.join(", ")}; taken to be as long as the others usually are`);
  return `${listing}\n${lines.join("\n")}\n`;
}

const time = (ms: number | null): string => (ms === null ? "?" : formatDuration(ms));

const rate = ({ successRate }: InstanceEstimate): string =>
  successRate === null ? "?" : `${Math.round(successRate * 100)}%`;
