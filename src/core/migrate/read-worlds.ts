import { clustersOf } from "./fact-clusters";
import { RememberedReadings, type Remembered } from "./remembered-readings";
import type { Reading, World, WorldRequest } from "./worlds";

/** All readings of a file. */
export interface Readings<T> {
  /** The first is the one in which nothing is set. */
  readonly worlds: ReadonlyMap<World, T>;
  /** The readings that a task can differ in; undefined where all count. */
  readonly worldsOf?: (task: string) => ReadonlySet<World>;
  /** Whether there were too many to look at all of them, for one task or for any. */
  readonly isCut: (task?: string) => boolean;
}

/** Readings for one system, and of conditions that belong together. */
const MAX_WORLDS = 64;
const MAX_CLUSTER = 400;
const SYSTEMS = ["linux", "darwin", "windows"] as const;

/**
 * Reads a file once for each way in which its open conditions can be taken, and for each system where it asks which one
 * it is. Where these are too many, conditions are only combined with those that they have to do with.
 */
export function readWorlds<T extends Reading>(
  readOne: (request: WorldRequest) => T,
  known = new RememberedReadings<T>(),
): Readings<T> {
  const read = (request: WorldRequest): Remembered<T> => known.take(request, readOne);
  const explored = forSystems(
    (system) => explore(system, read),
    ({ worlds }) => worlds.values(),
  );
  return {
    worlds: new Map(explored.flatMap(({ worlds }) => [...worlds])),
    ...(explored.every(({ clusters }) => clusters === undefined)
      ? {}
      : {
          worldsOf: (task) =>
            new Set(explored.flatMap((one) => [...(clusterOf(one, task)?.worlds ?? one.plain)])),
        }),
    isCut: (task) =>
      explored.some((one) =>
        one.clusters === undefined
          ? one.isCut
          : task === undefined
            ? one.clusters.some(({ isCut }) => isCut)
            : clusterOf(one, task)?.isCut === true,
      ),
  };
}

/** Reads a file in the ways in which the fewest conditions are taken otherwise than where nothing is set. */
export function readLikelyWorlds<T extends Reading>(
  readOne: (request: WorldRequest) => T,
  known: RememberedReadings<T>,
): readonly T[] {
  const read = (request: WorldRequest): Remembered<T> => known.take(request, readOne);
  const likely = (system: string): readonly T[] => [
    ...departuresFrom(system, read, { max: MAX_WORLDS, mayDepart: () => true }).worlds.values(),
  ];
  return forSystems(likely, (readings) => readings).flat();
}

/** What is found for the first system, and for the others where a reading of it asks which one it is. */
function forSystems<T>(
  find: (system: string) => T,
  readingsOf: (found: T) => Iterable<Reading>,
): readonly T[] {
  const [first, ...others] = SYSTEMS;
  const found = find(first);
  return [...readingsOf(found)].some(({ asksSystem }) => asksSystem) ? [found, ...others.map(find)] : [found];
}

interface Cluster {
  readonly parts: ReadonlySet<string>;
  readonly worlds: ReadonlySet<World>;
  readonly isCut: boolean;
}

interface Explored<T> {
  readonly worlds: ReadonlyMap<World, T>;
  readonly isCut: boolean;
  /** Worlds for tasks that no condition changes. */
  readonly plain: ReadonlySet<World>;
  readonly clusters?: readonly Cluster[];
}

const clusterOf = <T>({ clusters = [] }: Explored<T>, task: string): Cluster | undefined =>
  clusters.find(({ parts }) => parts.has(`task ${task}`) || parts.has(""));

type Read<T> = (request: WorldRequest) => Remembered<T>;

function explore<T extends Reading>(system: string, read: Read<T>): Explored<T> {
  const all = departuresFrom(system, read, { max: MAX_WORLDS, mayDepart: () => true });
  const first = [...all.worlds].find(([, { isFailed }]) => isFailed !== true) ?? [...all.worlds][0];
  if (!all.isCut || first === undefined || first[1].parts === undefined)
    return { ...all, plain: new Set(all.worlds.keys()) };
  const base = new Map(first[1].facts.map(({ expression, isTrue }) => [expression, isTrue]));
  /** Departs from some of the conditions that are always asked, and from all that are only asked then. */
  const only = (allowed: ReadonlySet<string>, max: number): ReturnType<typeof departuresFrom<T>> =>
    departuresFrom(system, read, {
      max,
      base,
      mayDepart: (expression) => allowed.has(expression) || !base.has(expression),
    });
  const families = [...base.keys()].map((expression) => ({
    expression,
    readings: [...only(new Set([expression]), MAX_WORLDS).worlds.values()],
  }));
  const worlds = new Map<World, T>([first]);
  const clusters = clustersOf(first[1], families).map(({ expressions, parts }): Cluster => {
    const own = only(expressions, MAX_CLUSTER);
    for (const [world, reading] of own.worlds) worlds.set(world, reading);
    return { parts, worlds: new Set(own.worlds.keys()), isCut: own.isCut };
  });
  return { worlds, isCut: false, plain: new Set([first[0]]), clusters };
}

interface DepartureOptions extends Pick<WorldRequest, "base"> {
  readonly max: number;
  /** Whether a condition may be taken otherwise than where nothing is set. */
  readonly mayDepart: (expression: string) => boolean;
}

/** Readings for one system, the one without departures first, then those with few of them. */
function departuresFrom<T extends Reading>(
  system: string,
  read: Read<T>,
  { max, mayDepart, base }: DepartureOptions,
): { readonly worlds: ReadonlyMap<World, T>; readonly isCut: boolean } {
  const worlds = new Map<World, T>();
  const queue: (readonly boolean[])[] = [[]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (worlds.size >= max) return { worlds, isCut: true };
    const departures = next;
    const { reading, world, facts } = read({ system, departures, ...(base === undefined ? {} : { base }) });
    worlds.set(world, reading);
    const taken = facts.map(({ isUsual }) => !isUsual);
    for (const [index, { expression }] of facts.entries())
      if (index >= departures.length && mayDepart(expression)) queue.push([...taken.slice(0, index), true]);
  }
  return { worlds, isCut: false };
}
