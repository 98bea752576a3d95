import { wallMs } from "#system/clock/clock";
import { isAlive, thisProcess } from "#system/process/process-identity";
import { fileSystem } from "#system/runtime-modules";

/** Somebody who waits. */
export interface Waiter {
  readonly pid: number;
  /** What it says of itself. */
  readonly note: string;
}

/** A place in a line of processes. */
export interface PlaceInLine {
  /** Who waits longer, the first one first. */
  readonly ahead: () => Promise<readonly Waiter[]>;
  readonly leave: () => Promise<void>;
}

/**
 * Takes the last place in a line that is a folder with a file for each who waits. The place of a process that has died
 * is nobody's, and is removed by whoever comes upon it.
 *
 * @param folder absolute; made where it is not there.
 * @param note what is said to those behind: letters, digits and `-` only.
 * @returns undefined where the system does not let the file be made.
 */
export async function joinLine(folder: string, note: string): Promise<PlaceInLine | undefined> {
  const { mkdir, rename, rm, writeFile } = fileSystem();
  const { pid, started } = await thisProcess();
  const name = `${String(wallMs()).padStart(WIDTH, "0")}-${pid}-${note}`;
  const path = `${folder}/${name}`;
  const leave = (): Promise<void> => rm(path, { force: true }).catch(() => undefined);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Whole from the moment it has its name.
    await writeFile(`${folder}/.${name}`, started, { mode: 0o600 });
    await rename(`${folder}/.${name}`, path);
  } catch {
    await rm(`${folder}/.${name}`, { force: true }).catch(() => undefined);
    return undefined;
  }
  return { ahead: () => waitersBefore(folder, name), leave };
}

/** Digits of a time in milliseconds for as long as anybody will care. */
const WIDTH = 15;

const NAME = /^\d{15}-(\d+)-([A-Za-z0-9-]+)$/;

async function waitersBefore(folder: string, own: string): Promise<readonly Waiter[]> {
  const { readdir, readFile, rm } = fileSystem();
  const names = await readdir(folder).catch(() => []);
  const found: Waiter[] = [];
  for (const name of names.filter((other) => other < own).sort()) {
    const [, pid, note = ""] = NAME.exec(name) ?? [];
    if (pid === undefined) continue;
    const started = await readFile(`${folder}/${name}`, "utf8").catch(() => undefined);
    // Gone meanwhile: it has had its turn.
    if (started === undefined) continue;
    if (await isAlive({ pid: Number(pid), started })) found.push({ pid: Number(pid), note });
    else await rm(`${folder}/${name}`, { force: true }).catch(() => undefined);
  }
  return found;
}
