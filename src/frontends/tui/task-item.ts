import { taskId } from "#core/model/ids";
import { listTasks, listWorkflows } from "#app/operations/list";
import type { ListedTask } from "#app/operations/list";
import type { Workspace } from "#core/workspace/workspace";

/** A line of the list: something that can be run. */
export interface TaskItem {
  readonly key: string;
  readonly kind: "task" | "workflow";
  /** What to type to run it. */
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Names of what it can't be run without. */
  readonly required: readonly string[];
}

/** Key of a task by its package's prefix and its name, or of a workflow, which has no prefix. */
export const itemKey = (kind: TaskItem["kind"], prefix: string, name: string): string =>
  `${kind}\0${taskId(prefix, name)}`;

/** Everything in a workspace that can be run: tasks in the order of the listing, then workflows; hidden tasks only with `all`. */
export const workspaceItems = (workspace: Workspace, all: boolean): readonly TaskItem[] => [
  ...listTasks(workspace, { tags: [], all }).map((task): TaskItem => ({
    key: itemKey("task", "", task.name),
    kind: "task",
    name: task.name,
    description: task.description ?? "",
    tags: task.tags,
    required: requiredOf(task.parameters),
  })),
  ...listWorkflows(workspace, {}).map((workflow): TaskItem => ({
    key: itemKey("workflow", "", workflow.name),
    kind: "workflow",
    name: workflow.name,
    description: workflow.description ?? "",
    tags: [],
    required: requiredOf(workflow.inputs),
  })),
];

const requiredOf = (parameters: ListedTask["parameters"]): readonly string[] =>
  parameters.filter(({ required }) => required).map(({ name }) => name);

/**
 * The lines that a filter lets through, in order. Each of its words has to be in the name or the description, or, with
 * a `#` before it, to begin a tag. Capital letters don't count.
 */
export function filterItems(items: readonly TaskItem[], filter: string): readonly TaskItem[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => words.every((word) => fits(item, word)));
}

const fits = ({ name, description, tags }: TaskItem, word: string): boolean =>
  word.startsWith("#")
    ? tags.some((tag) => tag.toLowerCase().startsWith(word.slice(1)))
    : name.toLowerCase().includes(word) || description.toLowerCase().includes(word);
