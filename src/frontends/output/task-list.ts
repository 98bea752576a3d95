import type { ListedTask } from "#app/operations/list";
import { loadTheme } from "./theme";
import { visibleControls } from "./visible-text";

export interface TaskListOptions {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
  /** With what each task depends on. */
  readonly tree: boolean;
}

/** Tasks as a listing: sections by package and group, names in one column, descriptions in the next. */
export async function renderTaskList(
  tasks: readonly ListedTask[],
  currentPackage: string,
  options: TaskListOptions,
): Promise<string> {
  const theme = await loadTheme(options.color);
  if (tasks.length === 0) return "no tasks\n";
  const width = Math.min(40, Math.max(...tasks.map((task) => label(task).length)));
  const room = Math.max(20, options.columns - width - 4);
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
      const text = visibleControls(task.description ?? "");
      const cut = text.length > room ? `${text.slice(0, room - 3)}...` : text;
      lines.push(
        cut === ""
          ? `  ${theme.good(label(task))}`
          : `  ${theme.good(label(task).padEnd(width))}  ${theme.dim(cut)}`,
      );
      if (options.tree) lines.push(...branches(task.deps, options.unicode));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The name with its parameters, as they are given. */
function label({ name, parameters }: ListedTask): string {
  return [
    name,
    ...parameters.map((parameter) => (parameter.required ? `<${parameter.name}>` : `[${parameter.name}]`)),
  ].join(" ");
}

function branches(deps: readonly string[], unicode: boolean): string[] {
  const [middle, last] = unicode ? ["├─", "└─"] : ["|-", "`-"];
  return deps.map((dep, index) => `    ${index === deps.length - 1 ? last : middle} ${visibleControls(dep)}`);
}
