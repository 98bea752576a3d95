import { isTable } from "#base/value-at";
import { isRunOption } from "#core/plan/parameter-word";
import { relativeTo } from "#base/path";
import type { ShownTask } from "#app/operations/show";
import type { Theme } from "./theme";
import { visibleControls } from "./visible-text";

/** A task on a page: its name and place, its keys as they would stand in a file, and its neighbours. */
export function renderShownTask(task: ShownTask, theme: Theme, cwd: string): string {
  const lines = [
    `${theme.strong(task.name)}${task.description === undefined ? "" : `  ${visibleControls(task.description)}`}`,
    theme.dim(
      `${relativeTo(cwd, task.file)}:${task.line}${task.inferredFrom === undefined ? "" : ` (inferred from ${task.inferredFrom})`}`,
    ),
    "",
  ];
  for (const [key, value] of Object.entries(task.keys)) {
    if (key === "description") continue;
    lines.push(`  ${theme.good(key)} = ${visibleControls(inline(value))}`);
  }
  const hidden = parameterNames(task.keys["args"]).filter(isRunOption);
  if (hidden.length > 0)
    lines.push(
      "",
      theme.strong("given without --, as zr has options of these names"),
      `  zr run ${task.name} ${hidden.map((name) => `${name}=VALUE`).join(" ")}`,
    );
  if (task.needs.length > 0) {
    lines.push("", theme.strong("needs"));
    for (const { role, name, task: targets } of task.needs)
      lines.push(
        `  ${name}${targets.length === 1 && targets[0] === name ? "" : ` → ${targets.join(", ") || "nothing"}`}  ${theme.dim(role)}`,
      );
  }
  if (task.neededBy.length > 0)
    lines.push("", theme.strong("needed by"), ...task.neededBy.map((name) => `  ${name}`));
  if (task.sources.length > 1)
    lines.push(
      "",
      theme.strong("put together from"),
      ...task.sources.map((source) => `  ${source.startsWith(cwd) ? source.slice(cwd.length + 1) : source}`),
    );
  return `${lines.join("\n")}\n`;
}

const parameterNames = (args: unknown): readonly string[] =>
  Array.isArray(args)
    ? args.flatMap((one: unknown) => (isTable(one) && typeof one["name"] === "string" ? [one["name"]] : []))
    : [];

/** A value in TOML's inline form. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key} = ${inline(item)}`)
      .join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
