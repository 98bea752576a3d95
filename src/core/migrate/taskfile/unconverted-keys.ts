import { isTable, type Table, tableAt } from "#base/value-at";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { LoadedTaskfile } from "./load-taskfiles";

type Path = readonly (string | number)[];

/** Why a key is not taken over: `approximated` where it changes what runs, a `note` where it changes what is shown. */
interface Reason {
  readonly severity: "note" | "approximated";
  readonly why: string;
}

const shown = (why: string): Reason => ({ severity: "note", why });
const other = (why: string): Reason => ({ severity: "approximated", why });

const TASK_KEYS = new Set(
  "aliases cmd cmds deps desc dir dotenv env for generates if ignore_error interactive internal method platforms preconditions prompt requires set shopt sources status summary task timeout vars".split(
    " ",
  ),
);
const COMMAND_KEYS = new Set("cmd defer for if ignore_error platforms set shopt task vars".split(" "));
const DEPENDENCY_KEYS = new Set("for task vars".split(" "));
const INCLUDE_KEYS = new Set("aliases dir excludes flatten internal optional taskfile vars".split(" "));

const REASONS: Readonly<Record<string, Reason>> = {
  label: shown("tasks are shown by their names"),
  prefix: shown("lines begin with the names of tasks"),
  silent: shown("the output mode says what is shown of commands"),
  watch: other("it runs once: 'zr watch' runs it again"),
  run: other("within one run, the same task with the same values runs once"),
  failfast: other("the --keep-going option says whether others go on"),
  checksum: other("the file is not compared with it"),
  interval: shown("'zr watch' waits for the system to tell of changes"),
};

/** Says which keys of a Taskfile are not taken over, each with its line (Taskfile reference, "Schema"). */
export function reportUnconvertedKeys(file: LoadedTaskfile, report: ConversionReport): void {
  const { source } = file;
  const told = new Set<string>();
  const tell = (table: Table, known: ReadonlySet<string>, path: Path): void => {
    for (const [key, value] of Object.entries(table)) {
      if (known.has(key) || key.startsWith("x-") || !isSaid(key, value)) continue;
      const { severity, why } =
        (Object.hasOwn(REASONS, key) ? REASONS[key] : undefined) ?? other("it has no equal");
      // What only changes what is shown is told once a file.
      if (severity === "note" && told.has(key)) continue;
      told.add(key);
      const at = { file: source.file, line: source.line(...path, key) };
      const what = [...path.filter((part) => part !== "tasks"), key].join(".");
      if (severity === "note") report.note(at, what, why);
      else report.approximated(at, what, why);
    }
  };
  for (const [name, given] of Object.entries(tableAt(source.value, "includes")))
    if (isTable(given)) tell(given, INCLUDE_KEYS, ["includes", name]);
  const called = neededByCalls(tableAt(source.value, "tasks"));
  for (const [name, given] of Object.entries(tableAt(source.value, "tasks"))) {
    if (file.excludes.has(name)) continue;
    if (isTable(given) && given["run"] === "once" && called.has(name))
      report.approximated(
        { file: source.file, line: source.line("tasks", name, "run") },
        `${name}.run`,
        "each call of a task by a command has it run again; as a dependency it runs once",
      );
    const task: Table = isTable(given) ? given : { cmds: given };
    const at: Path = ["tasks", name];
    if (isTable(given)) tell(given, TASK_KEYS, at);
    for (const [key, known] of [
      ["cmds", COMMAND_KEYS],
      ["deps", DEPENDENCY_KEYS],
    ] as const)
      for (const [index, item] of listOf(task[key]).entries())
        if (isTable(item)) tell(item, known, isTable(given) ? [...at, key, index] : [...at, index]);
  }
  const { output } = source.value;
  const group = isTable(output) && isTable(output["group"]) ? output["group"] : {};
  tell(group, new Set(), ["output", "group"]);
}

/** Tasks that commands of other ones call, and what those need: each call has runs of its own. */
function neededByCalls(tasks: Table): ReadonlySet<string> {
  const named = (name: string, key: "cmds" | "deps"): readonly string[] => {
    const given = tasks[name];
    const items = listOf(isTable(given) ? given[key] : key === "cmds" ? given : undefined);
    return items.flatMap((item) => {
      const task = isTable(item) ? item["task"] : key === "deps" ? item : undefined;
      return typeof task === "string" ? [task.replace(/^:/, "")] : [];
    });
  };
  const needed = new Set(Object.keys(tasks).flatMap((name) => named(name, "cmds")));
  // A set visits what is added to it on the way.
  for (const name of needed) for (const other of named(name, "deps")) needed.add(other);
  return needed;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Whether a key says anything else than what is so anyway. */
const isSaid = (key: string, value: unknown): boolean =>
  value !== false && value !== null && !(key === "run" && value === "once");
