import { print } from "#system/stdio/print";
import type { HistoryFolder } from "./history-folder";
import { namesIn } from "./ingest";
import { updateHistory } from "./open-history";
import type { RetentionLimits } from "./retention";

/** Brings records into the database where more than `most` of them wait. Says only when it has lost a database. */
export async function ingestAfterRun(
  folder: HistoryFolder,
  limits: RetentionLimits,
  most: number,
): Promise<void> {
  try {
    if ((await namesIn(folder.inbox)).length <= most) return;
  } catch {
    // A place without a history; a command that reads it says why.
    return;
  }
  for (const warning of await updateHistory(folder, limits))
    if (warning.kind === "moved-aside")
      await print(
        "stderr",
        `zr: the history was damaged and is begun anew; the old one is ${warning.path}\n`,
      );
}
