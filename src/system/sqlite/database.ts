import { isSpecial } from "#system/fs/plain-file";
import { Database } from "bun:sqlite";

export type SqlValue = string | number | null;

/** How long to wait before the mode of a new database is tried once more. */
const RETRY_MS = 5;

/** A database of SQLite, as far as it is used here. Everything throws an `SqliteFailure`. */
export interface SqlDatabase {
  /** Several statements, without results. */
  readonly script: (sql: string) => void;
  readonly run: (sql: string, ...values: readonly SqlValue[]) => void;
  readonly all: (
    sql: string,
    ...values: readonly SqlValue[]
  ) => readonly Readonly<Record<string, SqlValue>>[];
  readonly close: () => void;
}

/** `busy`: somebody else writes; `corrupt`: the file is no database or a broken one; `denied`: the system refuses. */
export class SqliteFailure extends Error {
  readonly kind: "busy" | "corrupt" | "denied" | "other";

  constructor(kind: SqliteFailure["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface OpenOptions {
  /** How long to wait for whoever writes, in milliseconds. */
  readonly busyMs: number;
}

/** Opens a database in write-ahead mode, in which readers and one writer don't hinder each other; made where there is none. */
export function openDatabase(path: string, { busyMs }: OpenOptions): SqlDatabase {
  if (isSpecial(path)) throw new SqliteFailure("corrupt", "it is no regular file");
  return wrap(
    guarded(() => {
      const database = new Database(path, { create: true, readwrite: true });
      try {
        database.run(`PRAGMA busy_timeout = ${Math.round(busyMs)}`);
        useWriteAheadLog(database, busyMs);
        database.run("PRAGMA synchronous = NORMAL");
        database.run("PRAGMA foreign_keys = ON");
      } catch (error) {
        database.close();
        throw error;
      }
      return database;
    }),
  );
}

/**
 * A file remembers its mode, so only a new one changes it. SQLite gives up that step at once where two programs open a
 * new file together, whatever `busy_timeout` says: waiting could never end for two that both read and want to write.
 */
function useWriteAheadLog(database: Database, busyMs: number): void {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      database.run("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= busyMs) throw error;
      Bun.sleepSync(RETRY_MS);
    }
  }
}

const isBusy = (error: unknown): boolean => kindOf(codeOf(error)) === "busy";

/** A copy of a database in memory, for one in a place that can't be written to. */
export function readDatabase(bytes: Uint8Array): SqlDatabase {
  const copy = bytes.slice();
  // The format's version numbers (sqlite.org/fileformat.html, offsets 18 and 19): without its log it is an ordinary one.
  copy[18] = 1;
  copy[19] = 1;
  return wrap(guarded(() => Database.deserialize(copy, { readonly: true })));
}

function wrap(database: Database): SqlDatabase {
  return {
    script: (sql) => guarded(() => void database.run(sql)),
    run: (sql, ...values) => guarded(() => void database.query(sql).run(...values)),
    all: (sql, ...values) =>
      // Columns hold texts, numbers and nulls only: no statement here asks for blobs or big integers.
      guarded(() => database.query(sql).all(...values) as Readonly<Record<string, SqlValue>>[]),
    close: () => guarded(() => database.close()),
  };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SqliteFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new SqliteFailure(kindOf(codeOf(error)), message);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

function kindOf(code: string): SqliteFailure["kind"] {
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) return "corrupt";
  if (/^SQLITE_(?:CANTOPEN|READONLY|PERM|IOERR|FULL)/.test(code)) return "denied";
  return "other";
}
