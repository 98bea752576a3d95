import type { SqlDatabase } from "#system/sqlite/database";
import type { InstanceState } from "#core/model/outcome";

/** How an instance has ended when it was last part of a run. */
export interface LastState {
  readonly id: string;
  readonly state: InstanceState;
  readonly durationMs: number;
  /** When that run started, milliseconds since 1970. */
  readonly wallMs: number;
}

/** The last end of every instance of the history that something had called for. */
export const lastStates = (database: SqlDatabase): readonly LastState[] =>
  database
    .all(
      // Of the columns beside `max`, SQLite gives those of the row that has it.
      `SELECT i.id AS id, i.state AS state, i.duration_ms AS duration_ms, max(r.wall_ms) AS wall_ms
       FROM instances i JOIN runs r ON r.id = i.run WHERE i.state <> 'skipped' GROUP BY i.id`,
    )
    .map((row) => ({
      id: String(row["id"]),
      // Put there by the recorder; where somebody else did, it is only shown.
      state: String(row["state"]) as InstanceState,
      durationMs: Number(row["duration_ms"]),
      wallMs: Number(row["wall_ms"]),
    }));
