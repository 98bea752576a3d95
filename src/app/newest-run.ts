import type { Workspace } from "#core/workspace/workspace";
import { listRuns } from "#engine/history/queries";
import type { StoredRun } from "#engine/history/stored-run";
import { readHistory } from "#app/history";

/** Where a task was skipped more often than this since it last printed something, nobody means that. */
const LOOKED_AT = 20;

/**
 * The newest run in which a task took part, by its name or an instance's: of the latest ones the newest in which it
 * printed something. Undefined where it is in none.
 */
export async function newestRunOf(workspace: Workspace, task: string): Promise<StoredRun | undefined> {
  const { value = [] } = await readHistory(workspace, (database) =>
    listRuns(database, { task, labels: [], limit: LOOKED_AT }),
  );
  const hasLog = ({ instances }: StoredRun): boolean =>
    instances.some(({ id, task: name, log }) => (id === task || name === task) && log !== undefined);
  return value.find(hasLog) ?? value[0];
}
