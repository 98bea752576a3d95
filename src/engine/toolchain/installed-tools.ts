import { MARKER_NAME, readInstalled } from "#core/toolchain/installed-tool";
import type { InstalledTool } from "#core/toolchain/installed-tool";
import { readSmallJson } from "#system/fs/read-small";
import { writeFileAtomically } from "#system/fs/write-file";
import type { Result } from "#base/result";

/** What is installed in a folder, with the folder that its paths start from; undefined where nothing is, or not whole. */
export async function installedAt(
  folder: string,
): Promise<(InstalledTool & { readonly home: string }) | undefined> {
  const installed = readInstalled(await readSmallJson(`${folder}/${MARKER_NAME}`));
  return installed === undefined ? undefined : { ...installed, home: installed.home ?? folder };
}

/** Says that a folder holds an installation, now that it does. */
export const markInstalled = (folder: string, installed: InstalledTool): Promise<Result<void, string>> =>
  writeFileAtomically(`${folder}/${MARKER_NAME}`, `${JSON.stringify(installed)}\n`);
