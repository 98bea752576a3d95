import { parseDuration } from "#base/duration";
import { parseSize } from "#base/size";
import type { Workspace } from "#core/workspace/workspace";

/** How much of the past is kept. */
export interface Retention {
  /** Runs. */
  readonly keep: number;
  readonly maxAgeMs: number;
  /** Of all logs together, in bytes. */
  readonly maxSize: number;
}

const DEFAULTS = { keep: 200, maxAge: "30d", maxSize: "1GB", logMax: "50MB" } as const;

/** The last word of the files that the current package follows. */
export const isHistoryOn = (workspace: Workspace): boolean => tableOf(workspace)?.enabled !== false;

export function retentionOf(workspace: Workspace): Retention {
  const table = tableOf(workspace);
  return {
    keep: table?.keep ?? DEFAULTS.keep,
    maxAgeMs: parseDuration(table?.max_age ?? DEFAULTS.maxAge) ?? 0,
    maxSize: parseSize(table?.max_size ?? DEFAULTS.maxSize) ?? 0,
  };
}

/** Most bytes of one task's log. */
export const logMaxOf = (workspace: Workspace): number =>
  parseSize(workspace.current.config.global.log_max ?? DEFAULTS.logMax) ?? 0;

type HistoryTable = NonNullable<Workspace["current"]["config"]["files"][number]["document"]["history"]>;

/** A package's files are the root's and its own, lowest first. */
function tableOf(workspace: Workspace): HistoryTable | undefined {
  let merged: HistoryTable | undefined;
  for (const { document } of workspace.current.config.files)
    if (document.history !== undefined)
      merged = merged === undefined ? document.history : Object.assign({}, merged, document.history);
  return merged;
}
