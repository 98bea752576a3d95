import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { factsOf } from "#system/cas/file-facts";
import { removeEmptyFolder, removeFile } from "#system/cas/place-output";
import type { OutputPlace } from "./cache-store";
import { collectOutputs } from "./collect-outputs";
import { emptiedFolders } from "./emptied-folders";
import { reasonOf } from "./local-store";

export interface CleanedOutputs {
  /** Absolute. */
  readonly removed: readonly string[];
  readonly bytes: number;
  /** What matches, but was kept. */
  readonly kept: readonly string[];
}

/**
 * Removes what matches `outputs`, and folders in which nothing is left. The error is a sentence's end for people.
 *
 * @param options.isKept whether a file, by its absolute path, is not to be removed whatever the patterns say.
 */
export async function cleanOutputs(
  place: OutputPlace,
  options: { readonly isKept: (path: string) => boolean; readonly isDry: boolean },
): Promise<Result<CleanedOutputs, string>> {
  const found = await collectOutputs(place, { strict: false });
  if (!found.ok) return found;
  const removed: string[] = [];
  const kept: string[] = [];
  const empty: string[] = [];
  let bytes = 0;
  try {
    for (const { absolute, facts } of found.value.outputs.values()) {
      if (options.isKept(absolute)) kept.push(absolute);
      else if (facts.kind === "folder") empty.push(absolute);
      else {
        if (!options.isDry) removeFile(absolute);
        removed.push(absolute);
        bytes += facts.kind === "file" ? facts.size : 0;
      }
    }
    if (!options.isDry)
      for (const path of emptiedFolders([...removed, ...empty], found.value.folders))
        if (path !== place.packageDir && path !== place.root && factsOf(path)?.kind === "folder")
          removeEmptyFolder(path);
  } catch (error) {
    return err(reasonOf(error));
  }
  return ok({ removed, bytes, kept });
}
