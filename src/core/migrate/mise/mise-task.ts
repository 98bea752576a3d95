import { toolsIn } from "./mise-tools";
import { commandList } from "#base/command-list";
import { parseDuration } from "#base/duration";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { literalText } from "#core/migrate/zr-text";
import { envValue } from "./mise-environment";
import { teraText } from "./tera-text";
import { usageParameters } from "./usage-parameters";
import { parseKdl } from "./usage-spec";

/** A task of mise, of a file of its own or of a table. */
export interface MiseTask {
  readonly name: string;
  readonly table: Table;
  /** The script that it runs instead of commands, relative to the folder. */
  readonly script: string | undefined;
  readonly place: (...path: readonly (string | number)[]) => SourcePlace;
  readonly comments: readonly string[];
}

export interface MiseContext {
  /** Names of tasks as they are here, by those of mise. */
  readonly names: ReadonlyMap<string, string>;
  readonly vars: ReadonlySet<string>;
  /** Names here of the tasks that declare what they take. */
  readonly takesWords: ReadonlySet<string>;
  readonly report: ConversionReport;
}

type Step = NonNullable<TaskTable["cmds"]>[number];
type Dep = string | NonNullable<ReturnType<typeof dependency>>;

/** How mise runs commands (its setting `unix_default_inline_shell_args`). */
const SHELL = ["sh", "-o", "errexit", "-c"];

const KNOWN = new Set([
  "run",
  "run_windows",
  "file",
  "description",
  "alias",
  "aliases",
  "depends",
  "depends_post",
  "wait_for",
  "env",
  "dir",
  "hide",
  "confirm",
  "raw",
  "interactive",
  "quiet",
  "silent",
  "output",
  "sources",
  "outputs",
  "shell",
  "tools",
  "usage",
  "timeout",
  "extends",
  "vars",
  "cache",
  "redactions",
]);

/** A task as ours; undefined where it can't run as it did, which the report then says. */
export function convertMiseTask(task: MiseTask, context: MiseContext): TaskTable | undefined {
  const { table, name, place } = task;
  const { report } = context;
  for (const key of Object.keys(table))
    if (!KNOWN.has(key)) report.leftOut(place(key), `${name}.${key}`, "it has no equal");
  const body = bodyOf(task, context);
  if (body === undefined) return undefined;
  const worded = wordedDependency(task, context);
  if (worded !== undefined) {
    report.leftOut(place("depends"), name, `it gives words to '${worded}', which has no usage to take them`);
    return undefined;
  }
  const cwd = folderOf(task, context);
  if (cwd === undefined) return undefined;
  const parameters = [...parametersOf(task, report), ...body.parameters];
  const words = scriptWords(task, parameters, report);
  const description = textAt(table, "description");
  const aliases = [...textOrTextsAt(table, "alias"), ...textOrTextsAt(table, "aliases")].filter((alias) =>
    /^[\p{L}\p{N}_][\p{L}\p{N}_\-./:]*$/u.test(alias),
  );
  const tools = toolsIn(tableAt(table, "tools"), {
    report,
    place: (tool) => place("tools", tool),
    task: name,
  });
  return {
    ...(description === undefined ? {} : { description }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(table["hide"] === true ? { hidden: true } : {}),
    ...dependencies(task, context),
    ...(parameters.length === 0 ? {} : { args: parameters }),
    ...body.table,
    ...words,
    ...cwd,
    ...environment(task, context),
    ...(Object.keys(tools).length === 0 ? {} : { tools }),
    ...behaviour(task, report),
    ...files(task, report),
  };
}

/** A script gets its words as they are given, where it can be said which of them are there. */
function scriptWords(
  { script, name, place }: MiseTask,
  parameters: NonNullable<TaskTable["args"]>,
  report: ConversionReport,
): TaskTable {
  if (script === undefined || parameters.length === 0) return {};
  if (parameters.every(({ required, variadic }) => required === true && variadic !== true))
    return { cmd: [scriptPath(script), ...parameters.map((parameter) => `\${args.${parameter.name}}`)] };
  report.approximated(place("usage"), name, 'words reach the script in its $usage_ variables, not as "$@"');
  return {};
}

const scriptPath = (script: string): string => `\${package.dir}/${script.replace(/^\.\//, "")}`;

interface Body {
  readonly table: TaskTable;
  readonly parameters: NonNullable<TaskTable["args"]>;
}

function bodyOf(task: MiseTask, context: MiseContext): Body | undefined {
  const { table, script, place } = task;
  if (script !== undefined) {
    if (/\{\{|\{%|^https?:|^git::/.test(script)) {
      context.report.leftOut(place("file"), task.name, "its script is not a file of the repository");
      return undefined;
    }
    return { table: { cmd: [scriptPath(script)] }, parameters: [] };
  }
  const entries = typeof table["run"] === "string" ? [table["run"]] : listAt(table, "run");
  if (entries.length === 0) return { table: {}, parameters: [] };
  const parameters: NonNullable<TaskTable["args"]>[number][] = [];
  const steps: Step[] = [];
  for (const entry of entries) {
    const converted = stepsOf(entry, task, { ...context, parameters });
    if (converted === undefined) return undefined;
    steps.push(...converted);
  }
  const texts = steps.filter((step) => typeof step === "string");
  const [only] = steps;
  if (steps.length === 1 && typeof only === "string" && only.startsWith("#!"))
    return { table: { script: only }, parameters };
  if (texts.some((text) => text.startsWith("#!"))) {
    context.report.leftOut(place("run"), task.name, "a script among other commands can't be said here");
    return undefined;
  }
  const shell = shellOf(task, texts);
  return {
    table: {
      ...(steps.length === 1 && typeof only === "string" ? { cmd: only } : { cmds: steps }),
      ...shell,
    },
    parameters,
  };
}

/** An explicit shell is kept; commands of several parts stop at the first failure, as with mise. */
function shellOf({ table }: MiseTask, texts: readonly string[]): TaskTable {
  const words = textAt(table, "shell")?.trim().split(/\s+/);
  if (words !== undefined) return { shell: words };
  const isPlain = texts.every((text) => commandList(text)?.length === 1 && !/\s\|\|?\s/.test(text));
  return isPlain ? {} : { shell: SHELL };
}

interface StepContext extends MiseContext {
  /** Parameters that templates declare on their way. */
  readonly parameters: NonNullable<TaskTable["args"]>[number][];
}

function stepsOf(entry: unknown, task: MiseTask, context: StepContext): readonly Step[] | undefined {
  const { report, parameters } = context;
  if (typeof entry === "string") {
    const text = teraText(entry.trim(), "shell", context.vars);
    if (!text.ok) {
      report.leftOut(task.place("run"), task.name, `the template ${text.error} has no equal`);
      return undefined;
    }
    for (const why of text.value.approximations) report.approximated(task.place("run"), task.name, why);
    for (const one of text.value.parameters)
      if (!parameters.some(({ name }) => name === one.name)) parameters.push(one);
    return text.value.text === "" ? [] : [text.value.text];
  }
  const call = dependency(entry, context);
  if (call !== undefined) return [typeof call === "string" ? { task: call } : call];
  const side = textOrTextsAt(entry, "tasks");
  if (side.length > 0) {
    const names = side.flatMap((name) => named(name, context));
    if (names.length > 1)
      report.approximated(task.place("run"), side.join(", "), "they run one after another, not side by side");
    return names.map((name) => ({ task: name }));
  }
  report.leftOut(
    task.place("run"),
    task.name,
    "one of its steps is a task that does not exist, or has an unknown form",
  );
  return undefined;
}

/** Tasks by name or pattern: a star stands for letters other than `:`, two for any. */
function named(text: string, { names }: MiseContext): readonly string[] {
  const exact = names.get(text);
  if (exact !== undefined) return [exact];
  if (!text.includes("*")) return [];
  const source = text
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^:]*" : part.replaceAll(/[.\\+?^${}()|[\]/]/g, "\\$&"),
    )
    .join("");
  const pattern = new RegExp(`^${source}$`);
  return [...names].flatMap(([name, target]) => (pattern.test(name) ? [target] : []));
}

/** A dependency with what it is given: `"greet bob"`, `["greet", "bob"]`, `{ task = "greet", args = ["bob"] }`. */
function dependency(
  entry: unknown,
  context: MiseContext,
): { task: string; args?: string[]; env?: Record<string, string>; optional?: boolean } | string | undefined {
  const words =
    typeof entry === "string"
      ? entry.trim().split(/\s+/)
      : Array.isArray(entry)
        ? entry.filter((word): word is string => typeof word === "string")
        : undefined;
  const [name = "", ...args]: readonly string[] = words ?? [
    textAt(entry, "task") ?? "",
    ...textOrTextsAt(entry, "args"),
  ];
  const [target] = context.names.has(name) ? named(name, context) : [];
  if (target === undefined || [name, ...args].some((word) => /\{\{|\{%/.test(word))) return undefined;
  const env = Object.fromEntries(
    Object.entries(tableAt(entry, "env")).flatMap(([key, value]) =>
      ["string", "number"].includes(typeof value) ? [[key, String(value)]] : [],
    ),
  );
  const isOptional = isTable(entry) && entry["optional"] === true;
  if (args.length === 0 && Object.keys(env).length === 0 && !isOptional) return target;
  return {
    task: target,
    ...(args.length === 0 ? {} : { args: args.map((word) => literalText(word)) }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(isOptional ? { optional: true } : {}),
  };
}

/** A task that is given words by another one and declares none. */
function wordedDependency({ table }: MiseTask, context: MiseContext): string | undefined {
  const depends = table["depends"];
  const entries = [
    ...(typeof depends === "string" ? [depends] : listAt(table, "depends")),
    ...listAt(table, "run").filter((entry) => typeof entry !== "string"),
  ];
  for (const entry of entries) {
    const found = dependency(entry, context);
    if (found === undefined || typeof found === "string" || found.args === undefined) continue;
    if (!context.takesWords.has(found.task)) return found.task;
  }
  return undefined;
}

function dependencies(task: MiseTask, context: MiseContext): TaskTable {
  const { report } = context;
  const read = (key: string): readonly Dep[] => {
    const value = task.table[key];
    const entries = typeof value === "string" ? [value] : listAt(task.table, key);
    return entries.flatMap((entry): readonly Dep[] => {
      if (typeof entry === "string" && entry.includes("*"))
        return named(entry, context).filter((name) => name !== context.names.get(task.name));
      const found = dependency(entry, context);
      if (found !== undefined) return [found];
      if (isTable(entry) && entry["optional"] === true) return [];
      report.leftOut(
        task.place(key),
        `${task.name}.${key}`,
        `no task here is meant by ${JSON.stringify(entry)}`,
      );
      return [];
    });
  };
  const plain = (key: string): readonly string[] =>
    read(key).flatMap((dep) => {
      if (typeof dep === "string") return [dep] as const;
      report.approximated(task.place(key), dep.task, "it is called without its arguments and variables");
      return [dep.task];
    });
  const deps = read("depends");
  const post = plain("depends_post");
  const wait = plain("wait_for");
  return {
    ...(deps.length === 0 ? {} : { deps: [...deps] }),
    ...(post.length === 0 ? {} : { finally: [...post] }),
    ...(wait.length === 0 ? {} : { wait_for: [...wait] }),
  };
}

/** Tasks run in the folder of their file. `{{cwd}}` is where somebody called them from, which a plan does not know. */
function folderOf({ table, name, place }: MiseTask, { vars, report }: MiseContext): TaskTable | undefined {
  const dir = textAt(table, "dir");
  if (dir === undefined) return {};
  const plain = dir.replace(/^\{\{\s*(?:config_root|project_root)\s*\}\}\/?/, "");
  if (plain === "") return {};
  const text = teraText(plain, "path", vars);
  if (!text.ok) {
    report.leftOut(place("dir"), name, `its folder ${text.error} is not known before it is called`);
    return undefined;
  }
  return { cwd: text.value.text };
}

function environment({ table, name, place }: MiseTask, { vars, report }: MiseContext): TaskTable {
  const env: Record<string, NonNullable<TaskTable["env"]>[string]> = {};
  for (const [key, value] of Object.entries(tableAt(table, "env"))) {
    const converted = key === "_" ? undefined : envValue(value, vars);
    if (converted === undefined || !/^[A-Za-z_]\w*$/.test(key))
      report.leftOut(place("env", key), `${name}.env.${key}`, "its value can't be said here");
    else env[key] = converted;
  }
  return Object.keys(env).length === 0 ? {} : { env };
}

function parametersOf(
  { table, name, place }: MiseTask,
  report: ConversionReport,
): NonNullable<TaskTable["args"]> {
  const usage = textAt(table, "usage");
  if (usage === undefined) return [];
  const nodes = parseKdl(usage);
  const start = place("usage");
  if (nodes === undefined) {
    report.leftOut(start, `${name}.usage`, "it is no KDL");
    return [];
  }
  const at = (line: number): SourcePlace => ({ file: start.file, line: start.line + line - 1 });
  return usageParameters(nodes, {
    approximated: (line, what, why) => report.approximated(at(line), `${name}: ${what}`, why),
    leftOut: (line, what, why) => report.leftOut(at(line), `${name}: ${what}`, why),
  });
}

function behaviour({ table, name, place }: MiseTask, report: ConversionReport): TaskTable {
  const confirm = valueAt(table, "confirm");
  const question = typeof confirm === "string" ? confirm : textAt(confirm, "message");
  const timeout = textAt(table, "timeout");
  const silent = table["silent"];
  if (silent === true) report.approximated(place("silent"), name, "what it prints is shown where it fails");
  if (table["run_windows"] !== undefined)
    report.approximated(place("run_windows"), name, "on Windows it runs the same commands");
  if (isTable(valueAt(table, "cache")))
    report.approximated(place("cache"), name, "its cache is made of its inputs and outputs alone");
  if (timeout !== undefined && parseDuration(timeout) === undefined)
    report.leftOut(place("timeout"), timeout, "it is no length of time for zr");
  return {
    ...(question === undefined ? {} : { confirm: literalText(question) }),
    ...(table["raw"] === true || table["interactive"] === true ? { interactive: true } : {}),
    ...(silent === true || silent === "stdout" || silent === "stderr" ? { silent } : {}),
    ...(timeout === undefined || parseDuration(timeout) === undefined ? {} : { timeout }),
  };
}

/** mise leaves a task out whose outputs are newer than its sources; here its result is kept, by content. */
function files({ table, name, place }: MiseTask, report: ConversionReport): TaskTable {
  const sources = textOrTextsAt(table, "sources");
  if (sources.length === 0) return {};
  const isServer = table["raw"] === true || table["interactive"] === true;
  const outputs = textOrTextsAt(table, "outputs");
  const unknown = [...sources, ...outputs].find((glob) => /\{\{|\{%|^@|^~/.test(glob));
  if (unknown !== undefined || isServer) {
    report.approximated(place("sources"), name, "it is run every time");
    return {};
  }
  report.note(place("sources"), name, "it is up to date by the contents of its files, not by their times");
  return {
    cache: true,
    inputs: sources.map((glob) => glob.replace(/^(!?)\.\//, "$1")),
    ...(outputs.length === 0 ? {} : { outputs: outputs.map((glob) => glob.replace(/^(!?)\.\//, "$1")) }),
  };
}
