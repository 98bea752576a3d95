import { splitWords } from "#base/split-words";
import { chooseLine, moveChoice, settled } from "./choose";
import { isText } from "./key";
import type { Key } from "./key";
import { actionOf } from "./key-map";
import type { Action } from "./key-map";
import { chosenItem } from "./item-status";
import { layoutOf } from "./layout";
import {
  askToLeave,
  cancelAll,
  cancelChosen,
  leave,
  pauseChosen,
  retryFailed,
  runAgain,
  runChosen,
  runWithArguments,
  startRun,
} from "./run-actions";
import { helpAt } from "./view-help";
import { follows, scrolledBy, searched, shownLog, shownText, topOf, withScroll } from "./scroll";
import { stepOf } from "./state";
import type { Step, TextInput, TuiState } from "./state";

/** Columns by which a long line moves. */
const SIDE_STEP = 8;
const FAR = 1_000_000_000;

/** The state after a key. */
export function takeKey(state: TuiState, key: Key): Step {
  const action = actionOf(key);
  if (action === "interrupt") return leave(state, "SIGINT");
  if (action === "suspend" || action === "redraw") return stepOf(state, { type: action });
  if (state.isLeaving) return stepOf(state);
  if (state.questions.length > 0) return answer(state, key);
  if (state.input !== undefined) return type(state, state.input, key);
  if (action === undefined) return stepOf(state);
  if (state.help !== undefined) return inHelp(state, state.help, action);
  return ACTIONS[action]({ ...state, message: "" });
}

/** The state after pasted text: it is typed where something is being typed, and nowhere else. */
export function takePaste(state: TuiState, text: string): Step {
  const { input } = state;
  if (input === undefined || state.questions.length > 0) return stepOf(state);
  return typed(state, { ...input, text: input.text + text.replaceAll(/\s+/g, " ") });
}

function answer(state: TuiState, key: Key): Step {
  const yes = key === "y" || key === "Y";
  const no = key === "n" || key === "N" || key === "Enter" || key === "Escape" || key === "q";
  const [question, ...questions] = state.questions;
  if (question === undefined || (!yes && !no)) return stepOf(state);
  const next = { ...state, questions, message: "" };
  if (question.kind === "task") return stepOf(next, { type: "answer", id: question.id, yes });
  return yes ? leave(next, undefined) : stepOf(next);
}

function type(state: TuiState, input: TextInput, key: Key): Step {
  switch (key) {
    case "Enter":
      return submit({ ...state, input: undefined }, input);
    case "Escape":
      return typed({ ...state, input: undefined, message: "" }, input, "");
    case "Backspace":
      return typed(state, { ...input, text: [...input.text].slice(0, -1).join("") });
    case "Ctrl-U":
      return typed(state, { ...input, text: "" });
    case "Ctrl-W":
      return typed(state, { ...input, text: input.text.replace(/\S*\s*$/, "") });
    case "Up":
    case "Down":
      return input.kind === "filter" ? moveChoice(state, key === "Up" ? -1 : 1) : stepOf(state);
    default:
      return isText(key) ? typed(state, { ...input, text: input.text + key }) : stepOf(state);
  }
}

/** What is being typed takes effect at once. With `text` it is over, and that is what is left of it. */
function typed(state: TuiState, input: TextInput, text?: string): Step {
  const value = text ?? input.text;
  const next = text === undefined ? { ...state, input } : state;
  if (input.kind === "filter") return stepOf(settled({ ...next, filter: value }));
  if (input.kind === "arguments") return stepOf(next);
  // What has been typed so far may have led astray: each search begins where the first one did.
  const start = input.from === undefined ? {} : { top: input.from };
  return stepOf(searched(withScroll(next, { search: value, match: undefined, ...start }), "here"));
}

function submit(state: TuiState, { kind, text }: TextInput): Step {
  const item = chosenItem(state);
  if (kind !== "arguments" || item === undefined) return stepOf(state);
  return startRun(state, item, splitWords(text));
}

function inHelp(state: TuiState, top: number, action: Action): Step {
  const { bodyRows } = layoutOf(state);
  const to = (line: number): Step => stepOf(helpAt(state, line));
  switch (action) {
    case "up":
      return to(top - 1);
    case "down":
      return to(top + 1);
    case "page-up":
      return to(top - bodyRows);
    case "page-down":
      return to(top + bodyRows);
    case "first":
      return to(0);
    case "last":
      return to(FAR);
    case "help":
    case "back":
    case "quit":
      return stepOf({ ...state, help: undefined });
    default:
      return stepOf(state);
  }
}

/** What each key does, where nothing is being typed or asked. Those that always do the same are in `takeKey`. */
const ACTIONS: Readonly<
  Record<Exclude<Action, "interrupt" | "suspend" | "redraw">, (state: TuiState) => Step>
> = {
  up: (state) => move(state, -1),
  down: (state) => move(state, 1),
  "page-up": (state) => move(state, -pageOf(state)),
  "page-down": (state) => move(state, pageOf(state)),
  first: (state) => (state.focus === "list" ? chooseLine(state, 0) : stepOf(scrolledBy(state, -FAR))),
  last: (state) => (state.focus === "list" ? chooseLine(state, FAR) : stepOf(scrolledBy(state, FAR))),
  left: (state) => stepOf(sideways(state, -SIDE_STEP)),
  right: (state) => stepOf(sideways(state, SIDE_STEP)),
  focus: (state) => stepOf({ ...state, focus: state.focus === "list" ? "detail" : "list" }),
  run: (state) => (state.view === "history" ? loadLogs(state) : runChosen(state)),
  "run-with-arguments": (state) => inTasks(state, runWithArguments),
  cancel: (state) => inTasks(state, cancelChosen),
  "cancel-all": cancelAll,
  retry: (state) => inTasks(state, runAgain),
  "retry-failed": retryFailed,
  pause: (state) => inTasks(state, pauseChosen),
  find: (state) => find(state),
  "next-match": (state) => stepOf(searched(state, "next")),
  "previous-match": (state) => stepOf(searched(state, "previous")),
  follow: (state) => stepOf(follow(state)),
  wrap: (state) => stepOf(withScroll(state, { isWrapped: !state.scroll.isWrapped, left: 0 })),
  "failed-only": (state) => stepOf(settled({ ...state, failedOnly: !state.failedOnly })),
  graph: (state) => showGraph(state),
  history: (state) => showHistory(state),
  copy: (state) => copy(state),
  back: (state) => stepOf(back(state)),
  help: (state) => stepOf({ ...state, help: 0 }),
  quit: askToLeave,
};

/** A page keeps one line of the page before. */
const pageOf = (state: TuiState): number => Math.max(1, layoutOf(state).bodyRows - 1);

const move = (state: TuiState, lines: number): Step =>
  state.focus === "list" ? moveChoice(state, lines) : stepOf(scrolledBy(state, lines));

const sideways = (state: TuiState, columns: number): TuiState =>
  state.scroll.isWrapped && state.view !== "graph"
    ? { ...state, message: "w lets long lines go on to the right" }
    : withScroll(state, { left: Math.max(0, state.scroll.left + columns) });

/** What is done to the chosen task, where tasks are shown. */
const inTasks = (state: TuiState, action: (state: TuiState) => Step): Step =>
  state.view === "history" ? stepOf({ ...state, message: "h goes back to the tasks" }) : action(state);

function loadLogs(state: TuiState): Step {
  const run = state.pastRuns?.[state.pastCursor];
  return run === undefined
    ? stepOf({ ...state, message: "there are no past runs" })
    : stepOf(state, { type: "load-past-run", run: run.run, withLogs: true });
}

function find(state: TuiState): Step {
  if (state.focus === "list" && state.view !== "history")
    return stepOf({ ...state, message: "", input: { kind: "filter", text: state.filter } });
  if (state.view === "graph")
    return stepOf({ ...state, message: "a graph is not searched; / filters the list" });
  const from = topOf(state, shownText(state));
  return stepOf({ ...state, message: "", focus: "detail", input: { kind: "search", text: "", from } });
}

function follow(state: TuiState): TuiState {
  if (state.view !== "log") return { ...state, message: "only a log can be followed" };
  if (!follows(state)) return withScroll(state, { top: undefined, match: undefined });
  return withScroll(state, { top: topOf(state, shownText(state)) });
}

function showGraph(state: TuiState): Step {
  if (state.view === "graph")
    return stepOf(withScroll({ ...state, view: "log" }, { top: undefined, left: 0 }));
  const item = chosenItem(state);
  if (item === undefined) return stepOf({ ...state, message: "no task is chosen" });
  const next = withScroll({ ...state, view: "graph" }, { top: undefined, left: 0, match: undefined });
  return stepOf(settled(next), { type: "load-graph", item });
}

function showHistory(state: TuiState): Step {
  const plain = withScroll(state, { top: undefined, left: 0, match: undefined });
  if (state.view === "history") return stepOf(settled({ ...plain, view: "log", listTop: 0 }));
  const next: TuiState = { ...plain, view: "history", focus: "list", pastCursor: 0, listTop: 0 };
  return stepOf({ ...next, pastRuns: undefined, pastLog: undefined }, { type: "load-past-runs" });
}

function copy(state: TuiState): Step {
  const log = shownLog(state);
  if (log === undefined || log.end === log.first)
    return stepOf({ ...state, message: "there is no log to copy" });
  const count = log.end - log.first;
  const message = `${count} line${count === 1 ? "" : "s"} copied`;
  return stepOf({ ...state, message }, { type: "copy", text: log.text() });
}

/** One step back: out of a search, another view, a filter. */
function back(state: TuiState): TuiState {
  if (state.scroll.search !== "") return withScroll(state, { search: "", match: undefined });
  if (state.view !== "log")
    return settled(withScroll({ ...state, view: "log", listTop: 0 }, { top: undefined, left: 0 }));
  if (state.filter !== "") return settled({ ...state, filter: "" });
  if (state.failedOnly) return settled({ ...state, failedOnly: false });
  return { ...state, message: "", focus: "list" };
}
