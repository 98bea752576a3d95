import { isInside, relativeTo } from "#base/path";
import { sharedEnvironmentFiles, taskReadFiles } from "#core/plan/environment-files";
import { isMeant, watchPattern } from "#core/watch/watch-pattern";
import { neededTasks } from "#core/workspace/needed-tasks";
import type { Package, Workspace } from "#core/workspace/workspace";
import { linkedFolders } from "#engine/affected/linked-folders";
import { realFolder } from "#system/fs/kept-files";

/**
 * Whether some packages and their tasks go by a file, by its absolute path: their configuration includes it, variables or
 * stdin come from it, it describes a language, or `inputs` name it.
 *
 * @param packages without the root, whose tasks count where others need them.
 */
export function readsOf(workspace: Workspace, packages: readonly Package[]): (path: string) => boolean {
  const { root, rootPackage } = workspace;
  const asked = packages.flatMap((pkg) => [...pkg.config.tasks.values()].map((entry) => ({ pkg, entry })));
  const tasks = [
    ...asked.map(({ pkg, entry }) => ({ pkg, task: pkg.resolve(entry) })),
    ...neededTasks(workspace, asked).tasks.filter(({ pkg }) => pkg === rootPackage),
  ];
  const files = new Set(
    [rootPackage, ...packages].flatMap((pkg) => [
      ...pkg.config.files.filter(({ layer }) => layer !== "user").map(({ path }) => path),
      ...sharedEnvironmentFiles(pkg, root),
    ]),
  );
  for (const { pkg, task } of tasks)
    for (const path of taskReadFiles(task, { dir: pkg.dir, root })) files.add(path);
  const patternsOf = (globs: readonly string[], dir: string) =>
    globs.flatMap((glob) => watchPattern(glob, { root, dir }) ?? []);
  const lists = [
    ...rootPackage.config.files.map(({ document }) => patternsOf(document.workspace?.languages ?? [], root)),
    ...tasks.map(({ pkg, task }) => patternsOf(task.table.inputs ?? [], pkg.dir)),
  ].filter((patterns) => patterns.length > 0);
  return (path) => files.has(path) || lists.some((patterns) => isMeant(patterns, path));
}

/** Whether links among some files lead to a file or to a folder around it. All paths are from the root. */
export async function behindLinksOf(
  root: string,
  files: Iterable<string>,
): Promise<(path: string) => boolean> {
  const links = await linkedFolders(root, files);
  if (links.length === 0) return () => false;
  const top = await realFolder(root);
  const targets = links
    .filter(({ target }) => isInside(top, target))
    .map(({ target }) => relativeTo(top, target))
    .filter((target) => target !== ".");
  return (path) => targets.some((target) => path === target || path.startsWith(`${target}/`));
}
