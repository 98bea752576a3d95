import { startOf } from "#system/process/start-of";
import { fileSystem, operatingSystem } from "#system/runtime-modules";

/** Who owns a run's folder: its process, told apart from a later one with the same number by when it started. */
interface Owner {
  readonly pid: number;
  readonly started: string;
}

const OWNER_NAME = "owner.json";

/** Makes a run's folder and says who owns it. A place that can't be written to is replaced by one among the temporary files. */
export async function makeRunFolder(path: string): Promise<string> {
  const owner: Owner = { pid: process.pid, started: await startOf(process.pid) };
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
      if (!isDenied(error)) throw error;
    }
  }
  throw new Error(
    `no place for temporary files: ${path} and ${operatingSystem().tmpdir()} can't be written to`,
  );
}

/** Nothing below `.zr` is anybody's source: a folder that says so itself needs no line in the user's own ignore file. */
async function ignoreInGit(state: string): Promise<void> {
  try {
    await fileSystem().writeFile(`${state}/.gitignore`, "*\n", { flag: "wx" });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

/** Writes a file that only this user may read and run. */
export async function writePrivateFile(path: string, text: string): Promise<string> {
  await fileSystem().writeFile(path, text, { mode: 0o700, flag: "wx" });
  await fileSystem().chmod(path, 0o700);
  return path;
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
    if (hasCode(error, "ENOENT") || isDenied(error)) return;
    throw error;
  }
  await Promise.all(
    names.map(async (name) => {
      const owner = await readOwner(`${runs}/${name}`);
      const isDead = owner !== undefined && (await startOf(owner.pid)) !== owner.started;
      if (isDead) await removeFolder(`${runs}/${name}`).catch(() => undefined);
    }),
  );
}

async function readOwner(folder: string): Promise<Owner | undefined> {
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

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

const isDenied = (error: unknown): boolean =>
  ["EACCES", "EPERM", "EROFS", "ENOTDIR"].some((code) => hasCode(error, code));
