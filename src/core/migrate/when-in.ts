import type { World } from "./worlds";

/**
 * When something holds that is so in some worlds and not in the others: always (an empty text), an expression of ours,
 * or undefined where no short one says it. A world in which a condition was never looked at counts as both ways for it.
 */
export function whenIn(worlds: readonly World[], present: ReadonlySet<World>): string | undefined {
  if (worlds.every((world) => present.has(world))) return "";
  if (present.size === 0) return undefined;
  const isPresent = worlds.map((world) => present.has(world));
  const tests = answersTo(worlds);
  for (const { text, said } of tests) if (said.every((one, at) => one === isPresent[at])) return text;
  for (const [index, first] of tests.entries()) {
    for (const second of tests.slice(index + 1)) {
      if (isPresent.every((is, at) => both(first.said[at], second.said[at]) === is))
        return `${wrapped(first.text)} && ${wrapped(second.text)}`;
      if (isPresent.every((is, at) => either(first.said[at], second.said[at]) === is))
        return `${wrapped(first.text)} || ${wrapped(second.text)}`;
    }
  }
  return alternatives(worlds, present);
}

interface Answers {
  readonly text: string;
  /** What a test says of each world, in order. */
  readonly said: readonly (boolean | undefined)[];
}

/** Each test is asked of each world once: pairs of many tests over many worlds are looked at, for one step after another. */
function answersTo(worlds: readonly World[]): readonly Answers[] {
  const known = ASKED.get(worlds);
  if (known !== undefined) return known;
  const answers = testsOf(worlds)
    .map(({ text, test }) => ({ text, said: worlds.map(test) }))
    // What is the same in all of them tells none from another.
    .filter(({ said }) => said[0] === undefined || said.some((one) => one !== said[0]));
  ASKED.set(worlds, answers);
  return answers;
}

const ASKED = new WeakMap<readonly World[], readonly Answers[]>();

/** The logic of three values, of which undefined is the third (Kleene). */
const both = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === false || b === false ? false : a === true && b === true ? true : undefined;
const either = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === true || b === true ? true : a === false && b === false ? false : undefined;

const wrapped = (text: string): string => (text.includes("||") ? `(${text})` : text);

/** One condition, taken one way. */
interface Test {
  readonly text: string;
  /** Undefined where the world does not say. */
  readonly test: (world: World) => boolean | undefined;
}

function testsOf(worlds: readonly World[]): readonly Test[] {
  const systems = [...new Set(worlds.map(({ system }) => system))];
  const expressions = [
    ...new Set(
      worlds.flatMap(({ facts }) =>
        facts.filter(({ isOpaque }) => isOpaque !== true).map(({ expression }) => expression),
      ),
    ),
  ];
  const ofSystem = systems.length < 2 ? [] : systems.flatMap(systemTests);
  return [...ofSystem, ...expressions.flatMap(factTests)];
}

const systemTests = (system: string): readonly Test[] => [
  { text: `platform == '${system}'`, test: (world) => world.system === system },
  { text: `platform != '${system}'`, test: (world) => world.system !== system },
];

function factTests(expression: string): readonly Test[] {
  const value = (world: World): boolean | undefined => answersOf(world).get(expression);
  const not = (given: boolean | undefined): boolean | undefined => (given === undefined ? given : !given);
  return [
    { text: expression, test: value },
    { text: negated(expression), test: (world) => not(value(world)) },
  ];
}

/** How each condition is in a world; looked up far more often than there are worlds. */
function answersOf(world: World): ReadonlyMap<string, boolean> {
  const known = ANSWERS.get(world);
  if (known !== undefined) return known;
  const answers = new Map(world.facts.map(({ expression, isTrue }) => [expression, isTrue]));
  ANSWERS.set(world, answers);
  return answers;
}

const ANSWERS = new WeakMap<World, ReadonlyMap<string, boolean>>();

/** The expression that holds where another one does not. */
export const negated = (expression: string): string =>
  / == '(?:[^'\\]|\\.)*'$/.test(expression)
    ? expression.replace(/ == (?='(?:[^'\\]|\\.)*'$)/, " != ")
    : expression.endsWith(" != ''")
      ? `${expression.slice(0, -6)} == ''`
      : `!(${expression})`;

const MAX_ALTERNATIVES = 5;
const MAX_TESTS = 16;

/** The worlds one by one, each by as few of its conditions as tell it from those in which it does not hold. */
function alternatives(worlds: readonly World[], present: ReadonlySet<World>): string | undefined {
  const saidBy = new Map(answersTo(worlds).map((one) => [one.text, one]));
  const absent = worlds.flatMap((world, at) => (present.has(world) ? [] : [at]));
  const isTold = (tests: readonly Answers[]): boolean =>
    absent.every((at) => tests.some(({ said }) => said[at] === false));
  const texts = new Set<string>();
  const terms: (readonly Answers[])[] = [];
  for (const [at, world] of worlds.entries()) {
    if (!present.has(world) || terms.some((tests) => tests.every(({ said }) => said[at] === true))) continue;
    let tests: readonly Answers[] = ownTests(world, worlds).flatMap(({ text }) => saidBy.get(text) ?? []);
    if (!isTold(tests)) return undefined;
    for (const test of tests) {
      const fewer = tests.filter((other) => other !== test);
      if (isTold(fewer)) tests = fewer;
    }
    if (tests.length > MAX_TESTS) return undefined;
    terms.push(tests);
    texts.add(tests.map(({ text }) => wrapped(text)).join(" && "));
    if (texts.size > MAX_ALTERNATIVES) return undefined;
  }
  return texts.size === 1 ? [...texts].join("") : [...texts].map((text) => `(${text})`).join(" || ");
}

/** Everything that is true in a world, as far as it can be said. */
function ownTests(world: World, worlds: readonly World[]): readonly Test[] {
  const isSystem = worlds.some(({ system }) => world.system !== system);
  return [
    ...(isSystem ? systemTests(world.system).slice(0, 1) : []),
    ...world.facts.flatMap(({ expression, isTrue, isOpaque }) =>
      isOpaque === true ? [] : factTests(expression).slice(isTrue ? 0 : 1, isTrue ? 1 : 2),
    ),
  ];
}
