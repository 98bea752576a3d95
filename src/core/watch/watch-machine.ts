/** Whole runs that are asked for by hand. */
export type AskedRun = "again" | "all" | "failed";

/** What a run is started for. */
export interface WatchWork {
  readonly files: readonly string[];
  readonly asked: readonly AskedRun[];
}

export type WatchInput =
  /** Files that affect something have changed; `debounceMs` is the longest quiet time that the affected ask for. */
  | {
      readonly type: "changed";
      readonly files: readonly string[];
      readonly debounceMs: number;
      readonly at: number;
    }
  /** The time asked for by `wait` may be over. */
  | { readonly type: "elapsed"; readonly at: number }
  /** Nothing is left of the run that ends by itself. */
  | { readonly type: "idle"; readonly at: number }
  /** Something of what runs is being stopped to be started again by the work that waits. */
  | { readonly type: "cut"; readonly at: number }
  | { readonly type: "asked"; readonly what: AskedRun; readonly at: number }
  | { readonly type: "pause"; readonly isPaused: boolean; readonly at: number };

export type WatchAction =
  /** Say `elapsed` after so long, instead of any time asked for before. */
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "start"; readonly work: WatchWork }
  /** What runs is out of date: stop what is to be restarted. The work follows when the run is idle. */
  | { readonly type: "interrupt"; readonly work: WatchWork }
  /** Runs write these files themselves, over and over: their changes are dropped. */
  | { readonly type: "loop"; readonly files: readonly string[] };

interface Pending {
  /** Each with the milliseconds between the start of the run under way and its first change. */
  readonly files: ReadonlyMap<string, number>;
  readonly asked: ReadonlySet<AskedRun>;
  /** Every change came while a run was going on. */
  readonly isOwn: boolean;
  /** When it may start. */
  readonly dueAt: number;
  /** When the first of the changes came, and the longest quiet time that any of them asks for. */
  readonly firstAt: number;
  readonly quietMs: number;
  readonly isInterrupted: boolean;
  /** The run under way does not come to its end because of it. */
  readonly isCut: boolean;
}

/** Runs in a row that their own changes may have started. */
interface Chain {
  readonly length: number;
  /** Files that changed in each of them, at about the same time of it. */
  readonly files: ReadonlyMap<string, Span>;
  /** Runs in a row that changes have cut short. */
  readonly cuts: number;
}

/** When a file changed, in milliseconds from the starts of the runs: the earliest and the latest. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What decides when something is run: at most one run goes on and one more waits. */
export interface WatchState {
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  /** When the run under way was started, or the last one. */
  readonly startedAt: number;
  readonly pending: Pending | undefined;
  readonly chain: Chain;
}

export interface WatchStep {
  readonly state: WatchState;
  readonly actions: readonly WatchAction[];
}

/** So many runs in a row that the same file has started are a circle. */
export const SAME_FILE_LIMIT = 5;
/** So many runs in a row that only changes during runs have started are one, whatever the files. */
export const OWN_RUN_LIMIT = 20;

/**
 * A run writes a file about as long after its start as the one before it, people save at any time: how far apart the times
 * may lie, in milliseconds or as a part of the time.
 */
const SAME_TIME_MS = 500;
const SAME_TIME_PART = 0.1;
/** So many runs in a row that were cut short ask for a longer quiet time before the next. */
const CUT_LIMIT = 5;
const CUT_QUIET_MS = 1000;
/** So many quiet times after the first change a run starts, quiet or not: some programs write a file all the time. */
export const PATIENCE = 50;

const NO_CHAIN: Chain = { length: 0, files: new Map(), cuts: 0 };

/** The state while the first run goes on, whose start is time 0. */
export const watchStart: WatchState = {
  isRunning: true,
  isPaused: false,
  startedAt: 0,
  pending: undefined,
  chain: NO_CHAIN,
};

/** Takes what happened and gives what to do. Reads no clock: `at` is milliseconds on one that never goes back. */
export function watchStep(state: WatchState, input: WatchInput): WatchStep {
  switch (input.type) {
    case "changed":
      return settle(withChange(state, input), input.at);
    case "asked":
      return settle(withAsked(state, input), input.at);
    case "elapsed":
      return settle(state, input.at);
    case "idle":
      return settle({ ...state, isRunning: false }, input.at);
    case "cut": {
      const { pending } = state;
      return {
        state: pending === undefined ? state : { ...state, pending: { ...pending, isCut: true } },
        actions: [],
      };
    }
    case "pause":
      return settle({ ...state, isPaused: input.isPaused }, input.at);
  }
}

function withChange(
  state: WatchState,
  { files, debounceMs, at }: Extract<WatchInput, { type: "changed" }>,
): WatchState {
  if (files.length === 0) return state;
  const { pending, chain } = state;
  const isHasty = state.isRunning && chain.cuts >= CUT_LIMIT;
  const ownMs = isHasty ? Math.max(debounceMs, CUT_QUIET_MS) : debounceMs;
  const before = pending === undefined || pending.files.size === 0 ? undefined : pending;
  const firstAt = before?.firstAt ?? at;
  const quietMs = Math.max(ownMs, before?.quietMs ?? 0);
  return {
    ...state,
    pending: {
      files: withNew(pending?.files, files, at - state.startedAt),
      asked: pending?.asked ?? new Set(),
      isOwn: state.isRunning && (pending?.isOwn ?? true),
      dueAt: Math.min(Math.max(at + ownMs, before?.dueAt ?? at), firstAt + PATIENCE * quietMs),
      firstAt,
      quietMs,
      isInterrupted: false,
      isCut: pending?.isCut ?? false,
    },
  };
}

/** Files that were known keep their time. */
function withNew(
  known: Pending["files"] | undefined,
  files: readonly string[],
  sinceStart: number,
): Pending["files"] {
  const all = new Map(known);
  for (const file of files) if (!all.has(file)) all.set(file, sinceStart);
  return all;
}

function withAsked(state: WatchState, { what, at }: Extract<WatchInput, { type: "asked" }>): WatchState {
  const { pending } = state;
  return {
    ...state,
    pending: {
      files: pending?.files ?? new Map(),
      asked: new Set([...(pending?.asked ?? []), what]),
      isOwn: false,
      dueAt: at,
      firstAt: pending?.firstAt ?? at,
      quietMs: pending?.quietMs ?? 0,
      isInterrupted: pending?.isInterrupted ?? false,
      isCut: pending?.isCut ?? false,
    },
  };
}

/** Does what is due. Whoever asks by hand is served also while changes are not followed. */
function settle(state: WatchState, at: number): WatchStep {
  const { pending } = state;
  if (pending === undefined || (state.isPaused && pending.asked.size === 0)) return { state, actions: [] };
  if (at < pending.dueAt) return { state, actions: [{ type: "wait", ms: pending.dueAt - at }] };
  const work: WatchWork = { files: [...pending.files.keys()], asked: [...pending.asked] };
  if (state.isRunning) {
    if (pending.isInterrupted) return { state, actions: [] };
    return {
      state: { ...state, pending: { ...pending, isInterrupted: true } },
      actions: [{ type: "interrupt", work }],
    };
  }
  return start({ ...state, startedAt: at }, pending, work);
}

function start(state: WatchState, pending: Pending, work: WatchWork): WatchStep {
  const chain = lengthened(state.chain, pending);
  const looping =
    chain.length >= OWN_RUN_LIMIT
      ? pending.files
      : chain.length >= SAME_FILE_LIMIT
        ? chain.files
        : NO_CHAIN.files;
  if (looping.size === 0)
    return {
      state: { ...state, isRunning: true, pending: undefined, chain },
      actions: [{ type: "start", work }],
    };
  const loop: WatchAction = { type: "loop", files: [...looping.keys()] };
  const left = work.files.filter((file) => !looping.has(file));
  const rest = { ...state, pending: undefined, chain: NO_CHAIN };
  if (left.length === 0) return { state: rest, actions: [loop] };
  return {
    state: { ...rest, isRunning: true },
    actions: [loop, { type: "start", work: { ...work, files: left } }],
  };
}

function lengthened({ length, files, cuts }: Chain, pending: Pending): Chain {
  if (!pending.isOwn) return NO_CHAIN;
  // It has been stopped, and must be started again whoever has written the files.
  if (pending.isCut) return { ...NO_CHAIN, cuts: cuts + 1 };
  const same = new Map<string, Span>();
  for (const [file, at] of pending.files) {
    const span = length === 0 ? { from: at, to: at } : widened(files.get(file), at);
    if (span !== undefined) same.set(file, span);
  }
  return { length: length + 1, files: same, cuts: 0 };
}

function widened(span: Span | undefined, at: number): Span | undefined {
  if (span === undefined) return undefined;
  const from = Math.min(span.from, at);
  const to = Math.max(span.to, at);
  return to - from <= Math.max(SAME_TIME_MS, SAME_TIME_PART * to) ? { from, to } : undefined;
}
