import type { RunEvent } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { InstanceState, Outcome } from "#core/model/outcome";
import type { RunRecord } from "#core/model/record";
import type { GraphView } from "#app/operations/graph";
import type { InputEvent } from "./key";
import type { LogBuffer } from "./log-buffer";
import type { TaskItem } from "./task-item";
import type { TreeRow } from "./tree-rows";

/** How one instance of a task stands. */
export interface PartStatus {
  readonly phase: "planned" | "queued" | "running" | "ready" | "waiting" | "finished";
  readonly outcome?: Outcome;
}

/** How a task stands: in the run that it was last part of, in this program or before it. */
export interface ItemStatus {
  /** Undefined where that run was before this program. */
  readonly run: string | undefined;
  /** By instance: a task with a matrix has several. */
  readonly parts: ReadonlyMap<InstanceId, PartStatus>;
  readonly phase: PartStatus["phase"];
  readonly state: InstanceState | undefined;
  readonly isPaused: boolean;
  /** On this program's clock; undefined where nothing of it has been started. */
  readonly startedMs: number | undefined;
  /** Of the whole; there when it is over. */
  readonly durationMs: number | undefined;
  /** Its last lines. */
  readonly log: LogBuffer;
  /** Whether a command of its own can print. */
  readonly isGroup: boolean;
}

/** A run that this program has started. */
export interface RunView {
  readonly run: string;
  /** What was asked for: a key of the list. */
  readonly item: string;
  readonly record: RunRecord | undefined;
  readonly startedMs: number;
  readonly isOver: boolean;
  /** What all of its tasks print, each line with its task's name. */
  readonly log: LogBuffer;
}

/** A run of the history. */
export interface PastRun {
  readonly run: string;
  readonly wallMs: number;
  readonly durationMs: number;
  readonly status: "success" | "failed" | "timed_out" | "interrupted";
  readonly what: string;
  readonly counts: Readonly<Partial<Record<InstanceState, number>>>;
}

/** What is shown beside the list. */
export type DetailView = "log" | "graph" | "history";

/** A line that is being typed. */
export interface TextInput {
  readonly kind: "filter" | "search" | "arguments";
  readonly text: string;
  /** Of a search: the line that was at the top when it began. */
  readonly from?: number;
}

/** A question that waits for `y` or `n`. */
export type Question =
  | { readonly kind: "quit"; readonly text: string }
  | { readonly kind: "task"; readonly id: number; readonly text: string };

/** How a long text is looked at. */
export interface ScrollState {
  /** Number of the line at the top; undefined: the end is followed. */
  readonly top: number | undefined;
  readonly left: number;
  readonly isWrapped: boolean;
  readonly search: string;
  /** Number of the line that was found. */
  readonly match: number | undefined;
}

/** Everything that the screen shows. Maps and logs inside are owned by the newest state and changed in place. */
export interface TuiState {
  readonly title: string;
  readonly hasUnicode: boolean;
  readonly columns: number;
  readonly rows: number;
  /** This program's clock. */
  readonly nowMs: number;
  readonly items: readonly TaskItem[];
  readonly statuses: Map<string, ItemStatus>;
  readonly runs: Map<string, RunView>;
  /** Keys of the list that are being planned. */
  readonly starting: ReadonlySet<string>;
  /** The run that has ended last. */
  readonly lastRun: string | undefined;
  /** What was given the last time that something was run, by key of the list. */
  readonly arguments: Map<string, readonly string[]>;
  readonly filter: string;
  readonly failedOnly: boolean;
  /** Key of the chosen line. */
  readonly cursor: string | undefined;
  /** Which line of the list is at its top. */
  readonly listTop: number;
  readonly focus: "list" | "detail";
  readonly view: DetailView;
  readonly scroll: ScrollState;
  readonly graph: { readonly of: string; readonly rows: readonly TreeRow[] } | undefined;
  readonly pastRuns: readonly PastRun[] | undefined;
  /** The wall clock when the history was read. */
  readonly wallMs: number;
  readonly pastCursor: number;
  readonly pastLog: { readonly run: string; readonly log: LogBuffer } | undefined;
  readonly input: TextInput | undefined;
  readonly questions: readonly Question[];
  /** The first line of the help that is shown; undefined while the help is not. */
  readonly help: number | undefined;
  readonly message: string;
  /** The program waits for its runs to stop. */
  readonly isLeaving: boolean;
}

/** What can happen to the state. */
export type TuiEvent =
  | InputEvent
  | { readonly type: "resize"; readonly columns: number; readonly rows: number }
  | { readonly type: "tick"; readonly nowMs: number }
  /** The configuration has been read again. */
  | { readonly type: "items"; readonly items: readonly TaskItem[] }
  | { readonly type: "signal"; readonly signal: string }
  | { readonly type: "accepted"; readonly run: string; readonly item: string; readonly nowMs: number }
  /** It was not run, for a reason in one line and in all of them. */
  | {
      readonly type: "refused";
      readonly item: string;
      readonly text: string;
      readonly lines: readonly string[];
    }
  | { readonly type: "run"; readonly event: RunEvent; readonly nowMs: number }
  | { readonly type: "question"; readonly id: number; readonly text: string }
  | { readonly type: "graph"; readonly of: string; readonly graph: GraphView }
  | { readonly type: "past-runs"; readonly runs: readonly PastRun[]; readonly wallMs: number }
  | { readonly type: "past-ends"; readonly ends: readonly PastEnd[] }
  | { readonly type: "past-log"; readonly run: string; readonly log: LogBuffer };

/** How a task ended the last time before this program. */
export interface PastEnd {
  readonly item: string;
  readonly id: InstanceId;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

/** What the state asks the world to do. */
export type TuiEffect =
  | { readonly type: "run"; readonly item: TaskItem; readonly words: readonly string[] }
  /** Only what went wrong in that run, and what needs it. */
  | { readonly type: "retry-failed"; readonly run: string; readonly record: RunRecord }
  | { readonly type: "stop"; readonly run: string; readonly ids: readonly InstanceId[] }
  | { readonly type: "interrupt"; readonly run: string; readonly signal: string }
  | {
      readonly type: "pause";
      readonly run: string;
      readonly ids: readonly InstanceId[];
      readonly isPaused: boolean;
    }
  | { readonly type: "answer"; readonly id: number; readonly yes: boolean }
  | { readonly type: "load-graph"; readonly item: TaskItem }
  | { readonly type: "load-past-runs" }
  | { readonly type: "load-past-run"; readonly run: string; readonly withLogs: boolean }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "suspend" }
  | { readonly type: "redraw" }
  /** As soon as nothing runs any more. */
  | { readonly type: "quit"; readonly signal?: string };

/** A state and what is to be done for it. */
export interface Step {
  readonly state: TuiState;
  readonly effects: readonly TuiEffect[];
}

export const stepOf = (state: TuiState, ...effects: readonly TuiEffect[]): Step => ({ state, effects });

export const FIRST_SCROLL: ScrollState = {
  top: undefined,
  left: 0,
  isWrapped: true,
  search: "",
  match: undefined,
};

export interface FirstState {
  readonly title: string;
  readonly hasUnicode: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly items: readonly TaskItem[];
}

/** The state at the start, the first line chosen. */
export const firstState = (first: FirstState): TuiState => ({
  ...first,
  nowMs: 0,
  statuses: new Map(),
  runs: new Map(),
  starting: new Set(),
  lastRun: undefined,
  arguments: new Map(),
  filter: "",
  failedOnly: false,
  cursor: first.items[0]?.key,
  listTop: 0,
  focus: "list",
  view: "log",
  scroll: FIRST_SCROLL,
  graph: undefined,
  pastRuns: undefined,
  wallMs: 0,
  pastCursor: 0,
  pastLog: undefined,
  input: undefined,
  questions: [],
  help: undefined,
  message: "",
  isLeaving: false,
});
