import { plainLook } from "#frontends/output/look";
import { liveRuns } from "./item-status";
import { layoutOf } from "./layout";
import type { Layout } from "./layout";
import { fitRow, justified, rowWidth, span } from "./row";
import type { Row, Span } from "./row";
import type { TuiState } from "./state";
import { detailHeading, detailRows } from "./view-detail";
import { helpRows } from "./view-help";
import { listHeading, listRows } from "./view-list";

/** The whole screen: as many rows as it has, each as wide as it is. */
export function viewTui(state: TuiState): readonly Row[] {
  const layout = layoutOf(state);
  const rows = [titleRow(state, layout), ...bodyRows(state, layout), footRow(state, layout)];
  // The foot is what is kept of a screen that is too small for more.
  const kept =
    rows.length <= state.rows ? rows : [...rows.slice(0, Math.max(0, state.rows - 1)), ...rows.slice(-1)];
  return kept.slice(0, state.rows).map((row) => fitRow(row, state.columns));
}

function titleRow(state: TuiState, { columns }: Layout): Row {
  const left: Row = [span(` zr `, "bar"), span(` ${state.title}`, "strong")];
  return justified(left, countsRow(state), columns);
}

/** What goes on now, and what has gone wrong. */
function countsRow(state: TuiState): Row {
  let running = 0;
  let failed = 0;
  for (const { run, phase, state: end } of state.statuses.values()) {
    if (run === undefined) continue;
    if (phase === "running" || phase === "ready") running += 1;
    if (end === "failed" || end === "timed_out") failed += 1;
  }
  const parts: Span[] = [];
  if (running > 0) parts.push(span(`${running} running`, "strong"));
  if (failed > 0) parts.push(span(`${failed} failed`, "bad"));
  if (liveRuns(state).length > 1) parts.push(span(`${liveRuns(state).length} runs`, "dim"));
  const dot = plainLook(state.hasUnicode).symbols.dot;
  return parts.flatMap((part, index) => (index === 0 ? [part] : [span(` ${dot} `, "dim"), part]));
}

function bodyRows(state: TuiState, layout: Layout): readonly Row[] {
  if (state.help !== undefined) return helpRows(state, layout);
  const { isSplit, listColumns, detailColumns, bodyRows: count } = layout;
  const bar = span(state.hasUnicode ? "│" : "|", "dim");
  const list = [listHeading(state, listColumns), ...listRows(state, layout)];
  if (!isSplit && state.focus === "list") return filled(list, count + 1);
  const detail = [detailHeading(state, detailColumns), ...detailRows(state, layout)];
  if (!isSplit) return filled(detail, count + 1);
  return Array.from({ length: count + 1 }, (_, index) => [
    ...fitRow(list[index] ?? [], listColumns),
    bar,
    ...(detail[index] ?? []),
  ]);
}

const filled = (rows: readonly Row[], count: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) => rows[index] ?? []);

function footRow(state: TuiState, { columns }: Layout): Row {
  const [question] = state.questions;
  if (question !== undefined) return [span(question.text, "warn"), span(" "), span("[y/N]", "strong")];
  if (state.isLeaving) return [span("stopping what runs; Ctrl-C again kills it", "warn")];
  if (state.input !== undefined) {
    const { kind, text } = state.input;
    const label = kind === "filter" ? "filter: " : kind === "search" ? "search: " : "arguments: ";
    const cursor = state.hasUnicode ? "▏" : "_";
    const line = [span(label, "strong"), span(text), span(cursor, "strong")];
    return state.message === "" ? line : justified(line, [span(state.message, "dim")], columns);
  }
  if (state.message !== "") return justified([span(state.message, "strong")], HINT, columns);
  return hints(state);
}

const HINT: Row = [span("?", "key"), span(" help", "dim")];

type Hint = readonly [string, string];

const HELP_HINTS: readonly Hint[] = [
  ["Esc", "back"],
  ["PgDn", "more"],
];

/** The keys that are of use here, the first ones first; those for which there is no room are left out. */
function hints(state: TuiState): Row {
  const row: Span[] = [];
  for (const [key, does] of state.help === undefined ? usualHints(state) : HELP_HINTS) {
    const next = [span(row.length === 0 ? "" : "  "), span(key, "key"), span(` ${does}`, "dim")];
    if (rowWidth(row) + rowWidth(next) > state.columns) break;
    row.push(...next);
  }
  return row;
}

function usualHints({ view, focus }: TuiState): readonly Hint[] {
  const isPast = view === "history";
  return [
    ["?", "help"],
    ["q", "leave"],
    ["Enter", isPast ? "its log" : "run"],
    isPast ? ["h", "tasks"] : ["x", "stop"],
    ["/", focus === "list" && !isPast ? "filter" : "search"],
    ["Tab", focus === "list" ? "log" : "list"],
    ["g", "graph"],
    ...(isPast ? [] : [["h", "history"] as const]),
    ["e", "failed"],
    ["R", "retry failed"],
    ["p", "pause"],
  ];
}
