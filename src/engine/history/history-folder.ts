import type { RunId } from "#core/model/ids";

/** Where the history of a workspace lies. */
export interface HistoryFolder {
  /** Of the workspace, absolute. */
  readonly root: string;
  /** `.zr` of the workspace. */
  readonly state: string;
  readonly database: string;
  /** Everything else; only its owner may look into it. */
  readonly folder: string;
  /** Records that are not in the database yet. */
  readonly inbox: string;
  readonly logs: string;
  readonly durations: string;
}

/** @param root absolute path of the workspace. */
export function historyFolder(root: string): HistoryFolder {
  const state = `${root}/.zr`;
  const folder = `${state}/history`;
  return {
    root,
    state,
    database: `${state}/history.db`,
    folder,
    inbox: `${folder}/inbox`,
    logs: `${folder}/logs`,
    durations: `${folder}/durations.json`,
  };
}

export const recordPath = ({ inbox }: HistoryFolder, run: RunId): string => `${inbox}/${run}.run`;

export const logFolder = ({ logs }: HistoryFolder, run: RunId): string => `${logs}/${run}`;

/** The empty file in a run's folder of logs that says, by a process number at its end, who writes there. */
export const OWNER_PREFIX = "owner.";
