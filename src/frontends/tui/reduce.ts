import { chooseLine, choosePastAgain, moveChoice, settled } from "./choose";
import { shownItems } from "./item-status";
import { isListAt, layoutOf } from "./layout";
import { takeKey, takePaste } from "./reduce-key";
import { acceptRun, refuseRun, takePastEnds, takeRunEvent } from "./reduce-run";
import { leave } from "./run-actions";
import { scrolledBy } from "./scroll";
import { stepOf } from "./state";
import type { Step, TuiEvent, TuiState } from "./state";
import type { TaskItem } from "./task-item";
import { treeRows } from "./tree-rows";
import { helpAt } from "./view-help";

/** Lines that one notch of the wheel moves a log by. */
const WHEEL_LINES = 3;

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
      return stepOf(resized({ ...state, columns: event.columns, rows: event.rows }));
    case "tick":
      return stepOf({ ...state, nowMs: event.nowMs });
    case "items":
      return stepOf(settled(withItems(state, event.items)));
    case "signal":
      return leave(state, event.signal);
    case "accepted":
      return stepOf(settled(acceptRun(withoutStarting(state, event.item), event)));
    case "refused":
      return stepOf({
        ...settled(refuseRun(withoutStarting(state, event.item), event)),
        message: event.text,
      });
    case "run":
      return takeRun(state, event);
    case "question": {
      const { id, text } = event;
      return stepOf({ ...state, questions: [...state.questions, { kind: "task", id, text }] });
    }
    case "graph":
      return stepOf({ ...state, graph: { of: event.of, rows: treeRows(event.graph, state.hasUnicode) } });
    case "past-runs":
      return choosePastAgain({ ...state, pastRuns: event.runs, wallMs: event.wallMs });
    case "past-ends":
      return stepOf(settled(takePastEnds(state, event.ends)));
    case "past-log":
      return stepOf({ ...state, pastLog: { run: event.run, log: event.log } });
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
  return stepOf(isOther && event.type !== "instance.output" ? settled(next) : next);
}

function takeMouse(
  state: TuiState,
  { action, row, column }: Extract<TuiEvent, { readonly type: "mouse" }>,
): Step {
  if (state.isLeaving || state.questions.length > 0) return stepOf(state);
  if (state.help !== undefined) {
    if (action === "press") return stepOf({ ...state, help: undefined });
    return stepOf(helpAt(state, state.help + (action === "wheel-up" ? -1 : 1)));
  }
  const layout = layoutOf(state);
  const isList = isListAt(layout, column, state.focus);
  if (action !== "press") {
    const way = action === "wheel-up" ? -1 : 1;
    return isList ? moveChoice(state, way) : stepOf(scrolledBy(state, way * WHEEL_LINES));
  }
  const line = row - layout.bodyTop;
  if (line < 0 || line >= layout.bodyRows) return stepOf(state);
  if (!isList) return stepOf({ ...state, focus: "detail" });
  const index = state.listTop + line;
  const count = state.view === "history" ? (state.pastRuns?.length ?? 0) : shownItems(state).length;
  const next: TuiState = { ...state, focus: "list" };
  return index < count ? chooseLine(next, index) : stepOf(next);
}
