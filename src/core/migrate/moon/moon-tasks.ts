import type { SourcePlace } from "#core/migrate/conversion-report";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import type { YamlSource } from "#core/migrate/yaml-source";
import { inherits, type MoonProject, type MoonWorkspace } from "./moon-workspace";

/** A task of a project, with everything that it inherits. */
export interface MoonTask {
  readonly id: string;
  readonly project: MoonProject;
  readonly table: Table;
  readonly place: (...path: readonly (string | number)[]) => SourcePlace;
  readonly comments: readonly string[];
}

interface Layer {
  readonly table: Table;
  readonly source: YamlSource;
}

const LISTS = ["args", "deps", "inputs", "outputs"] as const;

/** All tasks of a project: inherited ones, as its `workspace.inheritedTasks` takes them, under its own. */
export function moonTasks(project: MoonProject, workspace: MoonWorkspace): readonly MoonTask[] {
  const files = workspace.shared.filter((file) => inherits(project, file));
  const own = project.source;
  const rules = tableAt(own?.value, "workspace", "inheritedTasks");
  const included = rules["include"] === undefined ? undefined : textOrTextsAt(rules, "include");
  const excluded = textOrTextsAt(rules, "exclude");
  const layers = new Map<string, Layer[]>();
  const names = new Map<string, string>();
  const add = (id: string, layer: Layer, name = id): void => {
    layers.set(id, [...(layers.get(id) ?? []), layer]);
    names.set(id, name);
  };
  for (const source of files)
    for (const [name, table] of Object.entries(tableAt(source.value, "tasks"))) {
      if (excluded.includes(name) || included?.includes(name) === false) continue;
      const renamed = textAt(rules, "rename", name) ?? name;
      add(renamed, { table: taskTable(table), source }, name);
    }
  if (own !== undefined)
    for (const [id, table] of Object.entries(tableAt(own.value, "tasks")))
      add(id, { table: taskTable(table), source: own });
  const resolved = new Map<string, Table>();
  const resolve = (id: string, seen: readonly string[]): Table => {
    const known = resolved.get(id);
    if (known !== undefined) return known;
    const list = layers.get(id) ?? [];
    const base = [...list]
      .toReversed()
      .map(({ table }) => textAt(table, "extends"))
      .find((name) => name !== undefined);
    const start = base === undefined || seen.includes(base) ? {} : resolve(base, [...seen, id]);
    const table = list.reduce((below, layer) => over(below, layer.table), start);
    resolved.set(id, table);
    return table;
  };
  const implicit = implicitOf(files);
  return [...layers].map(([id, list]): MoonTask => {
    const last = list.at(-1);
    const source = last?.source ?? workspace.config;
    const name = source === own ? id : (names.get(id) ?? id);
    return {
      id,
      project,
      table: { ...resolve(id, []), implicitInputs: implicit.inputs, implicitDeps: implicit.deps },
      place: (...path) => ({ file: source.file, line: source.line("tasks", name, ...path) }),
      comments: source.comments("tasks", name),
    };
  });
}

/** A task's table with its command taken apart, as moon does: words behind the program are arguments like others. */
function taskTable(value: unknown): Table {
  const table = isTable(value)
    ? value
    : typeof value === "string" || Array.isArray(value)
      ? { command: value }
      : {};
  const { command } = table;
  const [program, ...rest] =
    typeof command === "string"
      ? shellWords(command)
      : Array.isArray(command)
        ? (command as readonly unknown[])
        : []; // any list
  if (program === undefined) return table;
  return { ...table, command: [program], args: [...rest, ...(words(table, "args") ?? [])] };
}

function implicitOf(files: readonly YamlSource[]): {
  readonly inputs: readonly unknown[];
  readonly deps: readonly unknown[];
} {
  return {
    inputs: files.flatMap(({ value }) => listAt(value, "implicitInputs")),
    deps: files.flatMap(({ value }) => listAt(value, "implicitDeps")),
  };
}

/** One task over another, list by list as the upper one's options say: `append` where they say nothing. */
function over(below: Table, above: Table): Table {
  const options = { ...tableAt(below, "options"), ...tableAt(above, "options") };
  const result: Record<string, unknown> = { ...below, ...above, options };
  for (const key of LISTS) {
    const strategy =
      textAt(options, `merge${key[0]?.toUpperCase() ?? ""}${key.slice(1)}`) ??
      textAt(options, "merge") ??
      "append";
    const lower = words(below, key);
    const upper = words(above, key);
    if (upper === undefined || lower === undefined) result[key] = upper ?? lower;
    else result[key] = mergedList(strategy, lower, upper);
    if (result[key] === undefined) delete result[key];
  }
  const strategy = textAt(options, "mergeEnv") ?? "append";
  const env = { below: tableAt(below, "env"), above: tableAt(above, "env") };
  result["env"] =
    strategy === "replace"
      ? above["env"] === undefined
        ? env.below
        : env.above
      : strategy === "prepend"
        ? { ...env.above, ...env.below }
        : { ...env.below, ...env.above };
  // A command takes the place of a script, and the other way round.
  if (above["command"] !== undefined && above["script"] === undefined) delete result["script"];
  if (above["script"] !== undefined) {
    delete result["command"];
    delete result["args"];
  }
  return result;
}

function words(table: Table, key: (typeof LISTS)[number]): readonly unknown[] | undefined {
  const value = valueAt(table, key);
  if (value === undefined) return undefined;
  if (key === "args" && typeof value === "string") return shellWords(value);
  return Array.isArray(value) ? value : [value];
}

function mergedList(
  strategy: string,
  lower: readonly unknown[],
  upper: readonly unknown[],
): readonly unknown[] {
  switch (strategy) {
    case "prepend":
      return [...upper, ...lower];
    case "replace":
      return upper;
    case "preserve":
      return lower;
    default:
      return [...lower, ...upper];
  }
}

/** A command line as words, quotes taken off (Shell Command Language 2.2). */
export function shellWords(text: string): readonly string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (const [part] of text.matchAll(/\s+|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\]+/g)) {
    if (/^\s/.test(part)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (part.startsWith("'")) word = (word ?? "") + part.slice(1, -1);
    else if (part.startsWith('"')) word = (word ?? "") + part.slice(1, -1).replaceAll(/\\(["\\$`])/g, "$1");
    else word = (word ?? "") + (part.startsWith("\\") ? part.slice(1) : part);
  }
  if (word !== undefined) found.push(word);
  return found;
}
