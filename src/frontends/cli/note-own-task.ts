import { loadWorkspace } from "#app/load-workspace";
import { findTask } from "#core/workspace/references";
import { print } from "#system/stdio/print";
import type { Session } from "./session";

/** Says on stderr how the task of a command's name is run, where the folder has one. */
export async function noteOwnTask(name: string, { load }: Session): Promise<void> {
  const loaded = await loadWorkspace(load);
  if (!loaded.ok || findTask(loaded.value.workspace.current, name) === undefined) return;
  await print(
    "stderr",
    `zr: that was zr's own '${name}'; your task of this name is run by: zr run ${name}\n`,
  );
}
