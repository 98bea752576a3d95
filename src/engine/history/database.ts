import { openDatabase, SqliteFailure } from "#system/sqlite/database";
import type { SqlDatabase } from "#system/sqlite/database";

/** Changes with every change of the tables. */
const SCHEMA_VERSION = 1;

const TABLES = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    wall_ms REAL NOT NULL,
    status TEXT NOT NULL,
    commit_id TEXT,
    dirty INTEGER,
    log_bytes INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_time ON runs (wall_ms);
  CREATE TABLE labels (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE instances (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    task TEXT NOT NULL,
    state TEXT NOT NULL,
    allowed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    exit_code INTEGER,
    cache_key TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX instances_by_id ON instances (id, run);
`;

/**
 * Opens the database of a history and makes its tables where they are missing. Throws an `SqliteFailure`; `corrupt`
 * also for a file that is a database of something else or of another version.
 */
export function openHistoryDatabase(path: string, busyMs: number): SqlDatabase {
  const database = openDatabase(path, { busyMs });
  try {
    if (versionOf(database) === 0) makeTables(database);
    if (versionOf(database) !== SCHEMA_VERSION)
      throw new SqliteFailure("corrupt", "it was written by another version of zr");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function makeTables(database: SqlDatabase): void {
  database.run("BEGIN IMMEDIATE");
  // Another zr may have made them while this one waited.
  if (versionOf(database) === 0) {
    if (hasTables(database)) throw new SqliteFailure("corrupt", "it is a database of something else");
    for (const statement of TABLES.split(";")) if (statement.trim() !== "") database.run(statement);
    database.run(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  }
  database.run("COMMIT");
}

const versionOf = (database: SqlDatabase): number =>
  Number(database.all("PRAGMA user_version")[0]?.["user_version"] ?? 0);

const hasTables = (database: SqlDatabase): boolean =>
  database.all("SELECT name FROM sqlite_schema LIMIT 1").length > 0;
