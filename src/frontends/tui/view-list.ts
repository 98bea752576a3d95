import { formatDuration } from "#base/duration";
import { INSTANCE_STATES } from "#core/model/outcome";
import { STATE_WORD } from "#frontends/output/outcome-text";
import { shownItems } from "./item-status";
import type { Layout } from "./layout";
import { fitRow, justified, span } from "./row";
import type { Row, Span } from "./row";
import { stateSign, statusSign, statusWord } from "./signs";
import type { ItemStatus, PastRun, TuiState } from "./state";
import type { TaskItem } from "./task-item";

/** A list with room for words beside the signs. */
const WITH_WORDS = 34;

/** What stands above the list. */
export function listHeading(state: TuiState, columns: number): Row {
  const style = state.focus === "list" ? "strong" : "dim";
  if (state.view === "history") return [span(" past runs", style)];
  const shown = shownItems(state).length;
  const what = state.failedOnly ? "failed" : "tasks";
  const filter: Span[] = state.filter === "" ? [] : [span(` /${state.filter}`, "key")];
  const count = span(
    shown === state.items.length ? `${shown} ` : `${shown} of ${state.items.length} `,
    "dim",
  );
  return justified([span(` ${what}`, style), ...filter], [count], columns);
}

/** The rows of the list that are on the screen. */
export function listRows(state: TuiState, layout: Layout): readonly Row[] {
  return state.view === "history" ? pastRows(state, layout) : taskRows(state, layout);
}

function taskRows(state: TuiState, { bodyRows, listColumns }: Layout): readonly Row[] {
  const shown = shownItems(state);
  if (shown.length === 0) return [[span(emptyText(state), "dim")]];
  return shown
    .slice(state.listTop, state.listTop + bodyRows)
    .map((item) => taskRow(state, item, listColumns));
}

const emptyText = ({ failedOnly, filter }: TuiState): string =>
  filter !== "" ? " nothing fits the filter" : failedOnly ? " nothing has failed" : " there are no tasks";

function taskRow(state: TuiState, item: TaskItem, columns: number): Row {
  const status = state.statuses.get(item.key);
  const isChosen = item.key === state.cursor;
  const isStarting = state.starting.has(item.key);
  const left: Row = [
    span(marker(state, isChosen), "strong"),
    statusSign(status, state.hasUnicode),
    span(` ${item.name}`, item.kind === "workflow" ? "strong" : "plain"),
    ...(item.kind === "workflow" ? [span(" workflow", "dim")] : []),
  ];
  const word = isStarting ? "starting" : columns < WITH_WORDS ? "" : statusWord(status);
  const about = [word, timeText(status, state.nowMs)].filter((text) => text !== "").join(" ");
  const right: Row = about === "" ? [] : [span(`${about} `, "dim")];
  const row = justified(left, right, columns);
  return isChosen ? chosenRow(row, columns) : row;
}

/** The chosen row, one bar from end to end; its sign keeps its meaning by its form. */
const chosenRow = (row: Row, columns: number): Row =>
  fitRow(
    row.map(({ text }) => span(text, "chosen")),
    columns,
    "chosen",
  );

const marker = ({ hasUnicode }: TuiState, isChosen: boolean): string =>
  isChosen ? (hasUnicode ? "▸" : ">") : " ";

function timeText(status: ItemStatus | undefined, nowMs: number): string {
  if (status === undefined) return "";
  if (status.phase === "finished") return status.durationMs ? formatDuration(status.durationMs) : "";
  return status.startedMs === undefined ? "" : clock(nowMs - status.startedMs);
}

/** Time that runs, in whole seconds: tenths would only flicker. */
export const clock = (ms: number): string => formatSeconds(Math.max(0, Math.floor(ms / 1000)));

const formatSeconds = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);

function pastRows(state: TuiState, { bodyRows, listColumns }: Layout): readonly Row[] {
  if (state.pastRuns === undefined) return [[span(" reading", "dim")]];
  if (state.pastRuns.length === 0) return [[span(" no runs are recorded", "dim")]];
  return state.pastRuns
    .slice(state.listTop, state.listTop + bodyRows)
    .map((run, index) =>
      pastRow(state, run, { isChosen: state.listTop + index === state.pastCursor, listColumns }),
    );
}

function pastRow(
  state: TuiState,
  run: PastRun,
  { isChosen, listColumns }: { readonly isChosen: boolean; readonly listColumns: number },
): Row {
  const left: Row = [
    span(marker(state, isChosen), "strong"),
    stateSign(run.status === "interrupted" ? "canceled" : run.status, state.hasUnicode),
    span(` ${run.what}`),
  ];
  const right: Row = [span(`${ago(state.wallMs - run.wallMs)} `, "dim")];
  const row = justified(left, right, listColumns);
  return isChosen ? chosenRow(row, listColumns) : row;
}

const ago = (ms: number): string => {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes}m ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h ago` : `${Math.floor(minutes / 60 / 24)}d ago`;
};

/** `3 ok, 1 failed`. */
export const countsText = ({ counts }: PastRun): string =>
  INSTANCE_STATES.filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${counts[state] ?? 0} ${STATE_WORD[state]}`)
    .join(", ");
