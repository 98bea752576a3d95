import type { ListedTask, ListedWorkflow } from "#app/operations/list";
import { loadTheme } from "./theme";
import { visibleControls } from "./visible-text";

export interface TaskListOptions {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
  /** With what each task depends on. */
  readonly tree: boolean;
  readonly workflows?: readonly ListedWorkflow[];
  /** Words that `zr WORD` takes for a command of its own, even where a task has that name. */
  readonly commands?: ReadonlySet<string>;
}

/** Tasks as a listing: sections by package and group, names in one column, descriptions in the next. */
export async function renderTaskList(
  tasks: readonly ListedTask[],
  currentPackage: string,
  options: TaskListOptions,
): Promise<string> {
  const theme = await loadTheme(options.color);
  const { workflows = [] } = options;
  if (tasks.length === 0 && workflows.length === 0) return "no tasks\n";
  const labels = [...tasks.map(label), ...workflows.map(workflowLabel)];
  const width = Math.min(40, Math.max(...labels.map((text) => text.length)));
  const room = Math.max(20, options.columns - width - 4);
  const row = (name: string, description: string | undefined, note = ""): string => {
    const text = visibleControls(description ?? "");
    // A note is never cut off by what stands before it.
    const left = Math.max(0, room - note.length);
    const cut = (text.length > left ? `${text.slice(0, Math.max(0, left - 3))}...` : text) + note;
    return cut === "" ? `  ${theme.good(name)}` : `  ${theme.good(name.padEnd(width))}  ${theme.dim(cut)}`;
  };
  const sections = Map.groupBy(tasks, (task) =>
    task.package === currentPackage
      ? (task.group ?? "")
      : `${task.package}${task.group === undefined ? "" : ` · ${task.group}`}`,
  );
  const lines: string[] = [];
  for (const [title, members] of sections) {
    if (lines.length > 0) lines.push("");
    if (title !== "")
      lines.push(theme.strong(visibleControls(options.unicode ? title : title.replaceAll(" · ", " - "))));
    for (const task of members) {
      const way = options.commands?.has(task.name) === true ? ` (zr run ${task.name})` : "";
      lines.push(row(label(task), task.description, originNote(task) + way));
      if (options.tree) lines.push(...branches(task.deps, options.unicode));
    }
  }
  if (workflows.length > 0) {
    if (lines.length > 0) lines.push("");
    lines.push(theme.strong("workflows"));
    for (const workflow of workflows) {
      lines.push(row(workflowLabel(workflow), workflow.description));
      if (options.tree) lines.push(...branches(workflow.stages, options.unicode));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Of a task that nobody has configured, what it follows from. */
const originNote = ({ inferredFrom }: ListedTask): string =>
  inferredFrom === undefined ? "" : ` (inferred from ${inferredFrom})`;

const workflowLabel = ({ name, inputs }: ListedWorkflow): string => label({ name, parameters: inputs });

/** The name with its parameters, as they are given. */
function label({ name, parameters }: Pick<ListedTask, "name" | "parameters">): string {
  if (parameters.length === 0) return name;
  return [
    name,
    ...parameters.map((parameter) => (parameter.required ? `<${parameter.name}>` : `[${parameter.name}]`)),
  ].join(" ");
}

function branches(deps: readonly string[], unicode: boolean): string[] {
  const [middle, last] = unicode ? ["├─", "└─"] : ["|-", "`-"];
  return deps.map((dep, index) => `    ${index === deps.length - 1 ? last : middle} ${visibleControls(dep)}`);
}
