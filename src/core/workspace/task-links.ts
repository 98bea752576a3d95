import type { Place } from "#base/diagnostic";
import { taskKeyPlace } from "#core/config/config";
import type { TaskSource } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";

/** How one task names another. */
export type LinkRole =
  "deps" | "deps_serial" | "pipeline" | "wait_for" | "finally" | "on_success" | "on_failure" | "cmds";

export interface TaskLink {
  readonly role: LinkRole;
  /** The reference as written. */
  readonly name: string;
  /** Where it stands below the task: `["deps", 0]` or `["deps", 0, "task"]`. */
  readonly path: readonly (string | number)[];
  readonly optional: boolean;
}

const LIST_ROLES = ["deps", "deps_serial", "pipeline"] as const;
const NAME_ROLES = ["wait_for", "finally", "on_success", "on_failure"] as const;

/** Every name of another task in a task's keys, in the order of the keys. */
export function taskLinks(table: TaskTable): readonly TaskLink[] {
  const links: TaskLink[] = [];
  for (const role of LIST_ROLES) {
    const entries = table[role];
    if (entries === undefined) continue;
    for (const [index, entry] of entries.entries()) {
      if (typeof entry === "string") links.push({ role, name: entry, path: [role, index], optional: false });
      else if (entry.task !== undefined)
        links.push({
          role,
          name: entry.task,
          path: [role, index, "task"],
          optional: entry.optional === true,
        });
    }
  }
  for (const role of NAME_ROLES) {
    const value = table[role];
    if (value === undefined) continue;
    if (typeof value === "string") links.push({ role, name: value, path: [role], optional: false });
    else
      for (const [index, name] of value.entries())
        links.push({ role, name, path: [role, index], optional: false });
  }
  if (table.cmds === undefined) return links;
  for (const [index, step] of table.cmds.entries()) {
    if (typeof step !== "string" && step.task !== undefined)
      links.push({ role: "cmds", name: step.task, path: ["cmds", index, "task"], optional: false });
  }
  return links;
}

/** Whether a task names others by any key but `deps`. */
export const namesOthers = (table: TaskTable): boolean =>
  (table.deps_serial ??
    table.pipeline ??
    table.wait_for ??
    table.finally ??
    table.on_success ??
    table.on_failure ??
    table.cmds) !== undefined;

/** Where a link stands. */
export const linkPlace = (sources: readonly TaskSource[], { path }: TaskLink): Place =>
  taskKeyPlace(sources, String(path[0]), ...path.slice(1));
