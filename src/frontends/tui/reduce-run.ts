import { formatDuration } from "#base/duration";
import type { PlannedInstance, RunEvent } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { wasCalledFor } from "#core/model/outcome";
import { reduceRun } from "#core/model/record";
import { isBad } from "#engine/history/stored-run";
import { plainLook } from "#frontends/output/look";
import { outcomeText } from "#frontends/output/outcome-text";
import { isActive, newStatus, withPart } from "./item-status";
import { LogBuffer } from "./log-buffer";
import type { ItemStatus, PartStatus, PastEnd, RunView, TuiState } from "./state";
import { itemKey } from "./task-item";
import type { TaskItem } from "./task-item";

/** By this part the status of a workflow tells of its run: it has no instance of its own. */
const WHOLE = "" as InstanceId; // No instance is called nothing.

/** Runs that are kept with all that they printed. */
const MOST_RUNS = 30;

/** The state after a run was started for a line of the list. */
export function acceptRun(
  state: TuiState,
  { run, item, nowMs }: { readonly run: string; readonly item: string; readonly nowMs: number },
): TuiState {
  const view: RunView = {
    run,
    item,
    record: undefined,
    startedMs: nowMs,
    isOver: false,
    log: new LogBuffer(),
  };
  state.runs.set(run, view);
  forgetOldRuns(state);
  if (item.startsWith("workflow\0")) {
    const status = withPart(newStatus(run, true), WHOLE, { phase: "running" });
    state.statuses.set(item, { ...status, startedMs: nowMs });
  }
  return state;
}

/** A screen may be open for days: of the runs that are over only the last are kept. */
function forgetOldRuns({ runs }: TuiState): void {
  let surplus = runs.size - MOST_RUNS;
  for (const { run, isOver } of runs.values()) {
    if (surplus <= 0) return;
    if (!isOver) continue;
    runs.delete(run);
    surplus -= 1;
  }
}

/** The state after a run could not be started: the reason is what the log of its line shows. */
export function refuseRun(
  state: TuiState,
  { item, lines }: { readonly item: string; readonly lines: readonly string[] },
): TuiState {
  const status = { ...newStatus(undefined, false), state: "failed", phase: "finished" } as const;
  for (const line of lines) status.log.say(line);
  state.statuses.set(item, status);
  return state;
}

/** The state after an event of one of its runs. */
export function takeRunEvent(state: TuiState, event: RunEvent, nowMs: number): TuiState {
  const before = state.runs.get(event.run);
  if (before === undefined) return state;
  const view: RunView =
    event.type === "instance.output" ? before : { ...before, record: reduceRun(before.record, event) };
  state.runs.set(event.run, view);
  switch (event.type) {
    case "run.planned":
      for (const planned of event.instances) plan(state, view, planned);
      return state;
    case "instance.output":
      output(state, view, event);
      return state;
    case "instance.queued":
      getOn(state, view, { id: event.id, part: { phase: "queued" } });
      return state;
    case "instance.started": {
      const next = withHiddenItem(state, view, event.id);
      getOn(next, view, { id: event.id, part: { phase: "running" }, startedMs: nowMs });
      return next;
    }
    case "instance.ready":
      getOn(state, view, { id: event.id, part: { phase: "ready" } });
      return state;
    case "instance.attempt-finished":
      getOn(state, view, { id: event.id, part: { phase: "waiting" } });
      return state;
    case "instance.finished":
      finished(state, view, event);
      return state;
    case "stage.started":
      view.log.say(`${symbolsOf(state).stage} ${event.stage}`);
      return state;
    case "stage.finished":
      if (event.why !== undefined) view.log.say(`${event.stage}: ${event.why}`);
      return state;
    case "note":
      view.log.say(event.text);
      return { ...state, message: event.level === "warn" ? event.text : state.message };
    case "run.finished":
      return runFinished(state, view, event);
    default:
      return state;
  }
}

/** What is known of tasks from before this program. */
export function takePastEnds(state: TuiState, ends: readonly PastEnd[]): TuiState {
  for (const { item, id, outcome, durationMs } of ends) {
    const known = state.statuses.get(item);
    if (known?.run !== undefined) continue;
    const status = withPart(known ?? newStatus(undefined, false), id, { phase: "finished", outcome });
    state.statuses.set(item, { ...status, durationMs: Math.max(durationMs, known?.durationMs ?? 0) });
  }
  return { ...state };
}

const symbolsOf = ({ hasUnicode }: TuiState) => plainLook(hasUnicode).symbols;

const keyOf = ({ package: pkg, task }: PlannedInstance): string => itemKey("task", pkg, task);

function plan(state: TuiState, { run }: RunView, planned: PlannedInstance): void {
  const key = keyOf(planned);
  const known = state.statuses.get(key);
  // What goes on in another run is told of until it has ended there.
  if (isActive(known) && known?.run !== run) return;
  const status = known?.run === run ? known : newStatus(run, planned.group);
  state.statuses.set(key, withPart(status, planned.id, { phase: "planned" }));
}

const plannedOf = ({ record }: RunView, id: InstanceId): PlannedInstance | undefined =>
  record?.instances.get(id)?.planned;

/** The status of a task, where this run is the one that it tells of. */
function statusOf(state: TuiState, view: RunView, id: InstanceId): [string, ItemStatus] | undefined {
  const planned = plannedOf(view, id);
  if (planned === undefined) return undefined;
  const key = keyOf(planned);
  const status = state.statuses.get(key);
  return status === undefined || status.run !== view.run ? undefined : [key, status];
}

interface Progress {
  readonly id: InstanceId;
  readonly part: PartStatus;
  readonly startedMs?: number;
}

function getOn(state: TuiState, view: RunView, { id, part, startedMs }: Progress): void {
  const found = statusOf(state, view, id);
  if (found === undefined) return;
  const [key, status] = found;
  state.statuses.set(key, { ...withPart(status, id, part), startedMs: status.startedMs ?? startedMs });
}

/** Tasks that no listing shows are shown from when they run. */
function withHiddenItem(state: TuiState, view: RunView, id: InstanceId): TuiState {
  const planned = plannedOf(view, id);
  if (planned === undefined) return state;
  const key = keyOf(planned);
  if (state.items.some((item) => item.key === key)) return state;
  const item: TaskItem = {
    key,
    kind: "task",
    name: planned.label.replace(/\[.*$/, ""),
    description: "",
    tags: planned.tags,
    required: [],
  };
  return { ...state, items: [...state.items, item] };
}

function output(
  state: TuiState,
  view: RunView,
  { id, stream, text }: Extract<RunEvent, { readonly type: "instance.output" }>,
): void {
  const source = `${stream}\0${id}`;
  const label = plannedOf(view, id)?.label ?? id;
  const prefix = `${label} ${symbolsOf(state).bar} `;
  view.log.append(source, text, prefix);
  const status = statusOf(state, view, id)?.[1];
  status?.log.append(source, text, status.parts.size > 1 ? prefix : "");
}

function finished(
  state: TuiState,
  view: RunView,
  event: Extract<RunEvent, { readonly type: "instance.finished" }>,
): void {
  const { id, outcome, durationMs } = event;
  getOn(state, view, { id, part: { phase: "finished", outcome } });
  const found = statusOf(state, view, id);
  if (found !== undefined) {
    const [key, status] = found;
    state.statuses.set(key, { ...status, durationMs: Math.max(status.durationMs ?? 0, durationMs) });
  }
  if (!wasCalledFor(outcome)) return;
  const label = plannedOf(view, id)?.label ?? id;
  const time = durationMs > 0 ? ` (${formatDuration(durationMs)})` : "";
  const text = `${symbolsOf(state).state[outcome.state]} ${label} ${outcomeText(outcome)}${time}`;
  found?.[1].log.say(text);
  view.log.say(text);
}

function runFinished(
  state: TuiState,
  view: RunView,
  { exitCode, durationMs, interrupted }: Extract<RunEvent, { readonly type: "run.finished" }>,
): TuiState {
  const over = { ...view, isOver: true };
  state.runs.set(view.run, over);
  const status = state.statuses.get(view.item);
  if (status?.parts.has(WHOLE) === true && status.run === view.run) {
    const ending = interrupted !== undefined ? "canceled" : exitCode === 0 ? "success" : "failed";
    const ended = withPart(status, WHOLE, { phase: "finished", outcome: { state: ending } });
    state.statuses.set(view.item, { ...ended, durationMs });
  }
  const name = state.items.find(({ key }) => key === view.item)?.name ?? "";
  const result = interrupted !== undefined ? "was stopped" : exitCode === 0 ? "is done" : failedText(over);
  return { ...state, lastRun: view.run, message: `${name} ${result} after ${formatDuration(durationMs)}` };
}

function failedText({ record }: RunView): string {
  const bad = [...(record?.instances.values() ?? [])].filter(
    ({ outcome }) => outcome !== undefined && isBad(outcome.state) && outcome.allowed !== true,
  );
  const failed = bad.filter(({ outcome }) => outcome?.state === "failed" || outcome?.state === "timed_out");
  if (failed.length === 0) return bad.length > 0 ? "was stopped" : "failed";
  const names = failed.slice(0, 3).map(({ planned }) => planned.label);
  const rest = failed.length - names.length;
  return `failed (${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`;
}
