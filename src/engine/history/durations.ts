import { replaceFile } from "#system/fs/file-entry";
import { readText } from "#system/fs/read-text";
import type { InstanceId } from "#core/model/ids";
import type { StoredRun } from "./stored-run";

/** How long instances took when they last ended well, in milliseconds, oldest first. */
export type RecordedDurations = ReadonlyMap<InstanceId, readonly number[]>;

/** Enough for a median that a single slow run does not move. */
const KEPT = 9;
/** Instances; the ones that were not run for longest go first. */
const MOST_INSTANCES = 50_000;

/** The durations in a file; none where it is not there or says nothing that makes sense. */
export async function readDurations(path: string): Promise<RecordedDurations> {
  const read = await readText(path);
  if (read.kind !== "text") return new Map();
  let value: unknown;
  try {
    value = JSON.parse(read.text);
  } catch {
    // Written by nobody who should: the next run makes it anew.
    return new Map();
  }
  if (typeof value !== "object" || value === null || !("v" in value) || value.v !== 1) return new Map();
  if (!("durations" in value) || typeof value.durations !== "object" || value.durations === null)
    return new Map();
  const durations = new Map<InstanceId, readonly number[]>();
  for (const [id, list] of Object.entries(value.durations))
    // The ids of a file that is only looked up in.
    if (isDurationList(list)) durations.set(id as InstanceId, list);
  return durations;
}

const isDurationList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === "number" && Number.isFinite(item) && item >= 0);

/** Adds what runs have taken, in their order. A disk that refuses changes nothing. */
export async function addDurations(path: string, runs: readonly StoredRun[]): Promise<void> {
  const durations = new Map(await readDurations(path));
  let hasNews = false;
  for (const run of runs) {
    for (const { id, outcome, startedAt, durationMs, isServer } of run.instances) {
      if (outcome.state !== "success" || startedAt === undefined || isServer === true) continue;
      hasNews = true;
      const list = [...(durations.get(id) ?? []), Math.round(durationMs * 10) / 10].slice(-KEPT);
      durations.delete(id);
      durations.set(id, list);
    }
  }
  if (!hasNews) return;
  const kept = [...durations].slice(-MOST_INSTANCES);
  replaceFile(path, JSON.stringify({ v: 1, durations: Object.fromEntries(kept) }));
}
