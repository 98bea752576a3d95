import type { TaskEntry } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import { parseReference, resolveReference } from "./references";
import { taskLinks } from "./task-links";
import type { LinkRole } from "./task-links";
import type { Package, Workspace } from "./workspace";

const HANDLER_ROLES: ReadonlySet<LinkRole> = new Set(["finally", "on_success", "on_failure"]);

/**
 * The tasks that handle the end of another one: those that some `finally`, `on_success` or `on_failure` names, under
 * whatever profile.
 */
export function handlerTasks(workspace: Workspace): ReadonlySet<TaskEntry> {
  const handlers = new Set<TaskEntry>();
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
      for (const { role, name } of tablesOf(pkg, entry).flatMap(taskLinks)) {
        if (!HANDLER_ROLES.has(role)) continue;
        for (const target of resolveReference(workspace, origin, parseReference(name).name))
          handlers.add(target.entry);
      }
    }
  }
  return handlers;
}

/** What a task is with the profile that is used, and what its files and any profile say of it. */
const tablesOf = (pkg: Package, entry: TaskEntry): readonly TaskTable[] => [
  pkg.resolve(entry).table,
  ...entry.sources.map(({ table }) => table),
  ...pkg.config.files.flatMap(({ document }) =>
    Object.values(document.profiles ?? {}).flatMap(({ tasks }) => {
      const table = tasks !== undefined && Object.hasOwn(tasks, entry.name) ? tasks[entry.name] : undefined;
      return table === undefined ? [] : [table];
    }),
  ),
];
