import { chooseLine, choosePastAgain, moveChoice, settled } from "./choose";
import { shownItems } from "./item-status";
import { isListAt, layoutOf } from "./layout";
import { takeKey, takePaste } from "./reduce-key";
import { acceptRun, refuseRun, takePastEnds, takeRunEvent } from "./reduce-run";
import { leave } from "./run-actions";
import { scrolledBy } from "./scroll";
import type { Step, TuiEffect, TuiEvent, TuiState } from "./state";
import type { TaskItem } from "./task-item";
import { treeRows } from "./tree-rows";
import { helpAt } from "./view-help";

/** Lines that one notch of the wheel moves a log by. */
const WHEEL_LINES = 3;

const only = (state: TuiState, ...effects: readonly TuiEffect[]): Step => ({ state, effects });

/** What an event makes of the state, and what is to be done for it. */
export function reduceTui(state: TuiState, event: TuiEvent): Step {
  switch (event.type) {
    case "key":
      return takeKey(state, event.key);
    case "paste":
      return takePaste(state, event.text);
    case "mouse":
      return takeMouse(state, event);
    case "resize":
      return only(resized({ ...state, columns: event.columns, rows: event.rows }));
    case "tick":
      return only({ ...state, nowMs: event.nowMs });
    case "items":
      return only(settled(withItems(state, event.items)));
    case "signal":
      return leave(state, event.signal);
    case "accepted":
      return only(settled(acceptRun(withoutStarting(state, event.item), event)));
    case "refused":
      return only({
        ...settled(refuseRun(withoutStarting(state, event.item), event)),
        message: event.text,
      });
    case "run":
      return takeRun(state, event);
    case "question": {
      const { id, text } = event;
      return only({ ...state, questions: [...state.questions, { kind: "task", id, text }] });
    }
    case "graph":
      return only({ ...state, graph: { of: event.of, rows: treeRows(event.graph, state.hasUnicode) } });
    case "past-runs":
      return choosePastAgain({ ...state, pastRuns: event.runs, wallMs: event.wallMs });
    case "past-ends":
      return only(settled(takePastEnds(state, event.ends)));
    case "past-log":
      return only({ ...state, pastLog: { run: event.run, log: event.log } });
  }
}

/** The list as it is now; what has run here stays in it, whether it is still listed or never was. */
function withItems(state: TuiState, items: readonly TaskItem[]): TuiState {
  const keys = new Set(items.map(({ key }) => key));
  const kept = state.items.filter(
    ({ key }) => !keys.has(key) && (state.statuses.get(key)?.run !== undefined || state.starting.has(key)),
  );
  return { ...state, items: [...items, ...kept] };
}

function resized(state: TuiState): TuiState {
  const next = settled(state);
  return next.help === undefined ? next : helpAt(next, next.help);
}

function withoutStarting(state: TuiState, item: string): TuiState {
  const starting = new Set(state.starting);
  starting.delete(item);
  return { ...state, starting };
}

function takeRun(state: TuiState, { event, nowMs }: Extract<TuiEvent, { readonly type: "run" }>): Step {
  const next = takeRunEvent({ ...state, nowMs }, event, nowMs);
  // What the list shows may be another thing now.
  const isOther = state.failedOnly || next.items !== state.items;
  return only(isOther && event.type !== "instance.output" ? settled(next) : next);
}

function takeMouse(
  state: TuiState,
  { action, row, column }: Extract<TuiEvent, { readonly type: "mouse" }>,
): Step {
  if (state.isLeaving || state.questions.length > 0) return only(state);
  if (state.help !== undefined) {
    if (action === "press") return only({ ...state, help: undefined });
    return only(helpAt(state, state.help + (action === "wheel-up" ? -1 : 1)));
  }
  const layout = layoutOf(state);
  const isList = isListAt(layout, column, state.focus);
  if (action !== "press") {
    const way = action === "wheel-up" ? -1 : 1;
    return isList ? moveChoice(state, way) : only(scrolledBy(state, way * WHEEL_LINES));
  }
  const line = row - layout.bodyTop;
  if (line < 0 || line >= layout.bodyRows) return only(state);
  if (!isList) return only({ ...state, focus: "detail" });
  const index = state.listTop + line;
  const count = state.view === "history" ? (state.pastRuns?.length ?? 0) : shownItems(state).length;
  const next: TuiState = { ...state, focus: "list" };
  return index < count ? chooseLine(next, index) : only(next);
}
