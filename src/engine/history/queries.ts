import type { FlakyInstance } from "./flaky-instance";
import { suggest } from "#base/suggest";
import type { SqlDatabase, SqlValue } from "#system/sqlite/database";
import type { InstanceId } from "#core/model/ids";
import type { InstanceState } from "#core/model/outcome";
import { checkedRun } from "./record-file";
import type { StoredRun } from "./stored-run";

/** Which runs are meant. */
export interface RunFilter {
  /** An instance, or a task of whichever package and combination. */
  readonly task?: string;
  /** Of the run; with `task`, of the task in it. */
  readonly status?: string;
  /** Started then or later, by the wall clock. */
  readonly sinceMs?: number;
  readonly labels: readonly { readonly name: string; readonly value?: string }[];
  readonly limit: number;
}

/** A run without its instances, and how many of them that something called for ended in which state. */
export interface RunSummary {
  readonly run: StoredRun;
  readonly counts: Readonly<Partial<Record<InstanceState, number>>>;
}

/** The runs that a filter means, newest first. */
export const listRuns = (database: SqlDatabase, filter: RunFilter): readonly StoredRun[] =>
  chosenRows(database, filter).flatMap((row) => readRow(database, row));

/** What `wasCalledFor` says, without groups, which have no command; an instance that took time is not looked into. */
const COUNT_CALLED = `SELECT state, count(*) AS n FROM instances
  WHERE run = ? AND NOT (
    state NOT IN ('success', 'failed', 'timed_out') AND json_valid(document)
    AND coalesce(json_extract(document, '$.outcome.reason.kind'), '')
      IN ('stage', 'not-reached', 'not-needed', 'not-called')
    AND (state = 'skipped' OR json_extract(document, '$.outcome.reason.kind') <> 'not-called')
  ) AND NOT (
    duration_ms = 0 AND state <> 'failed' AND json_valid(document)
    AND coalesce(json_extract(document, '$.command'), '') = ''
  ) GROUP BY state`;

/** The same, as far as a listing needs them: a run can have thousands of instances. */
export const summarizeRuns = (database: SqlDatabase, filter: RunFilter): readonly RunSummary[] =>
  chosenRows(database, filter).flatMap((row) => {
    const [run] = parseRun(String(row["document"]), []);
    if (run === undefined) return [];
    const counts = database.all(COUNT_CALLED, run.run);
    return [
      { run, counts: Object.fromEntries(counts.map(({ state = "", n = 0 }) => [String(state), Number(n)])) },
    ];
  });

function chosenRows(database: SqlDatabase, filter: RunFilter): readonly Readonly<Record<string, SqlValue>>[] {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...added: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...added);
  };
  const { task, status, sinceMs, labels, limit } = filter;
  if (sinceMs !== undefined) add("wall_ms >= ?", sinceMs);
  for (const { name, value } of labels)
    if (value === undefined) add("id IN (SELECT run FROM labels WHERE name = ?)", name);
    else add("id IN (SELECT run FROM labels WHERE name = ? AND value = ?)", name, value);
  if (task !== undefined) {
    const state = status === undefined ? "" : " AND state = ?";
    add(
      `id IN (SELECT run FROM instances WHERE (id = ? OR task = ?)${state})`,
      task,
      task,
      ...(status === undefined ? [] : [status]),
    );
  } else if (status !== undefined) add("status = ?", status);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return database.all(
    `SELECT id, document FROM runs ${where} ORDER BY wall_ms DESC, id DESC LIMIT ?`,
    ...values,
    limit,
  );
}

/** A run with its instances; none where somebody has changed what it says to something that it can't. */
function readRow(database: SqlDatabase, row: Readonly<Record<string, SqlValue>>): readonly StoredRun[] {
  const { id = null, document } = row;
  const instances = database
    .all("SELECT document FROM instances WHERE run = ? ORDER BY position", id)
    .map((instance) => String(instance["document"]));
  return parseRun(String(document), instances);
}

function parseRun(document: string, instances: readonly string[]): readonly StoredRun[] {
  try {
    const head: unknown = JSON.parse(document);
    if (typeof head !== "object" || head === null) return [];
    const run = checkedRun({ ...head, instances: JSON.parse(`[${instances.join(",")}]`) });
    return run === undefined ? [] : [run];
  } catch {
    return [];
  }
}

/** What the words for a run have led to. */
export type FoundRun =
  | { readonly kind: "found"; readonly run: StoredRun }
  | { readonly kind: "empty" }
  | { readonly kind: "unknown"; readonly near: readonly string[] }
  | { readonly kind: "ambiguous"; readonly ids: readonly string[] };

/** @param reference an id or the beginning of only one, `last`, or `-N` for the one before the N-1 last. */
export function findRun(database: SqlDatabase, reference: string): FoundRun {
  const back = reference === "last" ? 1 : /^-[1-9]\d{0,5}$/.test(reference) ? -Number(reference) : undefined;
  const rows =
    back === undefined
      ? // A variable of a script that is empty names no run, not the only one.
        database.all(
          "SELECT id, document FROM runs WHERE ?1 <> '' AND substr(id, 1, length(?1)) = ?1 ORDER BY wall_ms DESC LIMIT 4",
          reference,
        )
      : database.all(
          "SELECT id, document FROM runs ORDER BY wall_ms DESC, id DESC LIMIT 1 OFFSET ?",
          back - 1,
        );
  const exact = rows.filter((row) => row["id"] === reference);
  const [first, ...others] = exact.length === 1 ? exact : rows;
  if (first !== undefined && others.length > 0)
    return { kind: "ambiguous", ids: rows.map((row) => String(row["id"])) };
  const [run] = first === undefined ? [] : readRow(database, first);
  if (run !== undefined) return { kind: "found", run };
  const ids = database
    .all("SELECT id FROM runs ORDER BY wall_ms DESC LIMIT 1000")
    .map((row) => String(row["id"]));
  return ids.length === 0 ? { kind: "empty" } : { kind: "unknown", near: suggest(reference, ids) };
}

/** How an instance has ended at most so many times, newest first. Canceled, blocked and skipped ones do not count. */
export interface PastEnd {
  readonly state: InstanceState;
  readonly durationMs: number;
}

export function pastEnds(database: SqlDatabase, id: InstanceId, limit: number): readonly PastEnd[] {
  return database
    .all(
      `SELECT i.state, i.duration_ms FROM instances i JOIN runs r ON r.id = i.run
       WHERE i.id = ? AND i.state IN ('success', 'failed', 'timed_out')
       ORDER BY r.wall_ms DESC LIMIT ?`,
      id,
      limit,
    )
    .map((row) => ({
      // One of the three that were asked for.
      state: String(row["state"]) as InstanceState,
      durationMs: Number(row["duration_ms"]),
    }));
}

/** How an instance of a task has ended in a run. */
export interface PastInstance {
  readonly run: string;
  readonly id: string;
  readonly state: InstanceState;
  readonly durationMs: number;
  /** When the run started, by the wall clock. */
  readonly wallMs: number;
}

/** The last ends of a task's instances, whichever combination and arguments; newest first. */
export const lastEnds = (database: SqlDatabase, task: string, limit: number): readonly PastInstance[] =>
  database
    .all(
      `SELECT i.run, i.id, i.state, i.duration_ms, r.wall_ms FROM instances i JOIN runs r ON r.id = i.run
       WHERE (i.id = ?1 OR substr(i.id, 1, length(?1) + 1) IN (?1 || '[', ?1 || '#'))
       ORDER BY r.wall_ms DESC, i.position LIMIT ?2`,
      task,
      limit,
    )
    .map((row) => ({
      run: String(row["run"]),
      id: String(row["id"]),
      // Put there by the recorder; where somebody else did, it is only shown.
      state: String(row["state"]) as InstanceState,
      durationMs: Number(row["duration_ms"]),
      wallMs: Number(row["wall_ms"]),
    }));

/**
 * Instances that succeeded only after a retry, or ended differently with the same cache key or, where there is none, in
 * a checkout of the same commit without changes. Most often flaky first.
 */
export function flakyInstances(
  database: SqlDatabase,
  { sinceMs = 0, task, limit }: Pick<RunFilter, "sinceMs" | "task" | "limit">,
): readonly FlakyInstance[] {
  const ofTask = task === undefined ? "" : "AND (i.id = ? OR i.task = ?)";
  const rows = database.all(
    `WITH ends AS (
       SELECT i.id AS id, r.wall_ms AS wall_ms, i.attempts AS attempts, i.state = 'success' AS good,
         coalesce(i.cache_key, CASE WHEN r.dirty = 0 THEN r.commit_id END) AS source
       FROM instances i JOIN runs r ON r.id = i.run
       WHERE i.state IN ('success', 'failed', 'timed_out') AND r.wall_ms >= ? ${ofTask}
     ),
     mixed AS (
       SELECT id, count(*) AS number FROM (
         SELECT id, source FROM ends WHERE source IS NOT NULL
         GROUP BY id, source HAVING min(good) <> max(good)
       ) GROUP BY id
     )
     SELECT ends.id AS id, count(*) AS runs, sum(1 - good) AS failures,
       sum(good AND attempts > 1) AS retried, coalesce(max(mixed.number), 0) AS mixed, max(wall_ms) AS last_ms
     FROM ends LEFT JOIN mixed ON mixed.id = ends.id
     GROUP BY ends.id
     HAVING retried > 0 OR mixed > 0
     ORDER BY retried + mixed DESC, last_ms DESC LIMIT ?`,
    sinceMs,
    ...(task === undefined ? [] : [task, task]),
    limit,
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    runs: Number(row["runs"]),
    failures: Number(row["failures"]),
    retried: Number(row["retried"]),
    mixed: Number(row["mixed"]),
    lastMs: Number(row["last_ms"]),
  }));
}
