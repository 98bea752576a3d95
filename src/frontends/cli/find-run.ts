import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { readHistory } from "#app/history";
import { refused, usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { findRun } from "#engine/history/queries";
import type { FoundRun } from "#engine/history/queries";
import type { StoredRun } from "#engine/history/stored-run";
import { sayHistoryWarnings } from "./history-warnings";

/** The run of the history that a word names, or why it names none. */
export async function namedRun(
  workspace: Workspace,
  reference: string,
): Promise<Result<StoredRun, Problems>> {
  const { value, warnings } = await readHistory(workspace, (database) => findRun(database, reference));
  await sayHistoryWarnings(warnings);
  const found = foundRun(value ?? { kind: "empty" }, reference);
  const isTask = value?.kind === "unknown" && isTaskName(workspace, reference);
  return isTask
    ? refused("E400", { name: reference, why: `; see \`zr history --task ${reference}\`` })
    : found;
}

const isTaskName = (workspace: Workspace, name: string): boolean =>
  ["", "*:"].some(
    (where) => resolveReference(workspace, { pkg: workspace.current }, where + name).length > 0,
  );

function foundRun(found: FoundRun, reference: string): Result<StoredRun, Problems> {
  switch (found.kind) {
    case "found":
      return ok(found.run);
    case "empty":
      return err(usageProblem("E400", { name: reference, why: ": it is empty" }));
    case "ambiguous":
      return err(usageProblem("E401", { name: reference }, found.ids.slice(0, 3)));
    case "unknown":
      return err(usageProblem("E400", { name: reference, why: "; see `zr history`" }, found.near));
  }
}
