import type { Workspace } from "#core/workspace/workspace";
import { readHistory } from "#app/history";

/** How often the cache had a result, in the runs that the history has. */
export interface CacheHits {
  readonly hits: number;
  /** Runs of the same instances that succeeded without one. */
  readonly misses: number;
}

const COUNT = `
  SELECT count(cache_key) AS hits, count(*) - count(cache_key) AS misses FROM instances
  WHERE id IN (SELECT id FROM instances WHERE cache_key IS NOT NULL)
    AND (cache_key IS NOT NULL OR state = 'success')`;

/** Undefined where there is no history. */
export async function cacheHits(workspace: Workspace): Promise<CacheHits | undefined> {
  const { value } = await readHistory(workspace, (database) => {
    const [row] = database.all(COUNT);
    return { hits: Number(row?.["hits"] ?? 0), misses: Number(row?.["misses"] ?? 0) };
  });
  return value;
}
