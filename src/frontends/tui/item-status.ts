import type { InstanceId } from "#core/model/ids";
import type { InstanceState } from "#core/model/outcome";
import { isBad } from "#engine/history/stored-run";
import { LogBuffer } from "./log-buffer";
import type { ItemStatus, PartStatus, TuiState } from "./state";
import { filterItems } from "./task-item";
import type { TaskItem } from "./task-item";

/** What a task with several instances is in is what the first of these is in. */
const PHASES = ["running", "ready", "waiting", "queued", "planned"] as const;
/** Of the ends the worst is told. */
const WORST: readonly InstanceState[] = [
  "failed",
  "timed_out",
  "blocked",
  "canceled",
  "success",
  "cached",
  "skipped",
];

export const newStatus = (run: string | undefined, isGroup: boolean): ItemStatus => ({
  run,
  parts: new Map(),
  phase: "planned",
  state: undefined,
  isPaused: false,
  startedMs: undefined,
  durationMs: undefined,
  log: new LogBuffer(),
  isGroup,
});

/** The status after one of its instances has got on. */
export function withPart(status: ItemStatus, id: InstanceId, part: PartStatus): ItemStatus {
  // The newest status owns the map.
  const parts = status.parts as Map<InstanceId, PartStatus>;
  parts.set(id, part);
  const all = [...parts.values()];
  const phase = PHASES.find((known) => all.some((one) => one.phase === known)) ?? "finished";
  const state =
    phase === "finished"
      ? WORST.find((known) => all.some(({ outcome }) => outcome?.state === known))
      : undefined;
  return { ...status, parts, phase, state, isPaused: status.isPaused && phase !== "finished" };
}

/** Whether something of it goes on. */
export const isActive = (status: ItemStatus | undefined): boolean =>
  status !== undefined && status.run !== undefined && status.phase !== "finished";

/** Its instances that have a process now. */
export const runningParts = ({ parts }: ItemStatus): readonly InstanceId[] =>
  [...parts].filter(([, { phase }]) => phase === "running" || phase === "ready").map(([id]) => id);

/** Whether it went wrong the last time. */
export const hasFailed = (status: ItemStatus | undefined): boolean =>
  status?.state !== undefined && isBad(status.state);

/** The lines of the list as they are shown now. */
export function shownItems({ items, filter, failedOnly, statuses, starting }: TuiState): readonly TaskItem[] {
  const shown = filterItems(items, filter);
  if (!failedOnly) return shown;
  // What is run again stays where it is.
  return shown.filter(({ key }) => {
    const status = statuses.get(key);
    return hasFailed(status) || isActive(status) || starting.has(key);
  });
}

export const chosenItem = (state: TuiState): TaskItem | undefined =>
  state.items.find(({ key }) => key === state.cursor);

/** Runs that are not over. */
export const liveRuns = ({ runs }: TuiState): readonly string[] =>
  [...runs.values()].filter(({ isOver }) => !isOver).map(({ run }) => run);
