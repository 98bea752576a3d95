import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import type { Problems } from "#app/problems";
import { unwrittenFiles } from "#app/unwritten-files";
import { ok } from "#base/result";
import type { Result } from "#base/result";

/** Whether zr accepts the configuration with some files as they would be. */
export async function checkUnwritten(
  texts: ReadonlyMap<string, string>,
  load: LoadOptions,
): Promise<Result<void, Problems>> {
  const loaded = await loadWorkspace(load, unwrittenFiles(texts));
  return loaded.ok ? ok(undefined) : loaded;
}
