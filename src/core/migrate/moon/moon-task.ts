import type { TaskTable } from "#core/config/schema/sections";
import type { ConversionReport } from "#core/migrate/conversion-report";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { shellWord } from "#base/shell-word";
import { literalText, taskName } from "#core/migrate/zr-text";
import type { MoonTask } from "./moon-tasks";
import { entriesAt, moonPatterns, moonText, moonWords } from "./moon-values";
import type { MoonWorkspace } from "./moon-workspace";

export interface MoonContext {
  readonly workspace: MoonWorkspace;
  /** Ids of the tasks of each project. */
  readonly tasks: ReadonlyMap<string, ReadonlySet<string>>;
  readonly report: ConversionReport;
}

type Dep = NonNullable<TaskTable["deps"]>[number];

const KNOWN = new Set([
  "command",
  "args",
  "script",
  "deps",
  "env",
  "inputs",
  "outputs",
  "options",
  "extends",
  "preset",
  "type",
  "description",
  "local",
  "platform",
  "toolchain",
  "toolchains",
  "implicitInputs",
  "implicitDeps",
  "tags",
]);
const OPTIONS = new Set([
  "cache",
  "cacheKey",
  "cacheLifetime",
  "envFile",
  "interactive",
  "internal",
  "merge",
  "mergeArgs",
  "mergeDeps",
  "mergeEnv",
  "mergeInputs",
  "mergeOutputs",
  "mergeTags",
  "mergeToolchains",
  "mergeChecks",
  "mutex",
  "os",
  "outputStyle",
  "persistent",
  "priority",
  "retryCount",
  "runDepsInParallel",
  "runInCI",
  "runInSyncPhase",
  "runFromWorkspaceRoot",
  "shell",
  "timeout",
  "unixShell",
  "windowsShell",
  "allowFailure",
  "inferInputs",
]);

/** A task as ours; undefined where it can't run as it did, which the report then says. */
export function convertMoonTask(task: MoonTask, context: MoonContext): TaskTable | undefined {
  const { table, id, project, place } = task;
  const { report } = context;
  for (const key of Object.keys(table))
    if (!KNOWN.has(key)) report.leftOut(place(key), `${project.id}:${id}.${key}`, "it has no equal");
  for (const key of Object.keys(tableAt(table, "options")))
    if (!OPTIONS.has(key))
      report.leftOut(place("options", key), `${project.id}:${id}.${key}`, "it has no equal");
  const body = bodyOf(task, context);
  if (body === undefined) return undefined;
  const worded = listAt(table, "deps").find((item) => entriesAt(item, "args").length > 0);
  if (worded !== undefined) {
    report.leftOut(
      place("deps"),
      `${project.id}:${id}`,
      `it gives words to ${textAt(worded, "target") ?? "a task"}, which a task here takes only as parameters`,
    );
    return undefined;
  }
  const isGroup = body.cmd === undefined && body.cmds === undefined;
  const description = textAt(table, "description");
  return {
    ...(description === undefined ? {} : { description }),
    ...(textOrTextsAt(table, "tags").length === 0 ? {} : { tags: [...textOrTextsAt(table, "tags")] }),
    ...dependencies(task, context),
    ...body,
    ...(isGroup
      ? {}
      : {
          ...folder(task),
          ...environment(task, context),
          ...running(task, context),
          ...caching(task, context),
        }),
    ...(tableAt(table, "options")["internal"] === true ? { hidden: true } : {}),
  };
}

function bodyOf(task: MoonTask, { workspace, report }: MoonContext): TaskTable | undefined {
  const { table, id, project, place } = task;
  const script = textAt(table, "script");
  const unknown = (): undefined => {
    report.leftOut(place(), `${project.id}:${id}`, "it uses what only moon can put in");
    return undefined;
  };
  if (script !== undefined) {
    const text = moonText(script, task);
    return text === undefined ? unknown() : { cmd: text, shell: shellOf(task) };
  }
  const command = [...listAt(table, "command"), ...listAt(table, "args")];
  if (command.length === 0 || /^(?:noop|nop|no-op)$/.test(String(command[0]))) return {};
  const words = moonWords(command, task, workspace);
  if (words === undefined) return unknown();
  // The shell of moon expands patterns; nothing else of it can be meant by a command of words.
  if (
    words.some(
      (word) =>
        /[*?[\]{}~]/.test(word.replaceAll(/\$\{[^}]*\}/g, "")) &&
        tableAt(table, "options")["shell"] !== false,
    )
  )
    return {
      cmd: words.map((word) => (/^[\w@%+:,./=*?$!~${}[\]-]+$/.test(word) ? word : shellWord(word))).join(" "),
      shell: shellOf(task),
    };
  return { cmd: [...words] };
}

function shellOf({ table }: MoonTask): string {
  const shell = textAt(table, "options", "unixShell") ?? "bash";
  return /^(?:bash|zsh|fish|sh|pwsh)$/.test(shell) ? shell : "bash";
}

const folder = ({ table, project }: MoonTask): TaskTable =>
  tableAt(table, "options")["runFromWorkspaceRoot"] === true && project.path !== "." ? { cwd: "//" } : {};

/** References of what runs before: `~:x`, `^:x`, `p:x`, `#tag:x` and `x`. */
function dependencies(task: MoonTask, { tasks, report }: MoonContext): TaskTable {
  const { table, project, place, id } = task;
  const deps = [...listAt(table, "deps"), ...listAt(table, "implicitDeps")].flatMap(
    (item): readonly Dep[] => {
      const target = typeof item === "string" ? item : (textAt(item, "target") ?? "");
      const isOptional = isTable(item) && item["optional"] === true;
      const references = referencesOf(target, task, tasks);
      if (references === undefined) {
        if (!isOptional) report.leftOut(place("deps"), `${project.id}:${id}`, `there is no task '${target}'`);
        return [];
      }
      const env = Object.fromEntries(
        Object.entries(tableAt(item, "env")).flatMap(([key, value]) =>
          value === null ? [] : [[key, literalText(String(value))]],
        ),
      );
      if (isTable(item) && item["cacheStrategy"] !== undefined)
        report.note(place("deps"), target, "what it makes counts by its content");
      return references.map((reference) =>
        Object.keys(env).length === 0 ? reference : { task: reference, env },
      );
    },
  );
  const unique = deps.filter(
    (dep, index) => deps.findIndex((other) => JSON.stringify(other) === JSON.stringify(dep)) === index,
  );
  if (unique.length === 0) return {};
  return tableAt(table, "options")["runDepsInParallel"] === false
    ? { deps_serial: unique }
    : { deps: unique };
}

/** Undefined where no task is meant that has to be there. */
function referencesOf(
  target: string,
  { project }: MoonTask,
  tasks: MoonContext["tasks"],
): readonly string[] | undefined {
  const [, scope = "", name = ""] = /^(?:([^:]*):)?(.+)$/.exec(target) ?? [];
  const plain = taskName(name) ?? name;
  const has = (id: string): boolean => tasks.get(id)?.has(name) === true;
  if (scope === "" || scope === "~" || scope === project.id) {
    if (target.startsWith(":")) return [...tasks.keys()].some(has) ? [`*:${plain}`] : undefined;
    return has(project.id) ? [plain] : undefined;
  }
  if (scope === "^") return [...tasks.keys()].some(has) ? [`^${plain}`] : [];
  if (scope.startsWith("#")) return [`tag:${scope.slice(1)}#${plain}`];
  return has(scope) ? [`${scope}:${plain}`] : undefined;
}

function environment(task: MoonTask, { report }: MoonContext): TaskTable {
  const { table, project, place, id } = task;
  const own = { ...tableAt(project.source?.value, "env"), ...tableAt(table, "env") };
  const env: Record<string, string | false> = {};
  for (const [name, value] of Object.entries(own)) {
    const text = value === null ? undefined : moonText(String(value), task);
    if (value === null) env[name] = false;
    else if (text === undefined || !/^[A-Za-z_]\w*$/.test(name))
      report.leftOut(place("env", name), `${project.id}:${id}.env.${name}`, "its value can't be said here");
    else env[name] = text;
  }
  const files = envFiles(task);
  if (files.length > 0)
    report.approximated(
      place("options", "envFile"),
      `${project.id}:${id}`,
      "a variable of these files wins over the same one of your shell",
    );
  return {
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(files.length === 0 ? {} : { env_file: [...files] }),
  };
}

function envFiles({ table, id }: MoonTask): readonly string[] {
  const value = valueAt(table, "options", "envFile");
  if (value === true)
    return ["//.env?", "//.env.local?", ".env?", ".env.local?", `.env.${id}?`, `.env.${id}.local?`];
  return textOrTextsAt(table, "options", "envFile").map((file) =>
    file.startsWith("/") ? `/${file}?` : `${file.replace(/^\.\//, "")}?`,
  );
}

const isServer = ({ table }: MoonTask): boolean => {
  const preset = textAt(table, "preset");
  return (
    preset === "server" ||
    preset === "watcher" ||
    table["local"] === true ||
    tableAt(table, "options")["persistent"] === true
  );
};

function running(task: MoonTask, { report }: MoonContext): TaskTable {
  const { table, place, id, project } = task;
  const options = tableAt(table, "options");
  const style = textAt(options, "outputStyle") ?? "";
  if (options["runInCI"] === false)
    report.note(
      place("options", "runInCI"),
      `${project.id}:${id}`,
      "in CI it runs only where it is asked for",
    );
  if (style === "none" || style === "hash")
    report.approximated(
      place("options", "outputStyle"),
      `${project.id}:${id}`,
      "what it prints is shown where it fails",
    );
  return {
    ...(isServer(task) ? { persistent: true } : {}),
    ...(options["interactive"] === true || textAt(table, "preset") === "utility"
      ? { interactive: true }
      : {}),
    ...(options["allowFailure"] === true ? { allow_failure: true } : {}),
    ...attempts(options),
    ...places(options),
    ...(/^(?:none|hash|buffer-only-failure)$/.test(style) ? { silent: true } : {}),
  };
}

function attempts(options: Table): TaskTable {
  const retries = Number(options["retryCount"] ?? 0);
  const timeout = Number(options["timeout"] ?? 0);
  return {
    ...(Number.isInteger(retries) && retries > 0 && retries <= 1000 ? { retry: retries } : {}),
    ...(Number.isFinite(timeout) && timeout > 0 ? { timeout: `${Math.ceil(timeout)}s` } : {}),
  };
}

const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", macos: "darwin", windows: "windows" };
const PRIORITIES: Readonly<Record<string, number>> = { critical: 30, high: 10, low: -10 };

/** Systems that it runs on, and what it takes there. */
function places(options: Table): TaskTable {
  const mutex = textAt(options, "mutex");
  const level = textAt(options, "priority") ?? "";
  const priority = Object.hasOwn(PRIORITIES, level) ? PRIORITIES[level] : undefined;
  const systems = textOrTextsAt(options, "os").flatMap((name) =>
    Object.hasOwn(SYSTEMS, name) ? (SYSTEMS[name] ?? []) : [],
  );
  const resources = {
    ...(mutex === undefined ? {} : { mutex }),
    ...(priority === undefined ? {} : { priority }),
  };
  return {
    ...(systems.length === 0 ? {} : { platforms: [...new Set(systems)] }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
  };
}

/** Tasks are cached unless they say no, or never end. */
function caching(task: MoonTask, { workspace, report }: MoonContext): TaskTable {
  const { table, place, id, project } = task;
  const options = tableAt(table, "options");
  const isLone = textAt(table, "preset") === "utility" || options["interactive"] === true;
  if (options["cache"] === false || isServer(task) || isLone) return {};
  const isDefault = table["inputs"] === undefined;
  const implicit = moonPatterns(listAt(table, "implicitInputs"), task, workspace);
  const own = moonPatterns(isDefault ? ["**/*"] : listAt(table, "inputs"), task, workspace);
  const outputs = moonPatterns(listAt(table, "outputs"), task, workspace);
  const unknown = [...own.unknown, ...implicit.unknown, ...outputs.unknown];
  if (unknown.length > 0) {
    report.approximated(
      place("inputs"),
      `${project.id}:${id}`,
      `it is not cached: ${unknown.join(", ")} can't be said here`,
    );
    return {};
  }
  // All files of the project hold those of its own that every task has.
  const further = implicit.globs.filter((glob) => !isDefault || glob.startsWith("//"));
  const globs = [...new Set([...own.globs, ...further])];
  const env = [...new Set([...own.env, ...implicit.env])];
  return {
    cache: cacheOptions(options),
    ...(globs.length === 1 && globs[0] === "$default" ? {} : { inputs: globs }),
    ...(outputs.globs.length === 0 ? {} : { outputs: [...outputs.globs] }),
    ...(env.length === 0 ? {} : { env_inputs: env }),
  };
}

function cacheOptions(options: Table): NonNullable<TaskTable["cache"]> {
  const salt = textAt(options, "cacheKey");
  const ttl = textAt(options, "cacheLifetime")
    ?.replaceAll(/\s+/g, "")
    .replace(/(\d)(?:days?)$/, "$1d")
    .replace(/hours?$/, "h");
  const more = {
    ...(salt === undefined ? {} : { salt }),
    ...(options["cache"] === "local" ? { remote: false } : {}),
    ...(ttl !== undefined && /^\d+(?:ms|s|m|h|d)$/.test(ttl) ? { ttl } : {}),
  };
  return Object.keys(more).length === 0 ? true : more;
}
