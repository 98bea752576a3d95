import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { suggest } from "#base/suggest";
import type { TaskEntry } from "#core/config/config";
import type { Package, Workspace } from "#core/workspace/workspace";

interface InWorkspace {
  readonly workspace: Workspace;
}

/** References to all tasks of a workspace that have one of the tags. */
export function taggedTasks({ workspace }: InWorkspace, tags: readonly string[]): readonly string[] {
  return [...workspace.packages.values()].flatMap((pkg) =>
    [...pkg.config.tasks.values()]
      .filter((entry) => isRunnable(entry) && tagsOf(pkg, entry).some((tag) => tags.includes(tag)))
      .map((entry) => (pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`)),
  );
}

/** What is wrong with tags of the command line: nobody asks for a tag that no task has. */
export function tagProblem({ workspace }: InWorkspace, tags: readonly string[]): Problems | undefined {
  if (tags.length === 0) return undefined;
  const known = new Set(
    [...workspace.packages.values()].flatMap((pkg) =>
      [...pkg.config.tasks.values()].filter(isRunnable).flatMap((entry) => tagsOf(pkg, entry)),
    ),
  );
  const unknown = tags.find((tag) => !known.has(tag));
  return unknown === undefined
    ? undefined
    : usageProblem("E377", { tag: unknown }, suggest(unknown, [...known]));
}

/** A pattern is no task before something stands in the place of its star. */
const isRunnable = ({ name }: TaskEntry): boolean => !name.includes("*");

const tagsOf = (pkg: Package, entry: TaskEntry): readonly string[] => pkg.resolve(entry).table.tags ?? [];
