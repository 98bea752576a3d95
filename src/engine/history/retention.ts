import { wallMs } from "#system/clock/clock";
import { removeFolder } from "#system/fs/run-files";
import { isRunning } from "#system/process/is-running";
import { fileSystem } from "#system/runtime-modules";
import type { SqlDatabase } from "#system/sqlite/database";
import { runId } from "#core/model/ids";
import { logFolder, OWNER_PREFIX } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import { namesIn } from "./ingest";

/** How much of the past is kept. */
export interface RetentionLimits {
  /** Runs. */
  readonly keep: number;
  readonly maxAgeMs: number;
  /** Of all logs together, in bytes. */
  readonly maxSize: number;
}

/** Forgets what is too much: runs by number and age with their logs, then the oldest logs by size. */
export async function applyRetention(
  database: SqlDatabase,
  folder: HistoryFolder,
  { keep, maxAgeMs, maxSize }: RetentionLimits,
): Promise<void> {
  const gone = database
    .all(
      "SELECT id FROM runs WHERE wall_ms < ? OR id NOT IN (SELECT id FROM runs ORDER BY wall_ms DESC, id DESC LIMIT ?)",
      wallMs() - maxAgeMs,
      keep,
    )
    .map((row) => String(row["id"]));
  const unlogged: string[] = [];
  let left = maxSize;
  for (const row of database.all(
    "SELECT id, log_bytes FROM runs WHERE log_bytes > 0 ORDER BY wall_ms DESC, id DESC",
  )) {
    left -= Number(row["log_bytes"]);
    if (left < 0) unlogged.push(String(row["id"]));
  }
  if (gone.length > 0 || unlogged.length > 0) {
    database.run("BEGIN IMMEDIATE");
    try {
      for (const id of gone) database.run("DELETE FROM runs WHERE id = ?", id);
      for (const id of unlogged) database.run("UPDATE runs SET log_bytes = 0 WHERE id = ?", id);
      database.run("COMMIT");
    } catch (error) {
      database.run("ROLLBACK");
      throw error;
    }
  }
  for (const id of new Set([...gone, ...unlogged])) await removeFolder(logFolder(folder, runId(id)));
  await removeOrphans(database, folder);
}

/** A folder of logs that was touched since may be that of a run on another machine or in a container. */
const FRESH_MS = 3_600_000;

/** Logs whose run was killed before it could leave a record. */
async function removeOrphans(database: SqlDatabase, folder: HistoryFolder): Promise<void> {
  const dead: string[] = [];
  for (const name of await namesIn(folder.logs))
    if (!(await isInUse(`${folder.logs}/${name}`))) dead.push(name);
  if (dead.length === 0) return;
  // In this order: a record goes from its process to the inbox to the database.
  const waiting = new Set((await namesIn(folder.inbox)).map((name) => name.replace(/\.run$/, "")));
  const known = new Set(database.all("SELECT id FROM runs").map((row) => String(row["id"])));
  for (const name of dead)
    if (!waiting.has(name) && !known.has(name)) await removeFolder(`${folder.logs}/${name}`);
}

async function isInUse(path: string): Promise<boolean> {
  try {
    const owner = (await namesIn(path)).find((file) => file.startsWith(OWNER_PREFIX));
    if (isRunning(Number(owner?.slice(OWNER_PREFIX.length)))) return true;
    const { mtimeMs } = await fileSystem().stat(path);
    return wallMs() - mtimeMs < FRESH_MS;
  } catch {
    // No folder, or gone meanwhile.
    return true;
  }
}
