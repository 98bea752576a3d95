import { globsOverlap } from "#core/cache/glob-overlap";
import { watchPattern, type WatchPattern } from "#core/watch/watch-pattern";
import type { TaskTable } from "#core/config/schema/sections";

interface WithTable {
  readonly table: TaskTable;
}

/** Any folders do: outputs are compared as they are written, seen from one package. */
const PLACE = { root: "/repository", dir: "/repository/package" };

/**
 * The tasks of one package, where those say so whose outputs overlap with those of an earlier one: other tools let
 * several tasks write to one folder without a word (`build` and `build:production`).
 *
 * @param outputsOf the outputs of a task, those that it inherits included.
 */
export function withSharedOutputs<T extends WithTable>(
  tasks: readonly T[],
  outputsOf: (task: T) => readonly string[] = ({ table }) => table.outputs ?? [],
): readonly T[] {
  const seen: WatchPattern[] = [];
  return tasks.map((task) => {
    const patterns = outputsOf(task).flatMap((glob) => {
      const pattern = watchPattern(glob, PLACE);
      return pattern === undefined || pattern.excludes ? [] : [pattern];
    });
    const overlaps = patterns.some((pattern) => seen.some((before) => globsOverlap(before, pattern)));
    seen.push(...patterns);
    return overlaps ? { ...task, table: { ...task.table, allow_overlap: true } } : task;
  });
}
