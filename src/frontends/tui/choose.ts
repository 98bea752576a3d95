import { chosenItem, shownItems } from "./item-status";
import { layoutOf } from "./layout";
import { FIRST_SCROLL } from "./state";
import type { Step, TuiEffect, TuiState } from "./state";

/** Moves the choice in the list by so many lines; where it stands at an end it stays there. */
export function moveChoice(state: TuiState, lines: number): Step {
  if (state.view === "history") return choosePast(state, state.pastCursor + lines);
  const shown = shownItems(state);
  return chooseLine(state, shown.findIndex(({ key }) => key === state.cursor) + lines);
}

/** Chooses the line of the list with that number, or the nearest one. */
export function chooseLine(state: TuiState, index: number): Step {
  if (state.view === "history") return choosePast(state, index);
  const shown = shownItems(state);
  const item = shown[Math.max(0, Math.min(index, shown.length - 1))];
  return item === undefined || item.key === state.cursor
    ? { state, effects: [] }
    : chosen({ ...state, cursor: item.key });
}

/** What follows from the choice of another line: its log from the end, its graph. */
export function chosen(state: TuiState): Step {
  const { isWrapped, search } = state.scroll;
  const next: TuiState = { ...state, scroll: { ...FIRST_SCROLL, isWrapped, search }, message: "" };
  const item = chosenItem(next);
  const effects: TuiEffect[] =
    next.view === "graph" && item !== undefined ? [{ type: "load-graph", item }] : [];
  return { state: settled(next), effects };
}

/** The chosen run of a history that has been read anew. */
export const choosePastAgain = (state: TuiState): Step =>
  state.view === "history"
    ? choosePast({ ...state, pastLog: undefined }, state.pastCursor)
    : { state, effects: [] };

function choosePast(state: TuiState, index: number): Step {
  const runs = state.pastRuns ?? [];
  const pastCursor = Math.max(0, Math.min(index, runs.length - 1));
  const run = runs[pastCursor];
  if (run === undefined || run.run === state.pastLog?.run)
    return { state: { ...state, pastCursor }, effects: [] };
  const { isWrapped, search } = state.scroll;
  return {
    state: settled({ ...state, pastCursor, scroll: { ...FIRST_SCROLL, isWrapped, search } }),
    effects: [{ type: "load-past-run", run: run.run, withLogs: false }],
  };
}

/** The state with a choice that is in the list and on the screen. */
export function settled(state: TuiState): TuiState {
  const isPast = state.view === "history";
  const shown = shownItems(state);
  const isThere = shown.some(({ key }) => key === state.cursor);
  const cursor = isThere ? state.cursor : shown[0]?.key;
  const count = isPast ? (state.pastRuns?.length ?? 0) : shown.length;
  const index = isPast ? state.pastCursor : shown.findIndex(({ key }) => key === cursor);
  const rows = Math.max(1, layoutOf(state).bodyRows);
  const lowest = Math.max(0, count - rows);
  const listTop = Math.min(lowest, Math.max(index - rows + 1, Math.min(Math.max(0, index), state.listTop)));
  const next: TuiState = {
    ...state,
    cursor,
    listTop: Math.max(0, listTop),
    pastCursor: Math.max(0, Math.min(state.pastCursor, (state.pastRuns?.length ?? 1) - 1)),
  };
  if (cursor === state.cursor) return next;
  const { isWrapped, search } = state.scroll;
  return { ...next, scroll: { ...FIRST_SCROLL, isWrapped, search } };
}
