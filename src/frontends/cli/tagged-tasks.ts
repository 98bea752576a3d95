import type { Workspace } from "#core/workspace/workspace";

/** References to all tasks of a workspace that have one of the tags. */
export function taggedTasks(
  { workspace }: { readonly workspace: Workspace },
  tags: readonly string[],
): readonly string[] {
  return [...workspace.packages.values()].flatMap((pkg) =>
    [...pkg.config.tasks.values()]
      .filter(
        (entry) =>
          !entry.name.includes("*") &&
          pkg.resolve(entry).table.tags?.some((tag) => tags.includes(tag)) === true,
      )
      .map((entry) => (pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`)),
  );
}
