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
    ...names.tasks.flatMap(({ ref }) =>
      ref.includes(":") ? exact("task", ref, clause).map((one) => ({ ...one, isReference: true })) : [],
    ),
    ...taskNames.flatMap((name) => byName("task", name, clause)),
    ...names.workflows.flatMap((name) => byName("workflow", name, clause)),
    ...partsOfNames(taskNames, clause),
    ...standIns(taskNames, clause),
    ...names.packages.flatMap((name) => byName("package", name, clause)),
  ];
  const kept = withoutVerbs(withoutOverlap(found), { clause, names });
  const taken = (extent: Extent): boolean =>
    kept.some((one) => one.extents.some((own) => overlaps(own, extent)));
  const others = [
    ...choicesOf(kept, names).flatMap((name) => byName("choice", name, clause)),
    ...names.tags.flatMap((name) => byName("tag", name, clause)),
  ].filter(({ extents }) => !extents.some(taken));
  const all = [...kept, ...others];
  if (kept.some(({ kind }) => kind === "task")) return all;
  const described = describedTask(clause, names);
  return described === undefined ? [...all, ...misspelled(taskNames, clause, all)] : [...all, described];
}

/** Values that the parameters of mentioned tasks allow. */
function choicesOf(mentions: readonly Mention[], { tasks }: AskedNames): readonly string[] {
  const own = tasks.filter(({ name, ref }) =>
    mentions.some((one) => one.kind === "task" && [name, ref].includes(one.name)),
  );
  return [...new Set(own.flatMap(({ choices }) => choices ?? []))];
}

interface MentionSetting {
  readonly clause: Clause;
  readonly names: AskedNames;
}

/** Verbs that make a thing, whatever it is: what is spoken of is the thing. */
const MAKING: ReadonlySet<Stem> = new Set<Stem>(["build", "bench", "start", "publish"]);

/**
 * Without what only belongs to the mention beside it: the verb of "build the docs" where there is a task docs, and
 * "tests" of "unit tests" where that is what the task unit is described as. Names with a comma or an "and" between them
 * are both meant.
 */
function withoutVerbs(mentions: readonly Mention[], { clause, names }: MentionSetting): Mention[] {
  const tasks = mentions.filter(({ kind }) => kind === "task");
  if (tasks.length < 2) return [...mentions];
  const isVerb = (one: Mention): boolean => {
    const said = clause.stems.filter((piece) => one.extents.some((own) => overlaps(own, piece)));
    return said.some(({ means }) => [...means].some((stem) => MAKING.has(stem)));
  };
  const isDescribed = (one: Mention, other: Mention): boolean => {
    const words = one.extents.map(({ start, end }) => rootOf(clause.text.slice(start, end)));
    const said = names.tasks.find(({ name }) => name === other.name)?.description.toLowerCase() ?? "";
    return one.strength < EXACT && words.every((word) => said.includes(word));
  };
  const belongs = (one: Mention, other: Mention): boolean =>
    other !== one &&
    !isListed(one, other, clause.text) &&
    !isVerb(other) &&
    (isVerb(one) || isDescribed(one, other));
  // The database of "seed the database" is no part of another task's name where seed is a task: what it is stays open.
  const isObject = (one: Mention): boolean =>
    one.strength === PART &&
    tasks.some((other) => other.strength > PART && !isListed(one, other, clause.text));
  const left = tasks.filter((one) => !isObject(one) && !tasks.some((other) => belongs(one, other)));
  return [
    ...mentions.filter(({ kind }) => kind !== "task"),
    ...left.map((one) => {
      const own = tasks.filter((other) => belongs(other, one));
      return { ...one, extents: [...one.extents, ...own.flatMap(({ extents }) => extents)] };
    }),
  ];
}

/** Whether something stands between two mentions that makes a list of them. */
function isListed(a: Mention, b: Mention, text: string): boolean {
  const [first, second] = [a, b].map(({ extents }) => ({
    start: Math.min(...extents.map(({ start }) => start)),
    end: Math.max(...extents.map(({ end }) => end)),
  }));
  if (first === undefined || second === undefined) return false;
  const between = text.slice(Math.min(first.end, second.end), Math.max(first.start, second.start));
  return LISTING.test(between);
}

const LISTING = /[,;&、，+]|(?:^|\s)(?:and|plus|und|et|y|then)(?:\s|$)|하고|그리고|이랑|랑|[와과및と和]/iu;

/** Whether tasks that a clause names stand beside each other without anything that makes a list of them. */
export function areHuddled(mentions: readonly Mention[], text: string): boolean {
  const tasks = mentions.filter(({ kind }) => kind === "task");
  return tasks.some((one, at) => {
    const next = tasks[at + 1];
    return next !== undefined && !isListed(one, next, text) && tasks.length < 3;
  });
}

/** The task whose description the words of a clause are taken from, where there is but one; it has to be asked about. */
function describedTask(clause: Clause, { tasks }: AskedNames): Mention | undefined {
  const { filler } = patternsOf("en");
  const words = clause.words.filter(
    (word) => !filler.test(word.text) && !clause.concepts.some((piece) => overlaps(piece, word)),
  );
  const scored = tasks
    .map((task) => {
      const said = new Set(task.description.split(/\W+/).map(rootOf));
      return { task, extents: words.filter(({ text }) => said.has(rootOf(text))) };
    })
    .filter(({ extents }) => extents.length >= 2)
    .toSorted((a, b) => b.extents.length - a.extents.length);
  const [best, second] = scored;
  if (best === undefined || best.extents.length === second?.extents.length) return undefined;
  return {
    kind: "task",
    name: best.task.name,
    isReference: false,
    extents: best.extents,
    strength: STAND_IN,
  };
}

function byName(kind: Mention["kind"], name: string, clause: Clause): Mention[] {
  const same = exact(kind, name, clause);
  return same.length > 0 ? same : byParts(kind, name, clause);
}

/** A name as it is. */
function exact(kind: Mention["kind"], name: string, { words, stems }: Clause): Mention[] {
  return words
    .filter(({ text }) => text.toLowerCase() === name.toLowerCase())
    .map((word) => {
      // What is said together is one thing: "smoke tests" where a task is called smoke.
      const whole = stems.find((piece) => overlaps(piece, word)) ?? word;
      return {
        kind,
        name,
        isReference: false,
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
