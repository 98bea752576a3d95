import type { AskedNames, AskedTask } from "#core/ask/known";
import { ownKey } from "#core/config/own-key";
import { declaredParameters } from "#core/plan/parameters";
import { allWorkflows } from "#core/workspace/workflows";
import type { Package, Workspace } from "#core/workspace/workspace";

/** The names of a workspace that sentences can be about, seen from the current folder; hidden tasks are not. */
export function askedNames(workspace: Workspace): AskedNames {
  const packages = [...workspace.packages.values()];
  const tasks = packages.flatMap((pkg) => tasksOf(workspace, pkg));
  const profiles = packages.flatMap((pkg) =>
    pkg.config.files.flatMap((file) => Object.keys(file.document.profiles ?? {})),
  );
  return {
    tasks,
    workflows: allWorkflows(workspace).map(({ name }) => name),
    packages: packages.filter((pkg) => pkg !== workspace.rootPackage).map(({ name }) => name),
    tags: [...new Set(tasks.flatMap(({ tags }) => tags))],
    profiles: [...new Set(profiles)],
  };
}

function tasksOf(workspace: Workspace, pkg: Package): AskedTask[] {
  const isHere = pkg === workspace.current;
  const prefix = isHere ? "" : pkg === workspace.rootPackage ? "//:" : `${pkg.name}:`;
  const found: AskedTask[] = [];
  for (const [name, entry] of pkg.config.tasks) {
    if (name.includes("*") || (ownKey(entry, (table) => table.hidden) ?? name.startsWith("_"))) continue;
    const { table } = pkg.resolve(entry);
    found.push({
      ref: prefix + name,
      // The current package's tasks are meant where no package is named, and also by its name.
      package: pkg === workspace.rootPackage ? "" : pkg.name,
      isHere,
      name,
      description: table.description ?? "",
      tags: table.tags ?? [],
      choices: declaredParameters(table).flatMap(({ choices }) => choices ?? []),
    });
  }
  return found;
}
