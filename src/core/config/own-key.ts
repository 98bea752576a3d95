import type { TaskEntry } from "./config";
import type { TaskTable } from "./schema/sections";

/** A key as the highest of a task's own tables has it: without what templates and defaults give it. */
export const ownKey = <T>(entry: TaskEntry, pick: (table: TaskTable) => T | undefined): T | undefined =>
  entry.sources.map((source) => pick(source.table)).findLast((value) => value !== undefined);
