import { resolveFrom } from "#base/path";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import { isTable, listAt, textAt, textOrTextsAt } from "#base/value-at";
import { globalList } from "./turbo-config";
import type { TurboConfig, TurboTask } from "./turbo-config";

const KNOWN = new Set([
  "dependsOn",
  "inputs",
  "outputs",
  "env",
  "passThroughEnv",
  "cache",
  "persistent",
  "interactive",
  "interruptible",
  "outputLogs",
  "outputMode",
  "description",
  "with",
  "extends",
  "dotEnv",
  "tags",
  "$comment",
]);

/** Where things are told of a task. */
interface Telling {
  readonly report: ConversionReport;
  readonly at: (key: string) => SourcePlace;
}

/** What turbo says of a task apart from its script and the tasks of packages, as keys of a template or a task. */
export function turboSettings(task: TurboTask, config: TurboConfig, report: ConversionReport): TaskTable {
  const { table, entry, name } = task;
  const at = (key: string): SourcePlace => ({
    file: entry.source.file,
    line: entry.source.line(...entry.path, key),
  });
  for (const key of Object.keys(table))
    if (!KNOWN.has(key)) report.leftOut(at(key), `${name}.${key}`, "zr has no such setting");
  if (listAt(table, "with").length > 0)
    report.leftOut(
      at("with"),
      textOrTextsAt(table, "with").join(", "),
      "nothing is started beside a task: ask for both, as in 'zr run dev api:dev'",
    );
  if (table["interactive"] === true)
    report.approximated(
      at("interactive"),
      name,
      "`interactive` here means to have the terminal alone, so it is left off",
    );
  const persistent = table["persistent"] === true;
  const cached = table["cache"] !== false && !persistent;
  const description = textAt(table, "description");
  return {
    ...(description === undefined ? {} : { description }),
    ...(textOrTextsAt(table, "tags").length === 0 ? {} : { tags: [...textOrTextsAt(table, "tags")] }),
    ...logSettings(task, { report, at }, cached),
    ...(cached
      ? {
          ...inputsOf(task, report, at),
          ...outputsOf(task),
          ...variables(task, config, { report, at }),
        }
      : {}),
    ...(persistent ? { persistent: true } : {}),
    ...(table["interruptible"] === true ? { watch: { restart: true } } : {}),
  };
}

/** turbo caches every task that doesn't say no, and shows what it prints in one of five ways. */
function logSettings({ table, name }: TurboTask, { report, at }: Telling, cached: boolean): TaskTable {
  const key = table["outputLogs"] === undefined ? "outputMode" : "outputLogs";
  const mode = textAt(table, key) ?? "full";
  const on: TaskTable = cached ? { cache: true } : {};
  switch (mode) {
    case "full":
      return on;
    case "new-only":
      return cached ? { cache: { log: "hash" } } : {};
    case "hash-only":
      report.approximated(at(key), name, "only the log of a cached result is left out, not that of a run");
      return cached ? { cache: { log: "hash" } } : {};
    case "errors-only":
      return { ...on, silent: true };
    default:
      report.approximated(at(key), name, "what it prints is shown where it fails");
      return { ...on, silent: true };
  }
}

/** Globs of turbo begin at the package; `$TURBO_ROOT$/` is the root. */
function inputsOf(
  { table, pkg, name }: TurboTask,
  report: ConversionReport,
  at: (key: string) => SourcePlace,
): TaskTable {
  const listed = listAt(table, "inputs");
  const dotEnv = textOrTextsAt(table, "dotEnv");
  if (listed.length === 0) return dotEnv.length === 0 ? {} : { inputs: ["$default", ...dotEnv] };
  const globs: string[] = [];
  for (const item of listed) {
    if (typeof item !== "string") {
      report.approximated(
        at("inputs"),
        name,
        isTable(item) ? "what runs before a task counts by its outputs" : "this input has an unknown form",
      );
      continue;
    }
    const glob = globOf(item, pkg.path);
    if (glob === "$TURBO_EXTENDS$") continue;
    globs.push(glob);
  }
  // turbo takes the manifest into every key.
  const all = globs.includes("$default") ? globs : [...globs, "package.json"];
  if (globs.some((glob) => glob.includes("**") && !glob.startsWith("!")) && !globs.includes("$default"))
    report.note(at("inputs"), name, "files that git ignores count only where a pattern names their folder");
  return { inputs: [...all, ...dotEnv] };
}

function globOf(text: string, path: string): string {
  const negative = text.startsWith("!");
  const plain = negative ? text.slice(1) : text;
  if (plain === "$TURBO_DEFAULT$") return "$default";
  const sign = negative ? "!" : "";
  if (plain.startsWith("$TURBO_ROOT$/")) return `${sign}//${plain.slice("$TURBO_ROOT$/".length)}`;
  if (plain.startsWith("../")) return `${sign}/${resolveFrom(`/${path}`, plain)}`;
  return sign + plain.replace(/^\.\//, "");
}

function outputsOf({ table, pkg }: TurboTask): TaskTable {
  const outputs = textOrTextsAt(table, "outputs").filter((glob) => glob !== "$TURBO_EXTENDS$");
  return outputs.length === 0 ? {} : { outputs: outputs.map((glob) => globOf(glob, pkg.path)) };
}

/** Variables that count: the task's, those of version 1 among its dependencies, and the repository's. */
function variables({ table, name }: TurboTask, config: TurboConfig, { report, at }: Telling): TaskTable {
  const own = [
    ...textOrTextsAt(table, "env"),
    ...textOrTextsAt(table, "dependsOn").flatMap((text) => (text.startsWith("$") ? [text.slice(1)] : [])),
    ...globalList(config, "globalEnv", "env"),
    ...textOrTextsAt(config.root.value, "globalDependencies").flatMap((text) =>
      /^\$[A-Z]\w*$/.test(text) ? [text.slice(1)] : [],
    ),
  ].filter((variable) => variable !== "$TURBO_EXTENDS$");
  const names = [...new Set(own)].filter((variable) => !variable.startsWith("!"));
  if (names.length < new Set(own).size)
    report.approximated(at("env"), name, "variables that are taken out by '!' count too");
  return names.length === 0 ? {} : { env_inputs: names };
}
