import { editDistance } from "#base/suggest";
import type { Clause, Extent } from "./clause";
import type { AskedNames } from "./known";
import type { Stem } from "./lexicon";
import { patternsOf } from "./patterns";

/** A name of the workspace that a clause speaks of. */
export interface Mention {
  readonly kind: "task" | "workflow" | "package" | "choice" | "tag";
  /** A task's name without its package, or its whole reference where that was written. */
  readonly name: string;
  readonly isReference: boolean;
  readonly extents: readonly Extent[];
  /** From 0 to 1: 1 the name itself, less a form of it, a part of it, or something like it. */
  readonly strength: number;
}

const EXACT = 1;
const FORM = 0.97;
const PART = 0.9;
const STAND_IN = 0.72;
const TYPO = 0.6;

/** What is tried where no task is called by the verb itself. */
const STAND_INS: Readonly<Partial<Record<Stem, readonly string[]>>> = {
  build: ["dist", "package", "make"],
  test: ["check", "spec", "verify"],
  dev: ["start", "serve"],
  server: ["dev", "start", "serve"],
  deploy: ["release", "publish"],
  lint: ["check"],
  format: ["fmt", "prettier"],
  typecheck: ["types", "tsc", "check"],
};

/** Names that a clause speaks of; of those that want the same words the best, and the longer ones first. */
export function findMentions(clause: Clause, names: AskedNames): readonly Mention[] {
  const taskNames = [...new Set(names.tasks.map(({ name }) => name))];
  const found = [
    ...names.tasks.flatMap(({ ref }) => (ref.includes(":") ? exact("task", ref, clause, true) : [])),
    ...taskNames.flatMap((name) => byName("task", name, clause)),
    ...names.workflows.flatMap((name) => byName("workflow", name, clause)),
    ...partsOfNames(taskNames, clause),
    ...standIns(taskNames, clause),
    ...names.packages.flatMap((name) => byName("package", name, clause)),
  ];
  const kept = withoutOverlap(found);
  const taken = (extent: Extent): boolean =>
    kept.some((one) => one.extents.some((own) => overlaps(own, extent)));
  const others = [
    ...choicesOf(kept, names).flatMap((name) => byName("choice", name, clause)),
    ...names.tags.flatMap((name) => byName("tag", name, clause)),
  ].filter(({ extents }) => !extents.some(taken));
  const all = [...kept, ...others];
  return kept.some(({ kind }) => kind === "task") ? all : [...all, ...misspelled(taskNames, clause, all)];
}

/** Values that the parameters of mentioned tasks allow. */
function choicesOf(mentions: readonly Mention[], { tasks }: AskedNames): readonly string[] {
  const own = tasks.filter(({ name, ref }) =>
    mentions.some((one) => one.kind === "task" && [name, ref].includes(one.name)),
  );
  return [...new Set(own.flatMap(({ choices }) => choices ?? []))];
}

function byName(kind: Mention["kind"], name: string, clause: Clause): Mention[] {
  const same = exact(kind, name, clause, false);
  return same.length > 0 ? same : byParts(kind, name, clause);
}

function exact(
  kind: Mention["kind"],
  name: string,
  { words, stems }: Clause,
  isReference: boolean,
): Mention[] {
  return words
    .filter(({ text }) => text.toLowerCase() === name.toLowerCase())
    .map((word) => {
      // What is said together is one thing: "smoke tests" where a task is called smoke.
      const whole = stems.find((piece) => overlaps(piece, word)) ?? word;
      return {
        kind,
        name,
        isReference,
        extents: [whole.end - whole.start > word.end - word.start ? whole : word],
        strength: EXACT,
      };
    });
}

/** A name all of whose parts are there, in whatever form: `db:migrate` by "migrate the database". */
function byParts(kind: Mention["kind"], name: string, clause: Clause): Mention[] {
  const parts = partsOf(name);
  const extents = parts.map((part) => extentOf(part, clause));
  if (parts.length === 0 || extents.includes(undefined)) return [];
  const all = extents.filter((extent) => extent !== undefined);
  return [{ kind, name, isReference: false, extents: all, strength: FORM }];
}

/** One part that no other task has: `db:seed` by "seed". */
function partsOfNames(names: readonly string[], clause: Clause): Mention[] {
  const owners = new Map<string, string[]>();
  for (const name of names)
    for (const part of partsOf(name)) owners.set(part, [...(owners.get(part) ?? []), name]);
  return [...owners].flatMap(([part, [name = "", ...others]]): Mention[] => {
    const extent = others.length > 0 || part === name ? undefined : extentOf(part, clause);
    return extent === undefined
      ? []
      : [{ kind: "task", name, isReference: false, extents: [extent], strength: PART }];
  });
}

function standIns(names: readonly string[], clause: Clause): Mention[] {
  return clause.stems.flatMap((piece) =>
    [...piece.means].flatMap((stem): Mention[] => {
      if (names.some((name) => partsOf(name).some((part) => stemsOf(part).has(stem)))) return [];
      const name = STAND_INS[stem]?.find((one) => names.includes(one));
      return name === undefined
        ? []
        : [{ kind: "task", name, isReference: false, extents: [piece], strength: STAND_IN }];
    }),
  );
}

/** Words that nothing else explains and that are nearly a task's name. */
function misspelled(names: readonly string[], clause: Clause, known: readonly Mention[]): Mention[] {
  const taken = [...known.flatMap(({ extents }) => extents), ...clause.concepts, ...clause.stems];
  return clause.words.flatMap((word): Mention[] => {
    if (word.text.length < 4 || taken.some((extent) => overlaps(extent, word))) return [];
    const scored = names
      .map((name) => ({ name, distance: editDistance(word.text.toLowerCase(), name.toLowerCase()) }))
      .filter(({ name, distance }) => distance <= (Math.min(name.length, word.text.length) < 6 ? 1 : 2))
      .toSorted((a, b) => a.distance - b.distance);
    const [best] = scored;
    return best === undefined
      ? []
      : [{ kind: "task", name: best.name, isReference: false, extents: [word], strength: TYPO }];
  });
}

const partsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[:_\-./]+/)
    .filter((part) => part !== "");

/** Where a part of a name stands in a clause, as itself, in a form of it, or as a word that means the same. */
function extentOf(part: string, clause: Clause): Extent | undefined {
  const word = clause.words.find(({ text }) => rootOf(text) === rootOf(part));
  if (word !== undefined) return word;
  const wanted = stemsOf(part);
  return clause.stems.find(({ means }) => [...means].some((stem) => wanted.has(stem)));
}

function stemsOf(part: string): ReadonlySet<Stem> {
  const found = new Set<Stem>();
  for (const [stem, pattern] of patternsOf("en").stems)
    if (part.match(pattern)?.[0] === part) found.add(stem);
  return found;
}

/** A word without the endings of the plural. */
const rootOf = (word: string): string => {
  const lower = word.toLowerCase();
  return lower.length > 3 ? lower.replace(/(?<!s)s$/, "") : lower;
};

export const overlaps = (a: Extent, b: Extent): boolean => a.start < b.end && b.start < a.end;

const lengthOf = ({ extents }: Mention): number =>
  extents.reduce((sum, { start, end }) => sum + end - start, 0);

function withoutOverlap(found: readonly Mention[]): Mention[] {
  const order = found.toSorted(
    (a, b) => b.extents.length - a.extents.length || lengthOf(b) - lengthOf(a) || b.strength - a.strength,
  );
  const kept: Mention[] = [];
  for (const one of order) {
    const rivals = kept.filter((other) => other.extents.some((a) => one.extents.some((b) => overlaps(a, b))));
    // A workflow and a task of one name both stay; what else is said decides.
    const isOtherKind = rivals.every(
      (rival) =>
        rival.kind !== one.kind &&
        rival.kind !== "package" &&
        one.kind !== "package" &&
        rival.extents.length === one.extents.length &&
        rival.strength >= FORM &&
        one.strength >= FORM,
    );
    if (rivals.length === 0 || isOtherKind) kept.push(one);
  }
  return kept.toSorted((a, b) => (a.extents[0]?.start ?? 0) - (b.extents[0]?.start ?? 0));
}
