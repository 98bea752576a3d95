import { loadWorkspace } from "#app/load-workspace";
import { showTasks } from "#app/operations/show";
import type { ShownTask } from "#app/operations/show";
import { isRunOption } from "#core/plan/parameter-word";
import { openSession } from "./session";

/** The help page of a task: what it is for, how it is called, and what its author says; undefined where there is none. */
export async function taskPage(name: string): Promise<string | undefined> {
  const session = openSession({});
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return undefined;
  const [task] = showTasks(loaded.value.workspace, name, loaded.value.texts);
  return task === undefined ? undefined : renderPage(task);
}

interface PageKeys {
  readonly args?: readonly PageParameter[];
  readonly docs?: string;
  readonly aliases?: readonly string[];
  readonly examples?: readonly string[];
  readonly see_also?: readonly string[];
}

interface PageParameter {
  readonly name: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly variadic?: boolean;
}

function renderPage(task: ShownTask): string {
  // The keys of a task, whose types the schema has checked.
  const keys = task.keys as PageKeys;
  const parameters = keys.args ?? [];
  const usage = parameters.map((parameter) => {
    const name = `${parameter.name}${parameter.variadic === true ? "…" : ""}`;
    return parameter.required === true ? `<${name}>` : `[${name}]`;
  });
  const blocks = [
    `${task.name}${task.description === undefined ? "" : ` - ${task.description}`}`,
    `Usage: ${["zr run", task.name, ...usage].join(" ")}`,
  ];
  if (parameters.length > 0) blocks.push(`Parameters:\n${parameters.map(parameterLine).join("\n")}`);
  if (keys.docs !== undefined) blocks.push(keys.docs.trim());
  if (keys.aliases !== undefined) blocks.push(`Also called: ${keys.aliases.join(", ")}`);
  if (keys.examples !== undefined)
    blocks.push(`Examples:\n${keys.examples.map((example) => `  ${example}`).join("\n")}`);
  if (keys.see_also !== undefined) blocks.push(`See also: ${keys.see_also.join(", ")}`);
  return `${blocks.join("\n\n")}\n`;
}

function parameterLine(parameter: PageParameter): string {
  const notes = [
    parameter.choices === undefined ? undefined : `one of ${parameter.choices.join(", ")}`,
    parameter.default === undefined ? undefined : `default ${String(parameter.default)}`,
    parameter.required === true ? "required" : undefined,
  ].filter((note) => note !== undefined);
  const text = [parameter.description, notes.length === 0 ? undefined : `(${notes.join("; ")})`]
    .filter((part) => part !== undefined)
    .join(" ");
  // `--name` would be zr's own.
  const how = isRunOption(parameter.name) ? `${parameter.name}=VALUE` : `--${parameter.name}`;
  return `  ${how.padEnd(16)} ${text}`.trimEnd();
}
