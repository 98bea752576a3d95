import { readHistory } from "#app/history";
import type { Workspace } from "#core/workspace/workspace";
import { summarizeRuns } from "#engine/history/queries";
import { commandLineOf } from "#frontends/output/history-text";
import type { Candidate } from "./completion-source";

/** So many can be told apart at a glance. */
const SHOWN = 20;

/** The newest runs of the history by their ids, each with its command line; none where there is no history. */
export async function knownRuns(workspace: Workspace): Promise<readonly Candidate[]> {
  const { value = [] } = await readHistory(workspace, (database) =>
    summarizeRuns(database, { labels: [], limit: SHOWN }),
  );
  return value.map(({ run }) => ({ value: run.run, description: commandLineOf(run) }));
}
