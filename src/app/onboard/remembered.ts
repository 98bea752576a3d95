import { relativeTo } from "#base/path";
import type { SetupState } from "#engine/onboard/setup-state";
import { fileDigest, textsDigest } from "#system/fs/file-digest";
import { pathExists } from "#system/fs/path-exists";
import { globFiles } from "#system/fs/read-text";

/** What a unit depends on. */
export interface UnitInputs {
  /** Where the globs start; absolute. */
  readonly dir: string;
  readonly globs: readonly string[];
  /** What else counts: commands, versions. */
  readonly facts: readonly string[];
}

/** One digest of everything that a unit depends on. */
async function inputsDigest({ dir, globs, facts }: UnitInputs): Promise<string> {
  const found = await Promise.all(globs.map((glob) => globFiles(glob, dir)));
  const paths = [...new Set(found.flat())].sort();
  const digests = await Promise.all(
    paths.map(async (path) => `${relativeTo(dir, path)}\0${(await fileDigest(path)) ?? ""}`),
  );
  return textsDigest([...facts, "files", ...digests]);
}

/** Whether a unit was done with the same inputs, and what it made is still there. */
export async function isRemembered(state: SetupState, id: string, inputs: UnitInputs): Promise<boolean> {
  const done = state.get(id);
  if (done === undefined) return false;
  const made = await Promise.all(done.made.map(pathExists));
  return made.every((isThere) => isThere) && done.digest === (await inputsDigest(inputs));
}

/** Remembers a unit as done. Its inputs are looked at anew: an installation may have written its lock file. */
export async function remember(
  state: SetupState,
  id: string,
  { inputs, makes }: { readonly inputs: UnitInputs; readonly makes: readonly string[] },
): Promise<void> {
  const there = await Promise.all(makes.map(async (path) => ((await pathExists(path)) ? [path] : [])));
  // A setup that can't be remembered is done again the next time.
  await state.set(id, { digest: await inputsDigest(inputs), made: there.flat() });
}
