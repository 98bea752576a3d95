import { callOperation } from "#app/catalogue/call-operation";
import type { CallSetting } from "#app/catalogue/call-operation";
import { findOperation } from "#app/catalogue/catalogue";

const MOST_RUNS = 20;

/** The last runs of the history, the newest first. */
export async function recentRuns(
  setting: CallSetting,
): Promise<readonly { readonly run: string; readonly what: string }[]> {
  const operation = findOperation("task_history");
  if (operation === undefined) return [];
  const result = await callOperation(operation, { limit: MOST_RUNS }, setting);
  const runs: unknown = result.kind === "answer" ? result.value["runs"] : [];
  // As the output schema of the operation says.
  return (Array.isArray(runs) ? runs : []) as readonly { readonly run: string; readonly what: string }[];
}
