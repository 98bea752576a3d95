import type { TaskEntry } from "#core/config/config";
import type { ResolvedTask } from "#core/config/resolve-task";
import { parseReference, resolveReference } from "./references";
import type { Target } from "./references";
import { taskLinks } from "./task-links";
import type { LinkRole } from "./task-links";
import type { Package, Workspace } from "./workspace";

/** A task that has to be run before others, or as a part of them. */
export interface NeededTask {
  /** `lib:generate`, `//:setup`. */
  readonly name: string;
  readonly pkg: Package;
  readonly task: ResolvedTask;
  /** Names of the tasks that it needs itself. */
  readonly needs: readonly string[];
}

/** What some tasks need. */
export interface TaskNeeds {
  /** Each once, at any distance; those tasks themselves only where one of them needs another. */
  readonly tasks: readonly NeededTask[];
  /** What those of each package need themselves, by the name of the package. */
  readonly byPackage: ReadonlyMap<string, readonly string[]>;
}

/** Whoever waits for a task, or is followed by it, does not go by what it makes. */
export const NEEDING: ReadonlySet<LinkRole> = new Set(["deps", "deps_serial", "pipeline", "cmds"]);

/** All that some tasks need, as it is written: whatever conditions say, and without names that are worked out in a run. */
export function neededTasks(workspace: Workspace, asked: Iterable<Pick<Target, "pkg" | "entry">>): TaskNeeds {
  const seen = new Set<TaskEntry>();
  const open: Target[] = [];
  const needsOf = ({ pkg, entry }: Pick<Target, "pkg" | "entry">): readonly string[] => {
    const { namespace } = entry;
    const origin = { pkg, ...(namespace === undefined ? {} : { namespace }) };
    const links = taskLinks(pkg.resolve(entry).table).filter(({ role }) => NEEDING.has(role));
    const targets = links.flatMap(({ name }) =>
      resolveReference(workspace, origin, parseReference(name).name),
    );
    for (const target of targets) {
      if (seen.has(target.entry)) continue;
      seen.add(target.entry);
      open.push(target);
    }
    return targets.map(nameOf);
  };
  const byPackage = new Map<string, readonly string[]>();
  for (const task of asked) {
    const { name } = task.pkg;
    byPackage.set(name, [...(byPackage.get(name) ?? []), ...needsOf(task)]);
  }
  const tasks: NeededTask[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { pkg, entry } = next;
    tasks.push({ name: nameOf(next), pkg, task: pkg.resolve(entry), needs: needsOf(next) });
  }
  return { tasks, byPackage };
}

const nameOf = ({ pkg, entry }: Target): string => `${pkg.prefix || "//"}:${entry.name}`;
