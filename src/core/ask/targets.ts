import type { AskedNames, AskedTask } from "./known";
import type { Mention } from "./mentions";

/** The tasks that a clause speaks of. */
export interface Targets {
  readonly references: readonly string[];
  /** Without packages, each once. */
  readonly names: readonly string[];
  /** False where a name could be several tasks, or a package has no such task. */
  readonly isCertain: boolean;
  /** Whether they are tasks that several packages have and none of which is nearer: all are meant, or one of them. */
  readonly isEverywhere: boolean;
  /** Whether packages that were named say which task is meant. */
  readonly usesPackages: boolean;
}

/** Puts tasks and packages of a clause together: the named tasks of the named packages, else of those meant before. */
export function targetsOf(
  mentions: readonly Mention[],
  { tasks }: AskedNames,
  before: readonly string[] = [],
): Targets {
  const named = mentions.filter(({ kind }) => kind === "package").map(({ name }) => name);
  const packages = named.length > 0 ? named : before;
  const paired = pairsOf(mentions);
  const references: string[] = [];
  const names: string[] = [];
  let isCertain = paired !== "unclear";
  let isEverywhere = false;
  for (const mention of mentions) {
    const { kind, name, isReference } = mention;
    if (kind !== "task") continue;
    const own = paired === "unclear" ? packages : (paired?.get(mention) ?? packages);
    const found = isReference ? tasks.filter(({ ref }) => ref === name) : inPackages(name, own, tasks);
    if (found === undefined) {
      isCertain = false;
      if (packages.length === 0 && !names.includes(name)) {
        isEverywhere = true;
        references.push(name);
        names.push(name);
      }
    }
    for (const task of found ?? []) {
      if (!references.includes(task.ref)) references.push(task.ref);
      if (!names.includes(task.name)) names.push(task.name);
    }
  }
  return {
    references,
    names,
    isCertain,
    isEverywhere,
    usesPackages: packages.length > 0 && references.length > 0,
  };
}

/**
 * The packages that stand beside each task where tasks and packages take turns: "build api and test web" does not build
 * web. Undefined where all tasks are meant in all packages ("build and test api and web"); `unclear` where they take
 * turns and do not go into pairs.
 */
function pairsOf(
  mentions: readonly Mention[],
): ReadonlyMap<Mention, readonly string[]> | "unclear" | undefined {
  const said = mentions.filter(
    ({ kind, isReference }) => kind === "package" || (kind === "task" && !isReference),
  );
  const groups: Mention[][] = [];
  for (const mention of said.toSorted((a, b) => startOf(a) - startOf(b))) {
    const last = groups.at(-1);
    if (last?.[0]?.kind === mention.kind) last.push(mention);
    else groups.push([mention]);
  }
  const packages = said.filter(({ kind }) => kind === "package");
  if (groups.length < 3 || new Set(packages.map(({ name }) => name)).size < 2) return undefined;
  if (groups.length % 2 !== 0) return "unclear";
  const pairs = new Map<Mention, readonly string[]>();
  for (let at = 0; at < groups.length; at += 2) {
    const pair = [...(groups[at] ?? []), ...(groups[at + 1] ?? [])];
    const names = pair.filter(({ kind }) => kind === "package").map(({ name }) => name);
    for (const mention of pair) if (mention.kind === "task") pairs.set(mention, names);
  }
  return pairs;
}

const startOf = ({ extents }: Mention): number => Math.min(...extents.map(({ start }) => start));

/** Undefined where it can't be said which is meant. */
function inPackages(
  name: string,
  packages: readonly string[],
  tasks: readonly AskedTask[],
): readonly AskedTask[] | undefined {
  const same = tasks.filter((task) => task.name === name);
  if (packages.length > 0) {
    const found = packages.map((pkg) => same.find((task) => task.package === pkg));
    return found.includes(undefined) ? undefined : found.filter((task) => task !== undefined);
  }
  const here = same.find(({ isHere }) => isHere) ?? same.find((task) => task.package === "");
  if (here !== undefined) return [here];
  return same.length === 1 ? same : undefined;
}
