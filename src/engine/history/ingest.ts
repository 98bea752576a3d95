import { wallMs } from "#system/clock/clock";
import { fileSize, readBytes } from "#system/fs/plain-file";
import { commitAt } from "#system/git/head-commit";
import { fileSystem } from "#system/runtime-modules";
import { writeLog } from "./log-files";
import type { SqlDatabase } from "#system/sqlite/database";
import { addDurations } from "./durations";
import { logFolder } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import { decodeRecord } from "./record-file";
import type { RecordFile } from "./record-file";
import { PACK_NAME, runStatus } from "./stored-run";
import type { StoredRun } from "./stored-run";

/** A file that is no record after so long was never finished: its run was killed while it wrote it. */
const HALF_WRITTEN_MS = 60_000;

interface Found {
  readonly path: string;
  readonly record: RecordFile | undefined;
}

/**
 * Moves the records of the inbox into the database: all of them or, where something fails, none. A record that is
 * there already is only taken out of the inbox, so two that do this at once do no harm. Throws an `SqliteFailure`, or
 * the system's error where the folder can't be used.
 *
 * @returns how many runs are new.
 */
export async function ingest(database: SqlDatabase, folder: HistoryFolder): Promise<number> {
  const names = await namesIn(folder.inbox);
  if (names.length === 0) return 0;
  // Only one at a time; this waits for another's end.
  database.run("BEGIN IMMEDIATE");
  try {
    const found = await Promise.all(names.map((name) => readRecord(`${folder.inbox}/${name}`)));
    const fresh: StoredRun[] = [];
    for (const { record } of found) {
      if (record === undefined || isKnown(database, record.run)) continue;
      await keepPack(folder, record);
      const run = await withCommit(record.run, folder);
      insertRun(database, run, await bytesOf(logFolder(folder, run.run)));
      fresh.push(run);
    }
    if (fresh.length > 0) await addDurations(folder.durations, fresh);
    database.run("COMMIT");
    const { rm } = fileSystem();
    for (const { path, record } of found)
      if (record !== undefined || (await isOld(path))) await rm(path, { force: true });
    return fresh.length;
  } catch (error) {
    database.run("ROLLBACK");
    throw error;
  }
}

/** Names of the files of a folder, oldest run first; none where it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await fileSystem().readdir(folder)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function readRecord(path: string): Promise<Found> {
  try {
    return { path, record: decodeRecord(await readBytes(path)) };
  } catch {
    // Taken by another zr, or a folder: nothing of ours.
    return { path, record: undefined };
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    const { mtimeMs, isFile } = await statOf(path);
    return isFile && wallMs() - mtimeMs > HALF_WRITTEN_MS;
  } catch {
    return false;
  }
}

async function statOf(path: string): Promise<{ readonly mtimeMs: number; readonly isFile: boolean }> {
  const stat = await fileSystem().stat(path);
  return { mtimeMs: stat.mtimeMs, isFile: stat.isFile() };
}

const isKnown = (database: SqlDatabase, { run }: StoredRun): boolean =>
  database.all("SELECT 1 FROM runs WHERE id = ?", run).length > 0;

/** Puts the small logs into a file of their own, unless the disk refuses: the record is worth more. */
async function keepPack(folder: HistoryFolder, { run, pack }: RecordFile): Promise<void> {
  if (pack.length === 0) return;
  await writeLog(`${logFolder(folder, run.run)}/${PACK_NAME}`, [pack]);
}

/** The record of a run that was over before it could look at the repository, with the commit of its time. */
async function withCommit(run: StoredRun, { root }: HistoryFolder): Promise<StoredRun> {
  if (run.git !== undefined) return run;
  const commit = await commitAt(root, run.wallMs);
  return commit === undefined ? run : { ...run, git: { commit, dirty: null } };
}

/** Bytes of the files of a folder; 0 where it can't be read. */
export async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(folder).catch(() => [])) bytes += fileSize(`${folder}/${name}`);
  return bytes;
}

function insertRun(database: SqlDatabase, stored: StoredRun, logBytes: number): void {
  const { instances, ...run } = stored;
  const { commit = null, dirty = null } = run.git ?? {};
  database.run(
    "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)",
    run.run,
    run.wallMs,
    runStatus(run),
    commit,
    dirty === null ? null : Number(dirty),
    logBytes,
    JSON.stringify(run),
  );
  for (const [name, value] of Object.entries(run.labels))
    database.run("INSERT INTO labels VALUES (?, ?, ?)", run.run, name, value);
  for (const [position, instance] of instances.entries())
    database.run(
      "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run.run,
      position,
      instance.id,
      instance.task,
      instance.outcome.state,
      Number(instance.outcome.allowed === true),
      instance.attempts,
      instance.durationMs,
      instance.exitCode,
      instance.cacheKey,
      JSON.stringify(instance),
    );
}
