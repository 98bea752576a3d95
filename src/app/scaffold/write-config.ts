import { checkUnwritten } from "./check-unwritten";
import type { LoadOptions } from "#app/load-workspace";
import type { OpenConfig } from "#app/open-config";
import { refused, type Problems } from "#app/problems";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { writeFileAtomically } from "#system/fs/write-file";

/** Writes a changed configuration, but only one that zr itself accepts with everything around it. */
export async function writeConfig(
  changed: OpenConfig,
  { load, dryRun }: { readonly load: LoadOptions; readonly dryRun: boolean },
): Promise<Result<void, Problems>> {
  const checked = await checkUnwritten(new Map([[changed.path, changed.text]]), load);
  if (!checked.ok) return checked;
  if (dryRun) return ok(undefined);
  const written = await writeFileAtomically(changed.path, changed.text);
  return written.ok ? ok(undefined) : refused("E190", { path: changed.path, reason: written.error });
}
