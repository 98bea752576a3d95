import { runSettings } from "#core/config/run-settings";
import type { Workspace } from "#core/workspace/workspace";
import { historyFolder } from "#engine/history/history-folder";
import type { HistoryFolder } from "#engine/history/history-folder";
import { openHistory, replaceDatabase } from "#engine/history/open-history";
import type { HistoryWarning } from "#engine/history/open-history";
import { SqliteFailure } from "#system/sqlite/database";
import type { SqlDatabase } from "#system/sqlite/database";
import { retentionOf } from "./history-settings";

/** What was read from the history of a workspace, and what was not as it should be. */
export interface HistoryRead<T> {
  /** Undefined where there is no history. */
  readonly value: T | undefined;
  readonly warnings: readonly HistoryWarning[];
}

/** Reads from the history of a workspace, with everything that was recorded so far in it. */
export async function readHistory<T>(
  workspace: Workspace,
  read: (database: SqlDatabase, folder: HistoryFolder) => T,
): Promise<HistoryRead<T>> {
  const folder = historyFolder(workspace.root);
  const { database, warnings } = await openHistory(
    folder,
    retentionOf(runSettings(workspace.current.config)),
  );
  if (database === undefined) return { value: undefined, warnings };
  try {
    return { value: read(database, folder), warnings };
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
    const more =
      error.kind === "corrupt"
        ? await replaceDatabase(folder, error.message)
        : { kind: "unwritable" as const, reason: error.message };
    return { value: undefined, warnings: [...warnings, more] };
  } finally {
    database.close();
  }
}
