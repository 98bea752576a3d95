import { resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { readHistory } from "#app/history";
import type { Problems } from "#app/problems";
import { listRuns } from "#engine/history/queries";
import { unknownTask } from "./unknown-task";

/**
 * The problem E160 where a name asked of the history is neither a task of the workspace nor one that was ever run: an
 * empty answer would look as if the task had no past. Nothing where no name is asked for.
 */
export async function unknownPastTask(
  workspace: Workspace,
  name: string | undefined,
): Promise<Problems | undefined> {
  if (name === undefined) return undefined;
  // `test[os=linux]` is a combination of the task `test`.
  const task = name.replace(/\[.*\]$/s, "");
  if (resolveReference(workspace, { pkg: workspace.current }, task).length > 0) return undefined;
  const { value = [] } = await readHistory(workspace, (database) =>
    listRuns(database, { task: name, labels: [], limit: 1 }),
  );
  return value.length > 0 ? undefined : unknownTask(name, workspace);
}
