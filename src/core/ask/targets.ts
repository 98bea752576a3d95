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
  const references: string[] = [];
  const names: string[] = [];
  let isCertain = true;
  let isEverywhere = false;
  for (const { kind, name, isReference } of mentions) {
    if (kind !== "task") continue;
    const found = isReference ? tasks.filter(({ ref }) => ref === name) : inPackages(name, packages, tasks);
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
