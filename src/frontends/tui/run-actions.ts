import type { InstanceId } from "#core/model/ids";
import { isBad } from "#engine/history/stored-run";
import { chosenItem, isActive, liveRuns, runningParts } from "./item-status";
import { stepOf } from "./state";
import type { ItemStatus, Step, TuiEffect, TuiState } from "./state";
import { itemKey } from "./task-item";
import type { TaskItem } from "./task-item";

const say = (state: TuiState, message: string): Step => stepOf({ ...state, message });

/** Runs the chosen task; one that needs arguments asks for them. */
export function runChosen(state: TuiState): Step {
  const item = chosenItem(state);
  if (item === undefined) return say(state, "there is nothing to run");
  return item.required.length > 0 ? askArguments(state, item) : startRun(state, item, []);
}

/** Runs the chosen task with what it was given the last time. */
export function runAgain(state: TuiState): Step {
  const item = chosenItem(state);
  if (item === undefined) return say(state, "there is nothing to run");
  const words = state.arguments.get(item.key);
  return words === undefined && item.required.length > 0
    ? askArguments(state, item)
    : startRun(state, item, words ?? []);
}

/** Lets the arguments of the chosen task be typed. */
export function runWithArguments(state: TuiState): Step {
  const item = chosenItem(state);
  return item === undefined ? say(state, "there is nothing to run") : askArguments(state, item);
}

function askArguments(state: TuiState, item: TaskItem): Step {
  const refusal = whyNot(state, item);
  if (refusal !== undefined) return say(state, refusal);
  const text = (state.arguments.get(item.key) ?? []).join(" ");
  const message = item.required.length === 0 ? "" : `needs ${item.required.join(", ")}`;
  return stepOf({ ...state, message, input: { kind: "arguments", text } });
}

/** Runs a line of the list. */
export function startRun(state: TuiState, item: TaskItem, words: readonly string[]): Step {
  const refusal = whyNot(state, item);
  if (refusal !== undefined) return say(state, refusal);
  state.arguments.set(item.key, words);
  const starting = new Set([...state.starting, item.key]);
  return stepOf({ ...state, starting, message: "" }, { type: "run", item, words });
}

function whyNot(state: TuiState, { key, name }: TaskItem): string | undefined {
  return isActive(state.statuses.get(key)) || state.starting.has(key)
    ? `${name} is running; x stops it`
    : undefined;
}

/** Stops what the chosen line runs; where that has not begun, the run that it was asked for by. */
export function cancelChosen(state: TuiState): Step {
  const found = activeChoice(state);
  if (typeof found === "string") return say(state, found);
  const { item, status, run } = found;
  const ids = status.isGroup ? [] : runningParts(status);
  if (ids.length > 0)
    return stepOf({ ...state, message: `stopping ${item.name}` }, { type: "stop", run, ids });
  if (state.runs.get(run)?.item !== item.key)
    return say(state, `${item.name} has not begun; X stops everything`);
  return stepOf(
    { ...state, message: `stopping ${item.name}` },
    { type: "interrupt", run, signal: "SIGTERM" },
  );
}

/** Stops every run. */
export function cancelAll(state: TuiState): Step {
  const runs = liveRuns(state);
  if (runs.length === 0) return say(state, "nothing is running");
  return stepOf(
    { ...state, message: "stopping everything" },
    ...runs.map((run) => ({ type: "interrupt", run, signal: "SIGTERM" }) as const),
  );
}

/** Holds what the chosen line runs, or lets it go on. */
export function pauseChosen(state: TuiState): Step {
  const found = activeChoice(state);
  if (typeof found === "string") return say(state, found);
  const { item, status, run } = found;
  const ids = status.isGroup ? runningOf(state, run) : runningParts(status);
  if (ids.length === 0) return say(state, `${item.name} has not begun`);
  const isPaused = !status.isPaused;
  markPaused(state, { run, ids, isPaused });
  state.statuses.set(item.key, { ...(state.statuses.get(item.key) ?? status), isPaused });
  const message = isPaused ? `${item.name} is paused; p lets it go on` : `${item.name} goes on`;
  return stepOf({ ...state, message }, { type: "pause", run, ids, isPaused });
}

/** Runs again what went wrong in the run that has ended last. */
export function retryFailed(state: TuiState): Step {
  const run = state.lastRun === undefined ? undefined : state.runs.get(state.lastRun);
  const record = run?.record;
  const instances = [...(record?.instances.values() ?? [])];
  const hasFailed = instances.some(
    ({ outcome }) => outcome !== undefined && outcome.allowed !== true && isBad(outcome.state),
  );
  if (run === undefined || record === undefined) return say(state, "nothing has been run here yet");
  if (!hasFailed) return say(state, "nothing has failed in the last run");
  const item = state.items.find(({ key }) => key === run.item);
  const refusal = item === undefined ? undefined : whyNot(state, item);
  if (refusal !== undefined) return say(state, refusal);
  const starting = new Set([...state.starting, run.item]);
  return stepOf({ ...state, starting, message: "" }, { type: "retry-failed", run: run.run, record });
}

/** Stops everything, and leaves when it has stopped. */
export function leave(state: TuiState, signal: string | undefined): Step {
  const stopping = liveRuns(state).map(
    (run) => ({ type: "interrupt", run, signal: signal ?? "SIGTERM" }) as const,
  );
  const quit: TuiEffect = { type: "quit", ...(signal === undefined ? {} : { signal }) };
  return stepOf(
    { ...state, isLeaving: true, questions: [], input: undefined, help: undefined },
    ...stopping,
    quit,
  );
}

/** Leaves where nothing runs; else asks first. */
export function askToLeave(state: TuiState): Step {
  const count = liveRuns(state).length + state.starting.size;
  if (count === 0) return leave(state, undefined);
  const text = `stop ${count === 1 ? "the run" : `${count} runs`} that go${count === 1 ? "es" : ""} on, and leave?`;
  return stepOf({ ...state, questions: [{ kind: "quit", text }, ...state.questions] });
}

interface ActiveChoice {
  readonly item: TaskItem;
  readonly status: ItemStatus;
  readonly run: string;
}

function activeChoice(state: TuiState): ActiveChoice | string {
  const item = chosenItem(state);
  if (item === undefined) return "no task is chosen";
  const status = state.statuses.get(item.key);
  if (status?.run === undefined || !isActive(status)) return `${item.name} is not running`;
  return { item, status, run: status.run };
}

/** Every instance of a run that has a process now. */
function runningOf(state: TuiState, run: string): readonly InstanceId[] {
  const instances = state.runs.get(run)?.record?.instances.values() ?? [];
  return [...instances]
    .filter(({ phase }) => phase === "running" || phase === "ready")
    .map(({ planned }) => planned.id);
}

function markPaused(
  state: TuiState,
  {
    run,
    ids,
    isPaused,
  }: { readonly run: string; readonly ids: readonly InstanceId[]; readonly isPaused: boolean },
): void {
  for (const id of ids) {
    const planned = state.runs.get(run)?.record?.instances.get(id)?.planned;
    if (planned === undefined) continue;
    const key = itemKey("task", planned.package, planned.task);
    const status = state.statuses.get(key);
    if (status?.run === run) state.statuses.set(key, { ...status, isPaused });
  }
}
