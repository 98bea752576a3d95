import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { isAlive, thisProcess } from "#system/process/process-identity";
import type { ProcessIdentity } from "#system/process/process-identity";
import { fileSystem, operatingSystem } from "#system/runtime-modules";
import { ignoreInGit } from "./ignore-in-git";
import { systemReason } from "./system-reason";

/** Says whose a run's folder is: what a process has left that is gone is removed. */
const OWNER_NAME = "owner.json";

/**
 * Makes a run's folder and says who owns it. A place that can't be written to, as on a full disk, is replaced by one
 * among the temporary files.
 *
 * @returns the folder's path, or undefined where none of the two can be written to.
 */
export async function makeRunFolder(path: string): Promise<string | undefined> {
  const owner = await thisProcess();
  for (const place of [
    path,
    `${operatingSystem().tmpdir()}/zr-run-${process.pid}-${path.slice(path.lastIndexOf("/") + 1)}`,
  ]) {
    try {
      await fileSystem().mkdir(place, { recursive: true, mode: 0o700 });
      if (place === path) await ignoreInGit(path.slice(0, path.lastIndexOf("/run/")));
      await fileSystem().writeFile(`${place}/${OWNER_NAME}`, JSON.stringify(owner));
      return place;
    } catch (error) {
      await removeUnowned(place);
      if (!isSystemError(error)) throw error;
    }
  }
  return undefined;
}

/** A folder without an owner would be nobody's to remove. What somebody has put into it meanwhile stays. */
async function removeUnowned(place: string): Promise<void> {
  await fileSystem()
    .rm(`${place}/${OWNER_NAME}`, { force: true })
    .then(() => fileSystem().rmdir(place))
    .catch(() => undefined);
}

/**
 * Writes a file that only this user may read and run, whole or not at all.
 *
 * @returns the reason as the system says it where it can't be written.
 */
export async function writePrivateFile(path: string, text: string): Promise<Result<void, string>> {
  try {
    await fileSystem().writeFile(path, text, { mode: 0o700, flag: "wx" });
    await fileSystem().chmod(path, 0o700);
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code !== "EEXIST") await fileSystem().rm(path, { force: true });
    return err(systemReason(error));
  }
}

export async function removeFolder(path: string): Promise<void> {
  await fileSystem().rm(path, { recursive: true, force: true });
}

/** Removes the folders of runs whose process is gone. Never fails: it is nobody's errand. */
export async function removeDeadRuns(runs: string): Promise<void> {
  let names: string[];
  try {
    names = await fileSystem().readdir(runs);
  } catch (error) {
    if (isSystemError(error)) return;
    throw error;
  }
  await Promise.all(
    names.map(async (name) => {
      const owner = await readOwner(`${runs}/${name}`);
      const isDead = owner !== undefined && !(await isAlive(owner));
      if (isDead) await removeFolder(`${runs}/${name}`).catch(() => undefined);
    }),
  );
}

async function readOwner(folder: string): Promise<ProcessIdentity | undefined> {
  try {
    const value: unknown = JSON.parse(await fileSystem().readFile(`${folder}/${OWNER_NAME}`, "utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || !("started" in value))
      return undefined;
    return { pid: Number(value.pid), started: String(value.started) };
  } catch {
    // Being made or being removed at this moment, by a run that is alive.
    return undefined;
  }
}

const isSystemError = (error: unknown): boolean => error instanceof Error && "code" in error;
