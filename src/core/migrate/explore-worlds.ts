import { departuresFrom, type ReadingSource } from "./departures";
import {
  clustersOf,
  conditionsOf,
  reachesOf,
  type FactCluster,
  type FactFamily,
  type FactReach,
} from "./fact-clusters";
import { negated } from "./when-in";
import type { Fact, Reading, World } from "./worlds";

/** How many readings of a file are made for one system. */
export interface ReadingLimits {
  /** As long as there are no more, all conditions are combined with all others. */
  readonly worlds: number;
  /** Of conditions that belong together. */
  readonly cluster: number;
  /** Further ones, to find out what belongs together and to combine it. */
  readonly readings: number;
}

/** A condition that was not combined with all others that it belongs together with. */
export interface LooseCondition {
  readonly fact: Fact;
  /** What holds where it is not as it is where nothing is set, as expressions of ours; undefined where none says it. */
  readonly departs: string | undefined;
  /** Whether what it changes was looked at. */
  readonly isSeen: boolean;
}

/** Conditions that belong together, and the readings that a task which depends on them can differ in. */
export interface ExploredCluster {
  readonly parts: ReadonlySet<string>;
  /** All combinations of the conditions that are not loose. */
  readonly worlds: ReadonlySet<World>;
  /** These and such that the loose ones are seen both ways, together with each other one. */
  readonly sampled: ReadonlySet<World>;
  readonly loose: readonly LooseCondition[];
}

export interface Explored<T> {
  readonly worlds: ReadonlyMap<World, T>;
  readonly isCut: boolean;
  /** Worlds for tasks that no condition changes. */
  readonly plain: ReadonlySet<World>;
  readonly clusters?: readonly ExploredCluster[];
}

/** The readings for one system, in which each condition is combined with those that it has to do with. */
export function exploreWorlds<T extends Reading>(
  system: string,
  source: ReadingSource<T>,
  limits: ReadingLimits,
): Explored<T> {
  const all = departuresFrom(system, source, { max: limits.worlds, mayDepart: () => true });
  const first = [...all.worlds].find(([, { isFailed }]) => isFailed !== true) ?? [...all.worlds][0];
  if (!all.isCut || first === undefined || first[1].parts === undefined)
    return { ...all, plain: new Set(all.worlds.keys()) };
  return new ClusterExplorer({ system, source, limits, first }).explore();
}

interface ExplorerOptions<T> {
  readonly system: string;
  readonly source: ReadingSource<T>;
  readonly limits: ReadingLimits;
  /** A reading without departures. */
  readonly first: readonly [World, T];
}

interface Family<T> extends FactFamily {
  readonly worlds: ReadonlyMap<World, T>;
}

/** What was read of conditions that belong together. */
interface OwnReadings<T> {
  readonly families: readonly Family<T>[];
  /** In which several of them are otherwise. */
  readonly readings: readonly T[];
}

/** What no condition is decided without is to look at it once, so that this takes as many readings as it needs, up to this. */
const MOST_SINGLES = 3;
/** Failed tries to combine one more condition, after which no further one is tried. */
const MOST_FAILURES = 3;

class ClusterExplorer<T extends Reading> {
  readonly #options: ExplorerOptions<T>;
  readonly #base: ReadonlyMap<string, boolean>;
  readonly #worlds: Map<World, T>;
  /** How many readings there may be. */
  #most: number;
  /** How many may be made of conditions that are rarely asked. */
  #extra: number;

  constructor(options: ExplorerOptions<T>) {
    const { source, limits, first } = options;
    this.#options = options;
    this.#base = new Map(first[1].facts.map(({ expression, isTrue }) => [expression, isTrue]));
    this.#worlds = new Map<World, T>([first]);
    this.#most = source.made() + limits.readings;
    this.#extra = limits.readings;
  }

  explore(): Explored<T> {
    const { first, limits } = this.#options;
    const families = this.#families();
    const having = (expressions: ReadonlySet<string>): readonly Family<T>[] =>
      families.filter(({ expression }) => expressions.has(expression));
    // Where the readings do not do for all, they are for those that need few.
    const few = clustersOf(first[1], families).toSorted((a, b) => a.expressions.size - b.expressions.size);
    const clusters = few.flatMap(({ expressions, parts }) => {
      const own = having(expressions);
      const groups = 2 ** expressions.size > limits.cluster ? groupsOf(parts, reachesOf(first[1], own)) : [];
      return [
        ...groups.map((group) => this.#cluster(having(group.expressions), group.parts)),
        this.#cluster(own, parts),
      ];
    });
    return { worlds: this.#worlds, isCut: false, plain: new Set([first[0]]), clusters };
  }

  /** Each condition by itself, and with those that are only asked for then, as far as half of the readings go. */
  #families(): readonly Family<T>[] {
    const { source, limits } = this.#options;
    const names = [...this.#base.keys()];
    const single = source.made() + MOST_SINGLES * limits.readings;
    const only = (expression: string, max: number, most: number): ReadonlyMap<World, T> =>
      this.#combined((one) => one === expression || !this.#base.has(one), { max, most }).worlds;
    for (const expression of names) {
      const [, departed] = only(expression, 2, single).values();
      const inner = departed?.facts.filter((one) => !this.#base.has(one.expression)).length ?? 0;
      only(expression, Math.min(limits.worlds, 2 + inner), single);
    }
    this.#most = source.made() + limits.readings;
    const half = source.made() + Math.floor(limits.readings / 2);
    return names.map((expression, index) => {
      const share = Math.floor(Math.max(0, half - source.made()) / (names.length - index));
      const worlds = only(expression, Math.min(limits.worlds, 2 + share), half);
      return { expression, worlds, readings: [...worlds.values()] };
    });
  }

  #combined(
    mayDepart: (expression: string) => boolean,
    { max, most = this.#most }: { readonly max: number; readonly most?: number },
  ): ReturnType<typeof departuresFrom<T>> {
    const { system, source } = this.#options;
    return departuresFrom(system, source, { max, most, base: this.#base, mayDepart });
  }

  #cluster(families: readonly Family<T>[], parts: ReadonlySet<string>): ExploredCluster {
    const { kept, worlds, asked } = this.#kept(families);
    const loose = new Set([...asked].filter((expression) => !kept.has(expression)));
    const hasTasks = [...parts].some((part) => part === "" || part.startsWith("task "));
    const samples = new Map<World, T>();
    if (loose.size > 0 && hasTasks) {
      for (const [world, reading] of this.#samples(families, [...kept, ...loose]))
        samples.set(world, reading);
      this.#lookAtEach(loose, { kept, samples, known: [...worlds.values()] });
    }
    for (const some of [worlds, samples])
      for (const [world, reading] of some) this.#worlds.set(world, reading);
    const own = { families, readings: [...worlds.values(), ...samples.values()] };
    const conditions = [...loose].flatMap((expression) => this.#loose(expression, own));
    // What no expression says is no guess: a task that it changes is told by its reading.
    const opaque = new Set(
      conditions.flatMap(({ fact }) => (fact.isOpaque === true ? [fact.expression] : [])),
    );
    const alone = families
      .filter(({ expression }) => opaque.has(expression))
      .flatMap((one) => [...one.worlds]);
    for (const [world, reading] of alone) this.#worlds.set(world, reading);
    return {
      parts,
      worlds: new Set([...worlds.keys(), ...alone.map(([world]) => world)]),
      sampled: new Set([...worlds.keys(), ...samples.keys()]),
      loose: conditions,
    };
  }

  /** The conditions of which all combinations can be looked at, one more at a time. */
  #kept(families: readonly Family<T>[]): {
    readonly kept: ReadonlySet<string>;
    readonly worlds: ReadonlyMap<World, T>;
    /** All conditions that were seen. */
    readonly asked: ReadonlySet<string>;
  } {
    const max = this.#options.limits.cluster;
    const own = families.toSorted((a, b) => weightOf(b) - weightOf(a)).map(({ expression }) => expression);
    const asked = new Set(own);
    const note = (readings: Iterable<Reading>): void => {
      for (const { facts } of readings)
        for (const { expression } of facts) if (!this.#base.has(expression)) asked.add(expression);
    };
    for (const { readings } of families) note(readings);
    let kept: ReadonlySet<string> = new Set();
    let { worlds } = this.#combined(() => false, { max });
    let failures = 0;
    // A set visits what is added to it on the way.
    for (const expression of asked) {
      const asking = [...worlds.keys()].filter(({ facts }) => hasFact(facts, expression)).length;
      if (failures === MOST_FAILURES || worlds.size + asking > max) continue;
      const more = new Set([...kept, expression]);
      const tried = this.#combined((one) => more.has(one), { max });
      if (tried.isCut) failures += 1;
      else {
        [kept, worlds] = [more, tried.worlds];
        note(worlds.values());
      }
    }
    return { kept, worlds, asked };
  }

  /**
   * Each condition by itself, all at once, and as many other ways as it takes that every two of them are seen in all four
   * ways: for each digit of their binary numbers, those depart that have it, and then those that have not.
   */
  #samples(families: readonly Family<T>[], all: readonly string[]): ReadonlyMap<World, T> {
    const { system, source } = this.#options;
    const found = new Map<World, T>(families.flatMap(({ worlds }) => [...worlds]));
    const usual = new Map(
      [...found.values()].flatMap(({ facts }) =>
        facts.map(({ expression, isTrue, isUsual }) => [expression, isTrue === isUsual] as const),
      ),
    );
    const digits = Math.ceil(Math.log2(Math.max(2, all.length)));
    const ways = [all];
    for (let digit = 0; digit < digits; digit += 1)
      for (const value of [0, 1])
        ways.push(all.filter((_, index) => Math.floor(index / 2 ** digit) % 2 === value));
    for (const way of ways) {
      const base = new Map(this.#base);
      for (const expression of way)
        base.set(expression, !(this.#base.get(expression) ?? usual.get(expression) ?? false));
      const { world, reading } = source.read({ system, departures: [], base });
      found.set(world, reading);
    }
    return found;
  }

  /** Adds readings in which conditions that are rarely asked are otherwise, and then what is only asked in those. */
  #lookAtEach(
    loose: Set<string>,
    {
      kept,
      samples,
      known,
    }: {
      readonly kept: ReadonlySet<string>;
      readonly samples: Map<World, T>;
      readonly known: readonly T[];
    },
  ): void {
    const { system, source } = this.#options;
    const note = ({ facts }: Reading): void => {
      for (const { expression } of facts)
        if (!this.#base.has(expression) && !kept.has(expression)) loose.add(expression);
    };
    for (const reading of samples.values()) note(reading);
    // A set visits what is added to it on the way.
    for (const expression of loose) {
      const asking = [...known, ...samples.values()].filter(({ facts }) => hasFact(facts, expression));
      const values = asking.map(({ facts }) => facts.find((one) => one.expression === expression)?.isTrue);
      const [reading] = asking;
      if (reading === undefined || values.some((one) => one !== values[0]) || this.#extra === 0) continue;
      this.#extra -= 1;
      const base = new Map(reading.facts.map((one) => [one.expression, one.isTrue]));
      base.set(expression, values[0] !== true);
      const found = source.read({ system, departures: [], base });
      samples.set(found.world, found.reading);
      note(found.reading);
    }
  }

  #loose(expression: string, { families, readings }: OwnReadings<T>): readonly LooseCondition[] {
    const { first } = this.#options;
    const all = [...families.flatMap((one) => one.readings), ...readings];
    const asking = all.filter(({ facts }) => hasFact(facts, expression));
    const isBase = this.#base.has(expression);
    const fact = (isBase ? first[1] : asking[0])?.facts.find((one) => one.expression === expression);
    if (fact === undefined) return [];
    const isOther = ({ facts }: Reading): boolean =>
      facts.some((one) => one.expression === expression && one.isTrue !== fact.isTrue);
    const before = isBase ? [] : asking.map((reading) => this.#departedBefore(reading, expression));
    const [only, ...others] = new Set(before);
    const departs = textOf(fact, !fact.isTrue);
    return [
      {
        fact,
        departs:
          departs === undefined || only === undefined || only === "" || others.length > 0
            ? departs
            : `${only} && ${departs}`,
        isSeen: asking.some(isOther),
      },
    ];
  }

  /** What has to be otherwise than where nothing is set for a condition to be asked; empty where nothing says it. */
  #departedBefore({ facts }: Reading, expression: string): string {
    const at = facts.findIndex((one) => one.expression === expression);
    const terms = facts.slice(0, at).flatMap((one) => {
      const usual = this.#base.get(one.expression);
      return usual === undefined || usual === one.isTrue ? [] : [textOf(one, one.isTrue)];
    });
    return terms.includes(undefined) ? "" : terms.map((term) => `(${term})`).join(" && ");
  }
}

/** Tasks of a cluster that depend on the same conditions, those with few of them first. */
function groupsOf(parts: ReadonlySet<string>, reaches: readonly FactReach[]): readonly FactCluster[] {
  const groups = new Map<
    string,
    { readonly expressions: ReadonlySet<string>; readonly parts: Set<string> }
  >();
  for (const part of parts)
    for (const task of taskOf(part)) {
      const expressions = conditionsOf(task, reaches);
      const key = JSON.stringify([...expressions].toSorted());
      const group = groups.get(key) ?? { expressions, parts: new Set() };
      group.parts.add(part);
      groups.set(key, group);
    }
  return [...groups.values()].toSorted((a, b) => a.expressions.size - b.expressions.size);
}

/** The task that a part is, if it is one. */
const taskOf = (part: string): readonly string[] => (part.startsWith("task ") ? [part.slice(5)] : []);

const hasFact = (facts: readonly Fact[], expression: string): boolean =>
  facts.some((fact) => fact.expression === expression);

const textOf = ({ expression, isOpaque }: Fact, isTrue: boolean): string | undefined =>
  isOpaque === true ? undefined : isTrue ? expression : negated(expression);

/** What a command prints is not known at all, so that it is combined before what the environment says. */
const weightOf = ({ expression }: FactFamily): number => (expression.includes("shell(") ? 1 : 0);
