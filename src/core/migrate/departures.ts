import type { Remembered } from "./remembered-readings";
import type { Reading, World, WorldRequest } from "./worlds";

/** The readings that were made, and those that can still be. */
export interface ReadingSource<T> {
  readonly read: (request: WorldRequest) => Remembered<T>;
  readonly isKnown: (request: WorldRequest) => boolean;
  /** How many were made. */
  readonly made: () => number;
}

interface DepartureOptions extends Pick<WorldRequest, "base"> {
  readonly max: number;
  /** How many readings there may be then; those that were made are free. */
  readonly most?: number;
  /** Whether a condition may be taken otherwise than where nothing is set. */
  readonly mayDepart: (expression: string) => boolean;
}

/** Readings for one system, the one without departures first, then those with few of them. */
export function departuresFrom<T extends Reading>(
  system: string,
  { read, isKnown, made }: ReadingSource<T>,
  { max, most, mayDepart, base }: DepartureOptions,
): { readonly worlds: ReadonlyMap<World, T>; readonly isCut: boolean } {
  const worlds = new Map<World, T>();
  const queue: (readonly boolean[])[] = [[]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const departures = next;
    const request = { system, departures, ...(base === undefined ? {} : { base }) };
    if (worlds.size >= max || (most !== undefined && made() >= most && !isKnown(request)))
      return { worlds, isCut: true };
    const { reading, world, facts } = read(request);
    worlds.set(world, reading);
    const taken = facts.map(({ isUsual }) => !isUsual);
    for (const [index, { expression }] of facts.entries())
      if (index >= departures.length && mayDepart(expression)) queue.push([...taken.slice(0, index), true]);
  }
  return { worlds, isCut: false };
}
