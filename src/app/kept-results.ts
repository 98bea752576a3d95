import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import { untouchedOf } from "#core/plan/untouched";
import { toldResults } from "#engine/cache/kept-run";
import type { Told } from "#engine/cache/kept-run";
import { ResultMemory } from "#engine/cache/result-memory";
import type { KnownResultKey, SameResult } from "#engine/cache/result-memory";
import type { StatIndex } from "#engine/cache/stat-index";

/**
 * Of an instance: its key, what it means, inputs, and outputs where all are known, as positions in the facts of the run.
 * Key and meaning are empty where it had to be done: then only its inputs are known.
 */
export type StoredResultKey = readonly [InstanceId, string, string, readonly number[], (readonly number[])?];

/** Results as they are written down; without those that go by something of which nothing is known. */
export function storedResults(
  { learned, lookedAt }: Pick<ResultMemory, "learned" | "lookedAt">,
  index: StatIndex,
): readonly StoredResultKey[] {
  if (learned.size === 0) return [];
  const positions = new Map<string, number>();
  for (const path of index.keys()) positions.set(path, positions.size);
  const positionsOf = (paths: readonly string[] | undefined): readonly number[] | undefined => {
    const found = paths?.flatMap((path) => positions.get(path) ?? []);
    return found?.length === paths?.length ? found : undefined;
  };
  const there = [...learned].flatMap(([id, { key, meaning, inputs, outputs }]): StoredResultKey[] => {
    const read = positionsOf(inputs());
    const made = positionsOf(outputs());
    if (read === undefined) return [];
    return [made === undefined ? [id, key, meaning, read] : [id, key, meaning, read, made]];
  });
  const done = [...lookedAt].flatMap(([id, inputs]): StoredResultKey[] => {
    const read = learned.has(id) ? undefined : positionsOf(inputs);
    return read === undefined ? [] : [[id, "", "", read]];
  });
  return [...there, ...done];
}

/** Results of a kept run, and what is known by now of the files that they go by. */
export interface KeptResults {
  readonly plan: Plan;
  readonly results: readonly StoredResultKey[];
  readonly told: readonly Told[];
  /** Of the facts of the run, in their order. */
  readonly paths: readonly string[];
  /** Those that look different now. */
  readonly changed: ReadonlySet<string>;
}

/** What a run may take over of the results of a kept one. */
export function recalledResults(kept: KeptResults): ResultMemory {
  const { results, paths, changed } = kept;
  const different = new Set<number>();
  for (const [position, path] of paths.entries()) if (changed.has(path)) different.add(position);
  const isSame = (positions: readonly number[]): boolean =>
    !positions.some((position) => different.has(position));
  const pathsAt = (positions: readonly number[]): readonly string[] =>
    positions.map((position) => paths[position] ?? "");
  const known = new Map<InstanceId, KnownResultKey>();
  const inPlace = new Set<InstanceId>();
  const inputsOf = new Map<InstanceId, () => readonly string[]>();
  for (const [id, key, meaning, read, made] of results) {
    const inputs = (): readonly string[] => pathsAt(read);
    const outputs = (): readonly string[] | undefined => (made === undefined ? undefined : pathsAt(made));
    inputsOf.set(id, inputs);
    if (key === "" || !isSame(read)) continue;
    known.set(id, { key, meaning, inputs, outputs });
    if (made !== undefined && isSame(made)) inPlace.add(id);
  }
  return new ResultMemory(known, sameResults(kept, { known, inPlace }), (id) => inputsOf.get(id)?.());
}

interface UnchangedResults {
  /** Of which no input is among what has changed. */
  readonly known: ReadonlyMap<InstanceId, KnownResultKey>;
  /** Those of them of which no output is. */
  readonly inPlace: ReadonlySet<InstanceId>;
}

/** What was told of instances to whose keys nothing has happened. */
function sameResults(
  { plan: { instances }, told }: KeptResults,
  { known, inPlace }: UnchangedResults,
): ReadonlyMap<InstanceId, SameResult> {
  const before = toldResults(told);
  // What may be in another's outputs is put back in its turn.
  const isMovable = new Set(instances.flatMap(({ id, cache }) => (cache?.allowOverlap === true ? [] : [id])));
  const untouched = untouchedOf(
    instances,
    (id) => before.has(id) && known.has(id) && (inPlace.has(id) || isMovable.has(id)),
  );
  const same = new Map<InstanceId, SameResult>();
  for (const [id, result] of before)
    if (untouched.has(id)) same.set(id, { ...result, isInPlace: !known.has(id) || inPlace.has(id) });
  return same;
}
