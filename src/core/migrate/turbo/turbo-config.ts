import type { Diagnostic } from "#base/diagnostic";
import { err, ok, type Result } from "#base/result";
import type { SourceReader } from "#core/migrate/conversion";
import type { ConversionReport } from "#core/migrate/conversion-report";
import { readJsonSource, type JsonSource } from "#core/migrate/json-source";
import type { ScriptPackage, ScriptPackages } from "#core/migrate/npm/script-packages";
import { isTable, type Table, tableAt, textOrTextsAt, valueAt } from "#base/value-at";

/** A task as one turbo.json has it. */
export interface TurboEntry {
  readonly source: JsonSource;
  /** `["tasks", "build"]`. */
  readonly path: readonly [string, string];
  readonly table: Table;
}

/** The configuration of a repository: the root's file and those of packages. */
export interface TurboConfig {
  readonly root: JsonSource;
  /** The key that tasks stand under: `pipeline` in version 1. */
  readonly section: "tasks" | "pipeline";
  /** By the package's path. */
  readonly packages: ReadonlyMap<string, JsonSource>;
}

const NAMES = ["turbo.json", "turbo.jsonc"];

/** Reads the files of turbo. Without one at the root there is a problem: E480, or E481 where it can't be read. */
export async function readTurboConfig(
  folder: string,
  source: string | undefined,
  context: {
    readonly packages: ScriptPackages;
    readonly reader: SourceReader;
    readonly report: ConversionReport;
  },
): Promise<Result<TurboConfig, readonly Diagnostic[]>> {
  const { packages, reader, report } = context;
  const find = async (dir: string, prefix: string): Promise<Result<JsonSource, string> | undefined> => {
    for (const name of NAMES) {
      const read = await reader.readText(`${dir}/${name}`);
      if (read.kind === "text") return readJsonSource(read.text, `${prefix}${name}`);
      if (read.kind === "unreadable") return err(read.reason);
    }
    return undefined;
  };
  const given = source === undefined ? undefined : await reader.readText(source);
  const root =
    source === undefined
      ? await find(folder, "")
      : given?.kind === "text"
        ? readJsonSource(
            given.text,
            source.startsWith(`${folder}/`) ? source.slice(folder.length + 1) : source,
          )
        : undefined;
  if (root === undefined)
    return err([{ code: "E480", severity: "error", data: { what: "turbo.json", path: folder } }]);
  if (!root.ok)
    return err([
      {
        code: "E481",
        severity: "error",
        data: { path: source ?? `${folder}/turbo.json`, reason: root.error },
      },
    ]);
  const found = new Map<string, JsonSource>();
  for (const { path } of packages.members) {
    const own = await find(`${folder}/${path}`, `${path}/`);
    if (own === undefined) continue;
    if (own.ok) found.set(path, own.value);
    else report.leftOut({ file: `${path}/turbo.json`, line: 1 }, "", `the file can't be read: ${own.error}`);
  }
  const section =
    isTable(root.value.value["tasks"]) || !isTable(root.value.value["pipeline"]) ? "tasks" : "pipeline";
  return ok({ root: root.value, section, packages: found });
}

/** A task of a package, put together from all that speaks of it. */
export interface TurboTask {
  readonly name: string;
  readonly pkg: ScriptPackage;
  readonly table: Table;
  /** The entry that says most: its place is that of the task. */
  readonly entry: TurboEntry;
  /** Whether it is the root's entry for every package, and nothing more. */
  readonly isShared: boolean;
}

/** Paths that lead out of a package are others for every package. */
const leavesPackage = (table: Table): boolean =>
  [...textOrTextsAt(table, "inputs"), ...textOrTextsAt(table, "outputs")].some((glob) =>
    /^!?\.\.\//.test(glob),
  );

const LISTS = ["dependsOn", "inputs", "outputs", "env", "passThroughEnv", "with"];
const EXTENDS = "$TURBO_EXTENDS$";

/**
 * The definition of a task for a package: `pkg#task` of the root's file before `task`, and over it what the package's
 * own file says key by key (turborepo.com, "Package Configurations"). Undefined where no file speaks of it.
 */
export function turboTask(config: TurboConfig, pkg: ScriptPackage, name: string): TurboTask | undefined {
  const entryIn = (source: JsonSource, section: string, key: string): TurboEntry | undefined => {
    const table = tableAt(source.value, section);
    if (!Object.hasOwn(table, key)) return undefined;
    return { source, path: [section, key], table: isTable(table[key]) ? table[key] : {} };
  };
  const { root, section } = config;
  const isRoot = pkg.path === ".";
  const specific = entryIn(root, section, isRoot ? `//#${name}` : `${pkg.name}#${name}`);
  const general = isRoot ? undefined : entryIn(root, section, name);
  const ownFile = config.packages.get(pkg.path);
  const own =
    ownFile === undefined
      ? undefined
      : (entryIn(ownFile, "tasks", name) ?? entryIn(ownFile, "pipeline", name));
  const base = specific ?? general;
  if (own === undefined)
    return base === undefined
      ? undefined
      : {
          name,
          pkg,
          table: base.table,
          entry: base,
          isShared: base === general && !leavesPackage(base.table),
        };
  if (own.table["extends"] === false) {
    const { extends: _, ...table } = own.table;
    // Alone it takes the task away; with more it starts afresh.
    return Object.keys(table).length === 0 ? undefined : { name, pkg, table, entry: own, isShared: false };
  }
  return { name, pkg, table: merged(base?.table ?? {}, own.table), entry: own, isShared: false };
}

function merged(base: Table, own: Table): Table {
  const result: Record<string, unknown> = { ...base, ...own };
  delete result["extends"];
  for (const key of LISTS) {
    const list = textOrTextsAt(own, key);
    if (list.includes(EXTENDS))
      result[key] = [...textOrTextsAt(base, key), ...list.filter((item) => item !== EXTENDS)];
  }
  return result;
}

/** Names of all tasks that some file has for packages, in their order. */
export function turboTaskNames(config: TurboConfig): readonly string[] {
  const names = new Set<string>();
  for (const key of Object.keys(tableAt(config.root.value, config.section)))
    names.add(key.slice(key.indexOf("#") + 1));
  for (const source of config.packages.values())
    for (const section of ["tasks", "pipeline"])
      for (const key of Object.keys(tableAt(source.value, section)))
        names.add(key.slice(key.indexOf("#") + 1));
  return [...names];
}

/** A setting of the root's file: by its name, or by its newer place under `global`. */
export const globalList = ({ root }: TurboConfig, old: string, modern: string): readonly string[] =>
  valueAt(root.value, old) === undefined
    ? textOrTextsAt(root.value, "global", modern)
    : textOrTextsAt(root.value, old);
