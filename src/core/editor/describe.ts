import type { KeyPath } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { kindName } from "#core/config/check";
import type { Field } from "#core/config/schema/kinds";
import { exprFunctions } from "#core/expr/functions";
import { findName } from "#core/expr/names";
import { describeType } from "#core/expr/types";
import { parseReference } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { TaskEntry } from "#core/config/config";
import type { CompletionAbout } from "./completion-item";
import { signatureOf } from "./complete-expression";
import { taskId } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { schemaAt } from "./schema-walk";

/** Documentation of a key in Markdown: what it does, its type, default and an example. */
function fieldText(name: string, field: Field): string {
  const lines = [`**${name}**: ${kindName(field.kind)}`, "", field.doc];
  if (field.default !== undefined) lines.push("", `Default: ${codeOr(field.default)}`);
  if (field.example !== undefined) lines.push("", "```toml", `${name} = ${field.example}`, "```");
  if (field.later !== undefined) lines.push("", `Not available in this version (${field.later}).`);
  return lines.join("\n");
}

/** A default is a TOML value or a phrase. */
const codeOr = (text: string): string =>
  /^(?:"[^"]*"|[\d.]+|true|false|\[.*\])$/.test(text) ? `\`${text}\`` : text;

/** What an expression's name means. */
export function nameText(name: string): string | undefined {
  const entry = findName(name);
  return entry === undefined ? undefined : `**${name}**\n\n${entry.doc}\n\n\`${entry.example}\``;
}

/** What a field of a name means: `git.dirty`, `tasks['build'].success`. */
export function memberText(name: string, member: string): string | undefined {
  const shape = findName(name)?.shape;
  const fields = shape?.kind === "fields" || shape?.kind === "results" ? shape.fields : [];
  const field = fields.find((candidate) => candidate.name === member);
  return field === undefined
    ? undefined
    : `**${name}.${member}**: ${describeType(field.type)}\n\n${field.doc}`;
}

export function functionText(name: string): string | undefined {
  const entry = exprFunctions.find((candidate) => candidate.name === name);
  return entry === undefined
    ? undefined
    : `\`${signatureOf(entry)}\`\n\n${entry.doc}\n\n\`${entry.example}\``;
}

/** A task as hover and completion show it. */
export function taskText(model: EditorModel, pkg: Package, entry: TaskEntry): string {
  const { table } = pkg.resolve(entry);
  const id = taskId(pkg, entry.name);
  const lines = [`**${id}**${table.description === undefined ? "" : `: ${table.description}`}`];
  const command = commandText(table);
  if (command !== undefined) lines.push("", "```sh", command, "```");
  const deps = (table.deps ?? []).map((dep) => (typeof dep === "string" ? dep : (dep.task ?? "")));
  if (deps.length > 0) lines.push("", `Runs after ${deps.map((dep) => `\`${dep}\``).join(", ")}.`);
  const last = model.lastRun(id);
  if (last !== undefined) lines.push("", `Usually takes ${durationText(last.ms)}.`);
  const { cache } = table;
  if (cache !== undefined && cache !== false) lines.push("", "Its results are cached.");
  if (entry.inferredFrom !== undefined) lines.push("", `Follows from ${entry.inferredFrom}.`);
  return lines.join("\n");
}

function commandText(table: ReturnType<Package["resolve"]>["table"]): string | undefined {
  const { cmd, cmds, script } = table;
  if (typeof cmd === "string") return cmd;
  if (Array.isArray(cmd)) return cmd.join(" ");
  if (cmd !== undefined) return JSON.stringify(cmd);
  if (cmds !== undefined)
    return cmds.map((step) => (typeof step === "string" ? step : JSON.stringify(step))).join("\n");
  return script;
}

/** `850 ms`, `2.3 s`, `4 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** What is said of a task's key beside its documentation: the value that holds in the end, and where it comes from. */
export function effectiveText(
  workspace: Workspace,
  { pkg, entry }: { readonly pkg: Package; readonly entry: TaskEntry },
  key: string,
): string | undefined {
  const { table, sources } = pkg.resolve(entry);
  const value = Object.hasOwn(table, key)
    ? Object.entries(table).find(([name]) => name === key)?.[1]
    : undefined;
  if (value === undefined) return undefined;
  const source = sources.findLast((candidate) => Object.hasOwn(candidate.table, key));
  const from =
    source === undefined
      ? ""
      : ` from \`${source.path.join(".")}\` in ${relativeTo(workspace.root, source.file)}`;
  return `In effect: \`${JSON.stringify(value)}\`${from}`;
}

/** The task that an id names. */
function findById(
  workspace: Workspace | undefined,
  id: string,
): { readonly pkg: Package; readonly entry: TaskEntry } | undefined {
  if (workspace === undefined || id === "") return undefined;
  const { name } = parseReference(id);
  const local = workspace.rootPackage.config.tasks.get(name);
  if (local !== undefined) return { pkg: workspace.rootPackage, entry: local };
  for (let colon = name.lastIndexOf(":"); colon > 0; colon = name.lastIndexOf(":", colon - 1)) {
    const pkg = workspace.packages.get(name.slice(0, colon));
    const entry = pkg?.config.tasks.get(name.slice(colon + 1));
    if (pkg !== undefined && entry !== undefined) return { pkg, entry };
  }
  return undefined;
}

/** The documentation of a proposal. */
export function aboutText(model: EditorModel, about: CompletionAbout): string | undefined {
  switch (about.kind) {
    case "key":
      return keyText(about.path);
    case "function":
      return functionText(about.name);
    case "name":
      return nameText(about.name);
    case "task": {
      const found = findById(model.workspace, about.id);
      return found === undefined ? undefined : taskText(model, found.pkg, found.entry);
    }
  }
}

export function keyText(path: KeyPath): string | undefined {
  const field = schemaAt(path)?.field;
  const name = path.findLast((key) => typeof key === "string");
  return field === undefined || name === undefined ? undefined : fieldText(name, field);
}
