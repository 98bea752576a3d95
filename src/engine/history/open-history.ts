import { InTurn } from "#base/in-turn";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { wallMs } from "#system/clock/clock";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { readBytes } from "#system/fs/plain-file";
import { pathExists } from "#system/fs/path-exists";
import { fileSystem } from "#system/runtime-modules";
import { readDatabase, SqliteFailure } from "#system/sqlite/database";
import type { SqlDatabase } from "#system/sqlite/database";
import { openHistoryDatabase } from "./database";
import type { HistoryFolder } from "./history-folder";
import { ingest, namesIn } from "./ingest";
import { applyRetention } from "./retention";
import type { RetentionLimits } from "./retention";

/** What is not as it should be, and goes on all the same. */
export type HistoryWarning =
  | { readonly kind: "moved-aside"; readonly path: string; readonly reason: string }
  | { readonly kind: "busy" }
  | { readonly kind: "unwritable"; readonly reason: string };

export interface OpenedHistory {
  readonly database: SqlDatabase;
  readonly warnings: readonly HistoryWarning[];
}

/** How long a command that reads waits for another zr that writes. */
const READER_WAITS_MS = 2000;
/** The end of a run does not wait: whoever writes now takes its record along, or the next one will. */
const RUN_WAITS_MS = 100;

/**
 * The history with everything that has been recorded so far. What can't be done is left for another time, with a
 * warning; undefined where there is nothing to read at all.
 */
export async function openHistory(
  folder: HistoryFolder,
  limits: RetentionLimits,
): Promise<{ readonly database: SqlDatabase | undefined; readonly warnings: readonly HistoryWarning[] }> {
  const warnings: HistoryWarning[] = [];
  if (!(await pathExists(folder.database)) && (await isEmpty(folder, warnings)))
    return { database: undefined, warnings };
  const opened = await openOrReplace(folder, READER_WAITS_MS);
  if (!opened.ok) {
    warnings.push(opened.error);
    return { database: await readCopy(folder.database), warnings };
  }
  warnings.push(...opened.value.warnings);
  const { database } = opened.value;
  try {
    await takeIn(database, folder, limits);
  } catch (error) {
    if (!isCorrupt(error)) warnings.push(warningOf(error));
    else {
      database.close();
      const again = await replaceBroken(folder, { busyMs: READER_WAITS_MS, reason: error.message });
      if (!again.ok) return { database: undefined, warnings: [...warnings, again.error] };
      return { database: again.value.database, warnings: [...warnings, ...again.value.warnings] };
    }
  }
  return { database, warnings };
}

/** Moves a database aside in which something could not be read. */
export async function replaceDatabase(folder: HistoryFolder, reason: string): Promise<HistoryWarning> {
  const replaced = await replaceBroken(folder, { busyMs: READER_WAITS_MS, reason });
  if (!replaced.ok) return replaced.error;
  replaced.value.database.close();
  return replaced.value.warnings[0] ?? { kind: "busy" };
}

/** Brings the records of the inbox into the database at the end of a run. */
export async function updateHistory(
  folder: HistoryFolder,
  limits: RetentionLimits,
): Promise<readonly HistoryWarning[]> {
  const opened = await openOrReplace(folder, RUN_WAITS_MS);
  if (!opened.ok) return [opened.error];
  const { database, warnings } = opened.value;
  try {
    await takeIn(database, folder, limits);
    return warnings;
  } catch (error) {
    if (!isCorrupt(error)) return [...warnings, warningOf(error)];
    return [...warnings, await replaceDatabase(folder, error.message)];
  } finally {
    database.close();
  }
}

/**
 * A transaction of another program is waited for by a call that blocks. One of this program could not end meanwhile, so
 * those follow each other.
 */
const turns = new InTurn();

const takeIn = (database: SqlDatabase, folder: HistoryFolder, limits: RetentionLimits): Promise<void> =>
  turns.do(folder.database, async () => {
    await ingest(database, folder);
    await applyRetention(database, folder, limits);
  });

async function isEmpty({ inbox }: HistoryFolder, warnings: HistoryWarning[]): Promise<boolean> {
  try {
    return (await namesIn(inbox)).length === 0;
  } catch (error) {
    warnings.push(warningOf(error));
    return true;
  }
}

async function openOrReplace(
  folder: HistoryFolder,
  busyMs: number,
): Promise<Result<OpenedHistory, HistoryWarning>> {
  try {
    await ensurePrivateFolder(folder.folder, folder.state);
    return ok({ database: openHistoryDatabase(folder.database, busyMs), warnings: [] });
  } catch (error) {
    if (!isCorrupt(error)) return err(warningOf(error));
    return replaceBroken(folder, { busyMs, reason: error.message });
  }
}

/** A database that can't be read is kept for whoever wants to look into it, and a new one is begun. */
async function replaceBroken(
  folder: HistoryFolder,
  { busyMs, reason }: { readonly busyMs: number; readonly reason: string },
): Promise<Result<OpenedHistory, HistoryWarning>> {
  const { rename, rm } = fileSystem();
  const path = `${folder.database}.corrupt-${wallMs()}`;
  try {
    await rename(folder.database, path);
    await rm(`${folder.database}-wal`, { force: true });
    await rm(`${folder.database}-shm`, { force: true });
    return ok({
      database: openHistoryDatabase(folder.database, busyMs),
      warnings: [{ kind: "moved-aside", path, reason }],
    });
  } catch (error) {
    return err(warningOf(error));
  }
}

/** Where nothing can be written, the database can still be read: all of it, at once. */
async function readCopy(path: string): Promise<SqlDatabase | undefined> {
  try {
    return readDatabase(await readBytes(path));
  } catch {
    // Then there is nothing to read; why has been said.
    return undefined;
  }
}

const isCorrupt = (error: unknown): error is SqliteFailure =>
  error instanceof SqliteFailure && error.kind === "corrupt";

function warningOf(error: unknown): HistoryWarning {
  if (error instanceof SqliteFailure && error.kind === "busy") return { kind: "busy" };
  if (error instanceof SqliteFailure || (error instanceof Error && "code" in error))
    return { kind: "unwritable", reason: error.message };
  throw error;
}
