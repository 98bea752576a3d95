import type { TaskEntry } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { LinkRole } from "#core/workspace/task-links";
import type { Package, Workspace } from "#core/workspace/workspace";

/** Ways to name a task that is run then at a time of the namer's choosing. */
const IN_PLACE: ReadonlySet<LinkRole> = new Set(["finally", "on_success", "on_failure", "cmds"]);

/**
 * The tasks for which what runs before them depends on who runs them: handlers, what steps call, what these need, and
 * all of a workspace with workflows, whose stages run before each other.
 */
export function tasksInContext(workspace: Workspace): ReadonlySet<TaskEntry> {
  const packages = [...workspace.packages.values()];
  const all = packages.flatMap((pkg) => [...pkg.config.tasks.values()].map((entry) => ({ pkg, entry })));
  if (packages.some((pkg) => pkg.config.workflows.size > 0)) return new Set(all.map(({ entry }) => entry));
  const queue = all.flatMap((task) => targetsOf(workspace, task, (role) => IN_PLACE.has(role)));
  const found = new Set<TaskEntry>();
  for (const task of queue) {
    if (found.has(task.entry)) continue;
    found.add(task.entry);
    queue.push(...targetsOf(workspace, task, () => true));
  }
  return found;
}

function targetsOf(
  workspace: Workspace,
  { pkg, entry }: { readonly pkg: Package; readonly entry: TaskEntry },
  isMeant: (role: LinkRole) => boolean,
): ReturnType<typeof resolveReference>[number][] {
  const { namespace } = entry;
  const origin = { pkg, ...(namespace === undefined ? {} : { namespace }) };
  return taskLinks(pkg.resolve(entry).table)
    .filter(({ role }) => isMeant(role))
    .flatMap(({ name }) => resolveReference(workspace, origin, parseReference(name).name));
}

/** Whether a task may speak of the results of tasks before it, in a string or an expression. */
export const mentionsResults = (table: TaskTable): boolean =>
  /\b(?:tasks|output)\b/.test(JSON.stringify(table));
