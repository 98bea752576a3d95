import { resolveFrom } from "#base/path";
import { withSharedOutputs } from "#core/migrate/shared-outputs";
import { ok } from "#base/result";
import type { ConvertedSections, ConvertedTask, Converter, SourceReader } from "#core/migrate/conversion";
import { ConversionReport, type SourcePlace } from "#core/migrate/conversion-report";
import { isTable, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { literalText, taskName } from "#core/migrate/zr-text";
import { miseEnvironment } from "./mise-environment";
import { openMiseFile, readMiseFiles, readTaskFiles, taskFileHead, type MiseFile } from "./mise-files";
import { convertMiseTask, type MiseTask } from "./mise-task";
import { miseTools } from "./mise-tools";

/** Sections that say nothing about what a task does. */
const WITHOUT_MEANING = [
  "tasks",
  "tools",
  "env",
  "vars",
  "settings",
  "min_version",
  "alias",
  "tool_alias",
  "shell_alias",
  "task_config",
  "task_templates",
  "_",
];
const SECTIONS = new Set([
  ...WITHOUT_MEANING,
  "redactions",
  "plugins",
  "hooks",
  "watch_files",
  "monorepo_root",
  "experimental_monorepo_root",
  "monorepo",
  "daemons",
  "prepare",
  "bootstrap",
]);

/** Turns mise's tasks, variables and tools into ours. */
export const convertMise: Converter = async ({ folder, source, reader, wrap }) => {
  const report = new ConversionReport();
  const read = await readMiseFiles(folder, source, reader);
  if (!read.ok) return read;
  const { files, others } = read.value;
  const [first] = files;
  for (const file of others)
    report.leftOut({ file, line: 1 }, file, "files for one person or one environment are not read");
  const tasks = new Map<string, MiseTask>();
  for (const task of await scriptTasks({ folder, files, reader }, report)) tasks.set(task.name, task);
  const scripts = [...tasks.values()].flatMap(({ script }) => script ?? []);
  for (const task of await includedTasks({ folder, files, reader }, report)) tasks.set(task.name, task);
  for (const file of files) for (const task of tasksOf(file, ["tasks"], report)) tasks.set(task.name, task);
  const names = taskNames(tasks, report);
  const vars = variables(files, report);
  const called = withAliases(tasks, names);
  const converted: ConvertedTask[] = [];
  const rest: string[] = [];
  for (const [name, task] of tasks) {
    const target = names.get(name);
    if (target === undefined) continue;
    if (wrap) {
      converted.push({ name: target, table: { cmd: ["mise", "run", literalText(name)] } });
      continue;
    }
    const table = convertMiseTask(task, {
      names: called,
      vars: new Set(Object.keys(vars)),
      takesWords: namesWithUsage(tasks, names),
      report,
    });
    if (table === undefined) rest.push("", ...leftOutLines(target, task));
    else converted.push({ name: target, table, comments: task.comments, place: task.place() });
  }
  if (!wrap) for (const file of files) tellSections(file, report);
  const environment = wrap ? {} : miseEnvironment(files, new Set(Object.keys(vars)), report);
  const tools = wrap ? {} : miseTools(files, report);
  const sections: ConvertedSections = {
    ...(wrap || Object.keys(tools).length === 0 ? {} : { tools }),
    ...environment,
    ...(wrap || Object.keys(vars).length === 0 ? {} : { vars }),
  };
  return ok({
    sources: [...files.map(({ file }) => file).toReversed(), ...scripts],
    files: [
      {
        path: "zr.toml",
        sections,
        sectionComments: sectionComments(first, sections),
        tasks: withSharedOutputs(converted),
        rest,
      },
    ],
    report: report.items,
    total: tasks.size,
    converted: converted.length,
  });
};

/** Tasks are called by their aliases too. */
function withAliases(
  tasks: ReadonlyMap<string, MiseTask>,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const called = new Map(names);
  for (const { name, table } of tasks.values())
    for (const alias of [...textOrTextsAt(table, "alias"), ...textOrTextsAt(table, "aliases")]) {
      const target = names.get(name);
      if (target !== undefined && !called.has(alias)) called.set(alias, target);
    }
  return called;
}

interface MiseSite {
  readonly folder: string;
  readonly files: readonly MiseFile[];
  readonly reader: SourceReader;
}

/** Scripts in the folders of tasks, with what their heads say. */
async function scriptTasks(
  { folder, files, reader }: MiseSite,
  report: ConversionReport,
): Promise<readonly MiseTask[]> {
  const includes = files.flatMap((file) => textOrTextsAt(file.value, "task_config", "includes"));
  const found = await readTaskFiles(folder, reader, includes.length === 0 ? undefined : includes);
  for (const file of found.noScripts)
    report.note({ file, line: 1 }, file, "it has no #! line, so it is taken for no task");
  return found.scripts.map(({ file, name, text }): MiseTask => {
    const head = taskFileHead(text);
    if (!head.ok) report.leftOut({ file, line: 1 }, name, head.error);
    const usage = head.ok && head.value.usage !== "" ? { usage: head.value.usage } : {};
    return {
      name,
      table: { ...(head.ok ? head.value.table : {}), ...usage },
      script: file,
      place: () => ({ file, line: 1 }),
      comments: [],
    };
  });
}

/** Names here of the tasks that declare what they take. */
const namesWithUsage = (
  tasks: ReadonlyMap<string, MiseTask>,
  names: ReadonlyMap<string, string>,
): ReadonlySet<string> =>
  new Set(
    [...tasks.values()].flatMap(({ name, table }) =>
      textAt(table, "usage") !== undefined ||
      /\{\{\s*(?:arg|option)\(/.test(JSON.stringify(table["run"] ?? ""))
        ? (names.get(name) ?? [])
        : [],
    ),
  );

/** Tasks of the TOML files that `task_config.includes` names: there each table at the top is one. */
async function includedTasks(
  { folder, files, reader }: MiseSite,
  report: ConversionReport,
): Promise<readonly MiseTask[]> {
  const found: MiseTask[] = [];
  for (const path of files.flatMap((file) => textOrTextsAt(file.value, "task_config", "includes"))) {
    if (!path.endsWith(".toml")) continue;
    const name = path.replace(/^\.\//, "");
    const read = await reader.readText(resolveFrom(folder, name));
    const opened = read.kind === "text" ? openMiseFile(read.text, name) : undefined;
    if (opened?.ok === true) found.push(...tasksOf(opened.value, [], report));
    else
      report.leftOut(
        { file: name, line: 1 },
        name,
        opened === undefined ? "the file is not there" : opened.error,
      );
  }
  return found;
}

/** The tasks of a table of a file. */
function tasksOf(file: MiseFile, path: readonly string[], report: ConversionReport): readonly MiseTask[] {
  return Object.entries(tableAt(file.value, ...path)).flatMap(([name, value]): readonly MiseTask[] => {
    const place = (...rest: readonly (string | number)[]): SourcePlace => file.place(...path, name, ...rest);
    const table = typeof value === "string" || Array.isArray(value) ? { run: value } : value;
    if (!isTable(table)) {
      report.leftOut(place(), name, "its form is not known");
      return [];
    }
    const templates = textOrTextsAt(table, "extends").map((template) =>
      tableAt(file.value, "task_templates", template),
    );
    const merged: Table = Object.assign({}, ...templates, table);
    return [
      { name, table: merged, script: textAt(merged, "file"), place, comments: file.comments(...path, name) },
    ];
  });
}

/** The names that tasks have here. */
function taskNames(
  tasks: ReadonlyMap<string, MiseTask>,
  report: ConversionReport,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [name, task] of tasks) {
    const target = taskName(name);
    if (target === undefined || taken.has(target)) {
      report.leftOut(task.place(), name, "no task can have its name");
      continue;
    }
    if (target !== name) report.approximated(task.place(), name, `the task is called '${target}'`);
    taken.add(target);
    names.set(name, target);
  }
  return names;
}

/** Values for templates: plain ones; one that is a template itself is left out. */
function variables(files: readonly MiseFile[], report: ConversionReport): Record<string, string> {
  const vars: Record<string, string> = {};
  for (const file of files)
    for (const [name, value] of Object.entries(tableAt(file.value, "vars"))) {
      const isPlain =
        ["string", "number", "boolean"].includes(typeof value) && !/\{\{|\{%/.test(String(value));
      if (isPlain && /^\w[\w-]*$/.test(name)) vars[name] = String(value);
      else report.leftOut(file.place("vars", name), name, "only plain values can be taken over");
    }
  return vars;
}

function tellSections(file: MiseFile, report: ConversionReport): void {
  for (const key of Object.keys(file.value)) {
    if (WITHOUT_MEANING.includes(key)) continue;
    const why = SECTIONS.has(key) ? "zr does not take this over" : "zr knows no such section of mise";
    report.leftOut(file.place(key), key, why);
  }
  const shell = valueAt(file.value, "settings", "unix_default_inline_shell_args");
  if (shell !== undefined)
    report.leftOut(
      file.place("settings", "unix_default_inline_shell_args"),
      "settings",
      "tasks run in sh, and stop at the first failure",
    );
  if (textAt(file.value, "task_config", "dir") !== undefined)
    report.leftOut(
      file.place("task_config", "dir"),
      "task_config.dir",
      "tasks run in the folder of the file",
    );
}

function leftOutLines(name: string, { table, place }: MiseTask): readonly string[] {
  const { file, line } = place();
  const text = typeof table["run"] === "string" ? table["run"] : JSON.stringify(table["run"] ?? "");
  return [
    `${name} (${file}:${line}) could not be taken over:`,
    ...text
      .trim()
      .split("\n")
      .map((part) => `  ${part}`),
  ];
}

function sectionComments(
  file: MiseFile | undefined,
  sections: ConvertedSections,
): Readonly<Record<string, readonly string[]>> {
  if (file === undefined) return {};
  const entries: [string, readonly string[]][] = [];
  for (const section of ["tools", "env", "vars"] as const) {
    entries.push([section, file.comments(section)]);
    for (const name of Object.keys(sections[section] ?? {}))
      entries.push([`${section}.${name}`, file.comments(section, name)]);
  }
  return Object.fromEntries(entries.filter(([, lines]) => lines.length > 0));
}
