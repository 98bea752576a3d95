import type { PackageConfig, SourceFile, TaskEntry, TaskSource } from "./config";
import { mergeTables } from "./merge";
import { profileChain } from "./package-config";
import type { EnvTable, GroupTable, TaskTable } from "./schema/sections";

/** A task with every key that reaches it, and where each key came from. */
export interface ResolvedTask {
  readonly entry: TaskEntry;
  readonly table: TaskTable;
  /** Everything that gave keys, lowest first. */
  readonly sources: readonly TaskSource[];
  /** Environment of the groups it belongs to, outermost first. */
  readonly groupEnv: readonly TaskSource[];
}

/** Resolves tasks of one package once each. */
export type TaskResolver = (entry: TaskEntry) => ResolvedTask;

/**
 * A task's keys, lowest first: `[defaults.tasks]`, its groups, what it extends (the first named wins), its own tables,
 * the profile. A set key replaces the lower one as a whole, except that `env` tables merge by name.
 */
export function taskResolver(config: PackageConfig): TaskResolver {
  const memo = new Map<TaskEntry, ResolvedTask>();
  const defaults = defaultSources(config);
  const own = (file: SourceFile): SourceFile => withOwnNames(file, config.tasks);
  const overrides = config.profile === undefined ? [] : profileChain(config.files.map(own), config.profile);
  const hasGroups = config.files.some((file) => file.document.groups !== undefined);
  const isPlain = defaults.length === 0 && overrides.length === 0 && !hasGroups;
  const resolve = (entry: TaskEntry): ResolvedTask => {
    const known = memo.get(entry);
    if (known !== undefined) return known;
    // Nearly every task: nothing but its own tables reaches it.
    if (isPlain && !extendsAny(entry)) {
      const { sources } = entry;
      const own: ResolvedTask = { entry, table: flatten(sources), sources, groupEnv: NO_SOURCES };
      memo.set(entry, own);
      return own;
    }
    const groups = hasGroups ? groupSources(config, entry.name) : [];
    const profile = overrides.flatMap((layer): TaskSource[] => {
      const table =
        layer.tasks !== undefined && Object.hasOwn(layer.tasks, entry.name)
          ? layer.tasks[entry.name]
          : undefined;
      const file =
        config.files.findLast((candidate) => candidate.document.profiles !== undefined)?.path ?? "";
      return table === undefined
        ? []
        : [{ file, path: ["profiles", config.profile ?? "", "tasks", entry.name], table }];
    });
    const sources = [
      ...underGroups(defaults, groups),
      ...groups.map(withoutEnv),
      ...inherited(config, entry),
      ...entry.sources,
      ...profile,
    ];
    const resolved: ResolvedTask = {
      entry,
      table: flatten(sources),
      sources,
      groupEnv: groups.filter((group) => group.table.env !== undefined),
    };
    memo.set(entry, resolved);
    return resolved;
  };
  return resolve;
}

const NO_SOURCES: readonly TaskSource[] = [];

/** Whether the entry itself extends anything; nearly none does. */
export function extendsAny({ sources }: TaskEntry): boolean {
  for (const { table } of sources) if (table.extends !== undefined) return true;
  return false;
}

function flatten(sources: readonly TaskSource[]): TaskTable {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only.table;
  const table: Record<string, unknown> = {};
  for (const source of sources) {
    const { env } = table;
    Object.assign(table, source.table);
    if (env !== undefined && source.table.env !== undefined)
      table["env"] = mergeTables(env as EnvTable, source.table.env);
  }
  // Put together from checked tables, key by key.
  return table as TaskTable;
}

/**
 * Sources of everything that the entry extends, lowest first. What is reached on several ways counts once, on its
 * highest: the lower ones could add nothing. So a circle ends where it closes; the check reports it.
 */
function inherited(config: PackageConfig, entry: TaskEntry): TaskSource[] {
  if (!extendsAny(entry)) return [];
  const highestFirst: TaskSource[] = [];
  const seen = new Set([entry]);
  const visit = (child: TaskEntry): void => {
    for (const name of extendsOf(child)) {
      const parent = findParent(config, child, name);
      if (parent === undefined || seen.has(parent)) continue;
      seen.add(parent);
      highestFirst.push(...parent.sources.toReversed().map(inheritable));
      visit(parent);
    }
  };
  visit(entry);
  return highestFirst.toReversed();
}

/** The names in `extends` of the entry itself. */
export function extendsOf(entry: TaskEntry): readonly string[] {
  const value = entry.sources.findLast((source) => source.table.extends !== undefined)?.table.extends;
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** The template or task that a name in `extends` means; the namespace of the file goes first. */
export function findParent(config: PackageConfig, entry: TaskEntry, name: string): TaskEntry | undefined {
  const names = entry.namespace === undefined ? [name] : [`${entry.namespace}:${name}`, name];
  for (const candidate of names) {
    const parent = config.templates.get(candidate) ?? config.tasks.get(candidate);
    if (parent !== undefined && parent !== entry) return parent;
  }
  return undefined;
}

/** Names belong to the task that has them: they are not inherited. */
function inheritable(source: TaskSource): TaskSource {
  const { aliases: _aliases, extends: _extends, hidden: _hidden, ...table } = source.table;
  return { ...source, table };
}

function withoutEnv(source: TaskSource): TaskSource {
  const { env: _env, ...table } = source.table;
  return { ...source, table };
}

/** Variables of groups are a layer below the task's own table: what the defaults say of the same names is left out. */
function underGroups(defaults: readonly TaskSource[], groups: readonly TaskSource[]): readonly TaskSource[] {
  const names = new Set(groups.flatMap(({ table }) => Object.keys(table.env ?? {})));
  if (names.size === 0) return defaults;
  return defaults.map((source) => {
    const env = Object.entries(source.table.env ?? {}).filter(([name]) => !names.has(name));
    const rest = withoutEnv(source);
    return env.length === 0 ? rest : { ...rest, table: { ...rest.table, env: Object.fromEntries(env) } };
  });
}

function defaultSources(config: PackageConfig): TaskSource[] {
  const sources: TaskSource[] = [];
  for (const { path, document } of config.files) {
    const table = document.defaults?.tasks;
    if (table !== undefined) sources.push({ file: path, path: ["defaults", "tasks"], table });
  }
  return sources;
}

/**
 * `[groups.a]` and `[groups."a.b"]` both reach the task `a.b.c`; the longer name is nearer. Those of a file that is
 * included with a namespace reach the tasks of that namespace.
 */
function groupSources(config: PackageConfig, task: string): TaskSource[] {
  return config.files
    .flatMap((file) =>
      Object.entries(file.document.groups ?? {})
        .filter(([name]) => task.startsWith(`${prefixOf(file)}${name}.`))
        .map(([name, table]: [string, GroupTable]): TaskSource => ({
          file: file.path,
          path: ["groups", name],
          table,
        })),
    )
    .sort((a, b) => String(a.path[1]).length - String(b.path[1]).length);
}

const prefixOf = ({ namespace }: SourceFile): string => (namespace === undefined ? "" : `${namespace}:`);

/** The file with its profiles' tasks by their full names: one with a namespace means its own task first. */
function withOwnNames(file: SourceFile, tasks: PackageConfig["tasks"]): SourceFile {
  const { profiles } = file.document;
  if (file.namespace === undefined || profiles === undefined) return file;
  const fullName = (name: string): string =>
    tasks.has(prefixOf(file) + name) ? prefixOf(file) + name : name;
  const named = Object.entries(profiles).map(([profile, layer]) => {
    const own = Object.entries(layer.tasks ?? {}).map(([name, table]) => [fullName(name), table] as const);
    return [profile, own.length === 0 ? layer : { ...layer, tasks: Object.fromEntries(own) }] as const;
  });
  return { ...file, document: { ...file.document, profiles: Object.fromEntries(named) } };
}
