import type { Reading } from "./worlds";

/** The readings in which one condition is taken otherwise than where nothing is set. */
export interface FactFamily {
  readonly expression: string;
  readonly readings: readonly Reading[];
}

/** Conditions that have to do with each other, and the parts of a file that they change. */
export interface FactCluster {
  readonly expressions: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
}

/** A condition, and what there is to do with it. */
export interface FactReach {
  readonly expression: string;
  /** What it changes, what is made of that, and the texts of conditions that ask for any of it. */
  readonly parts: ReadonlySet<string>;
  /** What stands for itself among the parts of others. */
  readonly own: ReadonlySet<string>;
}

/** What each condition has to do with. */
export function reachesOf(base: Reading, families: readonly FactFamily[]): readonly FactReach[] {
  const usersOf = usersOfParts([base, ...families.flatMap(({ readings }) => readings)]);
  const before = base.parts?.() ?? new Map<string, string>();
  return families.map(({ expression, readings }) => {
    const changed = new Set(readings.flatMap((reading) => differing(before, reading.parts?.() ?? before)));
    const sources = readings.flatMap(({ facts }) =>
      facts.filter((fact) => fact.expression === expression).map(({ source }) => `? ${source ?? ""}`),
    );
    const asked = readings.flatMap((reading) => askedElsewhere(base, reading)).map((one) => `! ${one}`);
    const own = [...sources, `! ${expression}`];
    return {
      expression,
      parts: new Set([...withUsers(changed, usersOf), ...own, ...asked]),
      own: new Set(own),
    };
  });
}

/**
 * Puts conditions together that change the same part, a part that is made of one that the other changes, or the other's
 * own text, so that those of different clusters can be looked at one after the other.
 */
export function clustersOf(base: Reading, families: readonly FactFamily[]): readonly FactCluster[] {
  let clusters: readonly FactCluster[] = [];
  for (const { expression, parts } of reachesOf(base, families)) {
    const own: FactCluster = { expressions: new Set([expression]), parts };
    const related = clusters.filter((one) => [...parts].some((part) => one.parts.has(part)));
    clusters = [...clusters.filter((one) => !related.includes(one)), together([own, ...related])];
  }
  return clusters;
}

/** The conditions that a task depends on: those that change it, and those that change what one of them asks for. */
export function conditionsOf(task: string, reaches: readonly FactReach[]): ReadonlySet<string> {
  const found = new Set(reaches.filter(({ parts }) => parts.has(`task ${task}`) || parts.has("")));
  // A set visits what is added to it on the way.
  for (const { own } of found)
    for (const reach of reaches) if ([...own].some((part) => reach.parts.has(part))) found.add(reach);
  return new Set([...found].map(({ expression }) => expression));
}

/** Conditions that are asked for by other texts than before, so that what they decide is more. */
const askedElsewhere = (base: Reading, reading: Reading): readonly string[] =>
  reading.facts
    .filter(({ expression, source }) => {
      const before = base.facts.find((fact) => fact.expression === expression);
      return before !== undefined && before.source !== source;
    })
    .map(({ expression }) => expression);

const together = (clusters: readonly FactCluster[]): FactCluster => ({
  expressions: new Set(clusters.flatMap(({ expressions }) => [...expressions])),
  parts: new Set(clusters.flatMap(({ parts }) => [...parts])),
});

/** Names of parts that are not the same in both; all of them where what all tasks have differs. */
function differing(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  return changed.includes("") ? ["", ...names.filter((name) => name.startsWith("task "))] : changed;
}

/** Which parts name each part, by what they are made of in any reading; conditions are `? ` and their text. */
function usersOfParts(readings: readonly Reading[]): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  const add = (user: string, text: string): void => {
    for (const name of text.match(/[\w.-]+/g) ?? []) {
      const known = users.get(name);
      if (known === undefined) users.set(name, new Set([user]));
      else known.add(user);
    }
  };
  const seen = new Set<string>();
  for (const reading of readings) {
    for (const { source } of reading.facts) if (source !== undefined) add(`? ${source}`, source);
    for (const [name, text] of reading.parts?.() ?? []) {
      const key = `${name}\n${text}`;
      if (!seen.has(key)) add(name, text);
      seen.add(key);
    }
  }
  return users;
}

function withUsers(
  changed: ReadonlySet<string>,
  usersOf: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const all = new Set(changed);
  // A set visits what is added to it on the way.
  for (const part of all)
    if (!/^(?:task|[?!]) /.test(part)) for (const user of usersOf.get(part) ?? []) all.add(user);
  return all;
}
