import { basename, dirname, resolveFrom } from "#base/path";
import type { ChangeReason } from "#core/affected/affected-packages";
import { CONFIG_NAMES } from "#core/config/config-names";
import type { TaskTable } from "#core/config/schema/sections";
import { NEEDING } from "#core/workspace/needed-tasks";
import { taskLinks } from "#core/workspace/task-links";
import type { Workspace } from "#core/workspace/workspace";
import { fileEntry } from "#system/fs/file-entry";

/** A task with the name that it counts by. */
export interface ReferringTask {
  readonly name: string;
  readonly table: TaskTable;
}

/**
 * The tasks that might need other tasks than before, though what they say is the same: those that name the tasks of
 * whatever packages there are, where a package or what makes it one has changed. A task that is needed no more can't be
 * found in the workspace of now.
 *
 * @param files changed files, from the workspace root.
 */
export function patternCauses(
  { root, packages }: Workspace,
  files: readonly string[],
  tasks: Iterable<ReferringTask>,
): ReadonlyMap<string, ChangeReason> {
  const causes = new Map<string, ChangeReason>();
  const known = [...packages.values()];
  const names = new Set([...CONFIG_NAMES, ...known.flatMap(({ manifests }) => manifests.map(basename))]);
  const configs = files.filter((file) => names.has(basename(file)));
  if (configs.length === 0) return causes;
  const folders = new Set(known.map(({ path }) => path));
  const gone = configs.filter((file) => fileEntry(resolveFrom(root, file)) === undefined);
  const any = configs.filter((file) => folders.has(dirname(file)) || gone.includes(file));
  for (const { name, table } of tasks) {
    const links = taskLinks(table).filter(({ role }) => NEEDING.has(role));
    const isOpen = links.some((link) => link.name.startsWith("*:") || link.name.startsWith("tag:"));
    // What a package depends on it says itself: only what it names may be gone.
    const cause = isOpen ? any : links.some((link) => link.name.startsWith("^")) ? gone : [];
    if (cause.length > 0 && !causes.has(name)) causes.set(name, { kind: "files", files: cause });
  }
  return causes;
}
