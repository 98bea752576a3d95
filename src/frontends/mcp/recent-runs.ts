import type { CallSetting } from "#app/catalogue/call-operation";
import { operationValue } from "./operation-value";

const MOST_RUNS = 20;

/** The last runs of the history, the newest first. */
export async function recentRuns(
  setting: CallSetting,
): Promise<readonly { readonly run: string; readonly what: string }[]> {
  const runs = (await operationValue("task_history", { limit: MOST_RUNS }, setting))?.["runs"];
  // As the output schema of the operation says.
  return (Array.isArray(runs) ? runs : []) as readonly { readonly run: string; readonly what: string }[];
}
