import type { Place } from "#base/diagnostic";
import type { TaskEntry } from "#core/config/config";
import { taskPlace } from "#core/config/config";
import { globMatcher } from "#base/glob";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { TaskTable } from "#core/config/schema/sections";
import { allWorkflows, declaredStages, workflowPlace } from "#core/workspace/workflows";
import { taskLinks } from "#core/workspace/task-links";

export interface ListFilter {
  /** Glob over names. */
  readonly pattern?: string;
  readonly tags: readonly string[];
  readonly package?: string;
  /** Names of the packages to look at; all where not given. */
  readonly packages?: ReadonlySet<string>;
  /** Also hidden tasks. */
  readonly all: boolean;
}

/** One task of a listing. */
export interface ListedTask {
  /** What to type to run it from the workspace root. */
  readonly name: string;
  readonly package: string;
  readonly task: string;
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  readonly hidden: boolean;
  readonly deps: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly choices: readonly string[];
  }[];
  /** Name of the manifest that the task follows from; undefined where it is configured. */
  readonly inferredFrom: string | undefined;
  readonly place: Place;
}

/** The tasks of a workspace that a filter lets through: the current package's first, each package in the file's order. */
export function listTasks(workspace: Workspace, filter: ListFilter): readonly ListedTask[] {
  const matches = filter.pattern === undefined ? undefined : globMatcher(filter.pattern);
  const { current } = workspace;
  const packages = [current, ...[...workspace.packages.values()].filter((pkg) => pkg !== current)];
  const listed: ListedTask[] = [];
  for (const pkg of packages) {
    if (filter.package !== undefined && pkg.name !== filter.package) continue;
    if (filter.packages?.has(pkg.name) === false) continue;
    for (const entry of pkg.config.tasks.values()) {
      const task = listedTask(pkg, entry);
      if (task.hidden && !filter.all) continue;
      if (filter.tags.length > 0 && !filter.tags.some((tag) => task.tags.includes(tag))) continue;
      if (matches !== undefined && !matches(task.name) && !matches(task.task)) continue;
      listed.push(task);
    }
  }
  return listed;
}

/** One workflow of a listing. */
export interface ListedWorkflow {
  readonly name: string;
  readonly package: string;
  readonly description: string | undefined;
  readonly stages: readonly string[];
  readonly inputs: ListedTask["parameters"];
  readonly place: Place;
}

/** The workflows of a workspace whose names fit. */
export function listWorkflows(
  workspace: Workspace,
  { pattern, package: wanted, packages }: Pick<ListFilter, "pattern" | "package" | "packages">,
): readonly ListedWorkflow[] {
  const matches = pattern === undefined ? undefined : globMatcher(pattern);
  return allWorkflows(workspace)
    .filter(
      ({ name, pkg }) =>
        matches?.(name) !== false && (wanted ?? pkg.name) === pkg.name && packages?.has(pkg.name) !== false,
    )
    .map(({ name, pkg, entry }) => ({
      name,
      package: pkg.name,
      description: entry.table.description,
      stages: declaredStages(entry).map((stage) => stage.name),
      inputs: listedParameters(entry.table.inputs),
      place: workflowPlace(entry),
    }));
}

const listedParameters = (declared: TaskTable["args"]): ListedTask["parameters"] =>
  (declared ?? []).map((parameter) => ({
    name: parameter.name ?? "",
    required: parameter.required === true,
    choices: parameter.choices ?? [],
  }));

function listedTask(pkg: Package, entry: TaskEntry): ListedTask {
  const { table } = pkg.resolve(entry);
  return {
    name: pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`,
    package: pkg.name,
    task: entry.name,
    description: table.description,
    group: table.group,
    tags: table.tags ?? [],
    aliases: table.aliases ?? [],
    hidden: table.hidden ?? entry.name.startsWith("_"),
    // Asked for only by listings that show them.
    get deps() {
      if ((table.deps ?? table.deps_serial ?? table.pipeline) === undefined) return [];
      return taskLinks(table)
        .filter((link) => link.role !== "wait_for")
        .map((link) => link.name);
    },
    parameters: listedParameters(table.args),
    inferredFrom: entry.inferredFrom,
    place: taskPlace(entry),
  };
}
