import { departuresFrom, type ReadingSource } from "./departures";
import {
  exploreWorlds,
  type Explored,
  type ExploredCluster,
  type LooseCondition,
  type ReadingLimits,
} from "./explore-worlds";
import { RememberedReadings } from "./remembered-readings";
import type { Reading, World, WorldRequest } from "./worlds";

/** All readings of a file. */
export interface Readings<T> {
  /** The first is the one in which nothing is set. */
  readonly worlds: ReadonlyMap<World, T>;
  /** The readings that a task can differ in; undefined where all count. */
  readonly worldsOf?: (task: string) => TaskWorlds;
  /** Whether there were too many to look at all of them, where nothing tells which of them a task can differ in. */
  readonly isCut: boolean;
  /** Conditions that were not combined with all others that they have to do with. */
  readonly loose: readonly LooseCondition[];
}

/** The readings that one task can differ in. */
export interface TaskWorlds {
  /** Those of the conditions of which all combinations were looked at. */
  readonly worlds: ReadonlySet<World>;
  /** These and some in which the others are taken both ways; missing where there are no others. */
  readonly sampled?: ReadonlySet<World>;
  /** The others. */
  readonly loose: readonly LooseCondition[];
}

const USUAL_LIMITS: ReadingLimits = { worlds: 64, cluster: 400, readings: 1200 };

const SYSTEMS = ["linux", "darwin", "windows"] as const;

/**
 * Reads a file once for each way in which its open conditions can be taken, and for each system where it asks which one
 * it is. Where these are too many, conditions are only combined with those that they have to do with; where that is too
 * many still, some of them only with each other one.
 */
export function readWorlds<T extends Reading>(
  readOne: (request: WorldRequest) => T,
  known = new RememberedReadings<T>(),
  limits = USUAL_LIMITS,
): Readings<T> {
  const source = sourceOf(readOne, known);
  const explored = forSystems(
    (system) => exploreWorlds(system, source, limits),
    ({ worlds }) => worlds.values(),
  );
  return {
    worlds: new Map(explored.flatMap(({ worlds }) => [...worlds])),
    ...(explored.every(({ clusters }) => clusters === undefined)
      ? {}
      : { worldsOf: (task) => worldsOfTask(explored, task) }),
    isCut: explored.some(({ isCut }) => isCut),
    loose: explored.flatMap(({ clusters = [] }) => clusters.flatMap(({ loose }) => loose)),
  };
}

function worldsOfTask<T>(explored: readonly Explored<T>[], task: string): TaskWorlds {
  const own = explored.map((one) => ({ plain: one.plain, cluster: clusterOf(one, task) }));
  const loose = own.flatMap(({ cluster }) => cluster?.loose ?? []);
  return {
    worlds: new Set(own.flatMap(({ plain, cluster }) => [...(cluster?.worlds ?? plain)])),
    ...(loose.length === 0
      ? {}
      : { sampled: new Set(own.flatMap(({ plain, cluster }) => [...(cluster?.sampled ?? plain)])) }),
    loose,
  };
}

const clusterOf = <T>({ clusters = [] }: Explored<T>, task: string): ExploredCluster | undefined =>
  clusters.find(({ parts }) => parts.has(`task ${task}`)) ?? clusters.find(({ parts }) => parts.has(""));

/** Reads a file in the ways in which the fewest conditions are taken otherwise than where nothing is set. */
export function readLikelyWorlds<T extends Reading>(
  readOne: (request: WorldRequest) => T,
  known: RememberedReadings<T>,
  max = USUAL_LIMITS.worlds,
): readonly T[] {
  const source = sourceOf(readOne, known);
  const likely = (system: string): readonly T[] => [
    ...departuresFrom(system, source, { max, mayDepart: () => true }).worlds.values(),
  ];
  return forSystems(likely, (readings) => readings).flat();
}

const sourceOf = <T extends Reading>(
  readOne: (request: WorldRequest) => T,
  known: RememberedReadings<T>,
): ReadingSource<T> => ({
  read: (request) => known.take(request, readOne),
  isKnown: (request) => known.has(request),
  made: () => known.made,
});

/** What is found for the first system, and for the others where a reading of it asks which one it is. */
function forSystems<T>(
  find: (system: string) => T,
  readingsOf: (found: T) => Iterable<Reading>,
): readonly T[] {
  const [first, ...others] = SYSTEMS;
  const found = find(first);
  return [...readingsOf(found)].some(({ asksSystem }) => asksSystem) ? [found, ...others.map(find)] : [found];
}
