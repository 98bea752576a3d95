import { chosenItem } from "./item-status";
import { layoutOf } from "./layout";
import type { LogBuffer } from "./log-buffer";
import type { ScrollState, TuiState } from "./state";

/** Lines that can be scrolled through, by their numbers. */
export interface ScrolledText {
  readonly first: number;
  readonly end: number;
}

/** The log that the detail shows; undefined where it shows none. */
export function shownLog(state: TuiState): LogBuffer | undefined {
  if (state.view === "graph") return undefined;
  if (state.view === "history") return state.pastLog?.log;
  const item = chosenItem(state);
  const status = item === undefined ? undefined : state.statuses.get(item.key);
  if (status?.isGroup === true && status.run !== undefined) return state.runs.get(status.run)?.log;
  return status?.log;
}

/** Which lines the detail has. */
export function shownText(state: TuiState): ScrolledText {
  if (state.view === "graph") return { first: 0, end: state.graph?.rows.length ?? 0 };
  return shownLog(state) ?? { first: 0, end: 0 };
}

/** Whether the end of the detail is followed. */
export const follows = ({ view, scroll }: TuiState): boolean => view === "log" && scroll.top === undefined;

/** Number of the line at the top of the detail, where its end is not followed. */
export function topOf(state: TuiState, { first, end }: ScrolledText): number {
  const { bodyRows } = layoutOf(state);
  const rest = state.view === "log" ? Math.max(first, end - bodyRows) : first;
  return Math.min(Math.max(state.scroll.top ?? rest, first), Math.max(first, end - 1));
}

/** The detail so many lines further down, or up; at its end the log is followed again. */
export function scrolledBy(state: TuiState, lines: number): TuiState {
  const text = shownText(state);
  const { bodyRows } = layoutOf(state);
  const page = Math.max(text.first, text.end - bodyRows);
  const isLog = state.view === "log";
  const last = isLog || !state.scroll.isWrapped ? page : Math.max(text.first, text.end - 1);
  const top = Math.max(text.first, Math.min(topOf(state, text) + lines, last));
  return withScroll(state, { top: isLog && top >= page && lines > 0 ? undefined : top });
}

export const withScroll = (state: TuiState, change: Partial<ScrollState>): TuiState => ({
  ...state,
  scroll: { ...state.scroll, ...change },
});

/** The next line, from one on, in which what is searched for stands, in the middle of the detail. */
export function searched(state: TuiState, from: "here" | "next" | "previous"): TuiState {
  const log = shownLog(state);
  const { search, match } = state.scroll;
  if (log === undefined || search === "") return state;
  const here = match ?? topOf(state, log);
  const start = from === "here" ? here : from === "next" ? here + 1 : here - 1;
  const found = log.find(search, start, from === "previous" ? -1 : 1);
  if (found === undefined)
    return { ...withScroll(state, { match: undefined }), message: `'${search}' is not in this log` };
  const { bodyRows } = layoutOf(state);
  const top = Math.max(log.first, found - Math.floor(bodyRows / 2));
  return { ...withScroll(state, { match: found, top }), message: "" };
}
