/** A condition that only the outside can decide, as an expression of ours, and how it was taken. */
export interface Fact {
  readonly expression: string;
  readonly isTrue: boolean;
  /** Whether it was taken as it is where nothing is set. */
  readonly isUsual: boolean;
  /** No expression of ours says it: `expression` is the source text, which only tells it from others. */
  readonly isOpaque?: true;
}

/** A reading of another tool's file: for one system, with its open conditions taken one way. */
export interface World {
  readonly system: string;
  readonly facts: readonly Fact[];
}

/** How a file is read for a world. */
export interface WorldRequest {
  /** `linux`, `darwin`, `windows`. */
  readonly system: string;
  /** Which of the first open conditions are taken otherwise than where nothing is set; the others are not. */
  readonly departures: readonly boolean[];
}

/** What a reading has to tell. */
export interface Reading {
  readonly facts: readonly Fact[];
  /** Whether it has asked which system it is for. */
  readonly asksSystem: boolean;
}

/** How one reading takes its open conditions: the same way for the same expression. */
export class OpenConditions {
  readonly facts: Fact[] = [];
  readonly #departures: readonly boolean[];

  constructor(departures: readonly boolean[]) {
    this.#departures = departures;
  }

  /** @param usual how it is where nothing is set. */
  decide(expression: string, usual = false): boolean {
    return this.#add(expression, { usual });
  }

  /** A condition that no expression of ours says: what depends on it can't be converted. */
  decideOpaque(source: string, usual: boolean): boolean {
    return this.#add(source, { usual, isOpaque: true });
  }

  #add(expression: string, { usual, isOpaque }: { readonly usual: boolean; readonly isOpaque?: true }): boolean {
    const known = this.facts.find((fact) => fact.expression === expression);
    if (known !== undefined) return known.isTrue;
    const isUsual = this.#departures[this.facts.length] !== true;
    const isTrue = isUsual === usual;
    this.facts.push({ expression, isTrue, isUsual, ...(isOpaque === true ? { isOpaque } : {}) });
    return isTrue;
  }
}

/** Readings for one system. */
const MAX_WORLDS = 128;
const SYSTEMS = ["linux", "darwin", "windows"] as const;

/**
 * Reads a file once for each way in which its open conditions can be taken, and for each system where it asks which one
 * it is. The first is the one in which nothing is set. `isCut`: there were too many.
 */
export function readWorlds<T extends Reading>(
  read: (request: WorldRequest) => T,
): { readonly worlds: ReadonlyMap<World, T>; readonly isCut: boolean } {
  const worlds = new Map<World, T>();
  let isCut = false;
  const explore = (system: string): void => {
    const start = worlds.size;
    const queue: (readonly boolean[])[] = [[]];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (worlds.size - start >= MAX_WORLDS) {
        isCut = true;
        return;
      }
      const departures = next;
      const reading = read({ system, departures });
      worlds.set({ system, facts: reading.facts }, reading);
      const taken = reading.facts.map(({ isUsual }) => !isUsual);
      for (let index = departures.length; index < taken.length; index += 1)
        queue.push([...taken.slice(0, index), true]);
    }
  };
  explore("linux");
  if ([...worlds.values()].some(({ asksSystem }) => asksSystem))
    for (const system of SYSTEMS.slice(1)) explore(system);
  return { worlds, isCut };
}
