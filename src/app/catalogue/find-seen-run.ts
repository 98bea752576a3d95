import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { historyFolder } from "#engine/history/history-folder";
import type { HistoryFolder } from "#engine/history/history-folder";
import { readLog } from "#engine/history/log-files";
import { findRun } from "#engine/history/queries";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import { wallMs } from "#system/clock/clock";
import { readHistory } from "#app/history";
import { LogExcerpt } from "#app/log-excerpt";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { OperationContext } from "./operation";
import { seenDeskRun, seenStoredRun } from "./run-answer";
import type { SeenRun } from "./run-answer";
import { load } from "./workspace-load";

/** A run that was found, and the way to its logs. */
export interface FoundSeenRun {
  readonly seen: SeenRun;
  readonly stored?: StoredRun;
  readonly folder: HistoryFolder;
}

/** The run that a word names: of the history, or one in progress that this program has started. */
export async function findSeenRun(
  reference: string,
  context: OperationContext,
): Promise<Result<FoundSeenRun, Problems>> {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const folder = historyFolder(workspace.root);
  const onDesk = context.runs.find(reference);
  if (onDesk !== undefined && onDesk.record?.exitCode === undefined)
    return ok({ seen: seenDeskRun(onDesk, wallMs()), folder });
  const { value } = await readHistory(workspace, (database) => findRun(database, onDesk?.id ?? reference));
  if (value?.kind === "found") {
    const stored = value.run;
    const seen = seenStoredRun(stored, (instance) => excerptOf(folder, stored, instance));
    return ok({ seen, stored, folder });
  }
  // Where no history is kept.
  const remembered = onDesk ?? (reference === "last" ? context.runs.newest : undefined);
  if (remembered !== undefined) return ok({ seen: seenDeskRun(remembered, wallMs()), folder });
  switch (value?.kind) {
    case "ambiguous":
      return err(usageProblem("E401", { name: reference }, value.ids.slice(0, 3)));
    case "unknown":
      return err(usageProblem("E400", { name: reference, why: "; see task_history" }, value.near));
    default:
      return err(usageProblem("E400", { name: reference, why: ": the history is empty" }));
  }
}

/** A kept log, as far as an answer needs it; undefined where it is not kept any more. */
async function excerptOf(
  folder: HistoryFolder,
  { run }: StoredRun,
  { log }: StoredInstance,
): Promise<LogExcerpt | undefined> {
  if (log === undefined) return undefined;
  const excerpt = new LogExcerpt();
  try {
    for await (const bytes of readLog(folder, run, log)) excerpt.append(bytes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
  return excerpt;
}
