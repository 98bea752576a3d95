import type { Diagnostic } from "#base/diagnostic";
import type { PackageConfig, SourceFile, TaskEntry, TaskSource, WorkflowEntry } from "./config";
import { mergeTables } from "./merge";
import type { ConfigDocument, GlobalTable, ProfileTable, TaskTable } from "./schema/sections";
import type { WorkflowTable } from "./schema/workflow";

export interface BuildOptions {
  readonly dir: string;
  /** The package's own files, lowest first. */
  readonly own: readonly SourceFile[];
  /** The workspace root's files, where the package is a member: they give settings, never tasks. */
  readonly shared: readonly SourceFile[];
  readonly user?: SourceFile;
  readonly profile?: string;
  /** Tasks that follow from the package's manifests; one of its own files of the same name or alias goes first. */
  readonly inferred?: readonly TaskEntry[];
}

/** Puts the files of a package together: settings merge over all layers, tasks come from its own files alone. */
export function buildPackageConfig(options: BuildOptions, diagnostics: Diagnostic[]): PackageConfig {
  const files = [...(options.user === undefined ? [] : [options.user]), ...options.shared, ...options.own];
  const globals: GlobalTable[] = [];
  const tables: NonNullable<ConfigDocument["vars"]>[] = [];
  for (const { document } of files) {
    if (document.global !== undefined) globals.push(document.global);
    if (document.vars !== undefined) tables.push(document.vars);
  }
  for (const layer of profileChain(files, options.profile)) {
    if (layer.global !== undefined) globals.push(layer.global);
    if (layer.resources !== undefined) globals.push({ resources: layer.resources });
  }
  return {
    dir: options.dir,
    files,
    // Merging keeps the shape that the schema has checked.
    global: (globals.length === 1 ? globals[0] : globals.reduce(mergeTables, {})) as GlobalTable,
    vars: tables.length === 1 ? (tables[0] ?? {}) : tables.reduce(mergeTables, {}),
    tasks: withInferred(collect("tasks", options.own, diagnostics), options.inferred),
    workflows: workflowsOf(options.own),
    templates: collect("templates", [...options.shared, ...options.own], diagnostics),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  };
}

const NO_PROFILE: readonly ProfileTable[] = [];

/** The tables of a profile and of those it extends, lowest first. Cycles end where they close; they are reported by the check. */
export function profileChain(
  files: readonly SourceFile[],
  name: string | undefined,
): readonly ProfileTable[] {
  if (name === undefined) return NO_PROFILE;
  const chain: ProfileTable[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next);) {
    seen.add(next);
    const current = next;
    const layers = files
      .map((file) => own(file.document.profiles, current))
      .filter((layer) => layer !== undefined);
    if (layers.length === 0) break;
    // As above: merged from checked tables.
    const merged = layers.reduce(mergeTables, {}) as ProfileTable;
    chain.unshift(merged);
    next = merged.extends;
  }
  return chain;
}

const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

const NO_WORKFLOWS: ReadonlyMap<string, WorkflowEntry> = new Map();

function workflowsOf(files: readonly SourceFile[]): ReadonlyMap<string, WorkflowEntry> {
  let entries: Map<string, WorkflowEntry> | undefined;
  for (const { document, namespace, path } of files) {
    if (document.workflows === undefined) continue;
    entries ??= new Map();
    for (const [name, table] of Object.entries(document.workflows)) {
      const full = namespace === undefined ? name : `${namespace}:${name}`;
      const before = entries.get(full)?.table;
      entries.set(full, {
        name: full,
        ...(namespace === undefined ? {} : { namespace }),
        file: path,
        path: ["workflows", name],
        // Merging keeps the shape that the schema has checked.
        table: before === undefined ? table : (mergeTables(before, table) as WorkflowTable),
      });
    }
  }
  return entries ?? NO_WORKFLOWS;
}

function withInferred(
  own: Map<string, TaskEntry>,
  inferred: readonly TaskEntry[] | undefined,
): ReadonlyMap<string, TaskEntry> {
  if (inferred === undefined || inferred.length === 0) return own;
  const aliases = new Set(
    [...own.values()].flatMap(({ sources }) => sources.flatMap(({ table }) => table.aliases ?? [])),
  );
  for (const entry of inferred)
    if (!own.has(entry.name) && !aliases.has(entry.name)) own.set(entry.name, entry);
  return own;
}

type TaskSection = "tasks" | "templates";

function collect(
  section: TaskSection,
  files: readonly SourceFile[],
  diagnostics: Diagnostic[],
): Map<string, TaskEntry> {
  const entries = new Map<string, TaskEntry>();
  for (const file of files) {
    const tables: ConfigDocument[TaskSection] = file.document[section];
    if (tables === undefined) continue;
    for (const name of Object.keys(tables)) {
      const full = file.namespace === undefined ? name : `${file.namespace}:${name}`;
      const value = tables[name];
      if (value === undefined) continue;
      const table: TaskTable = typeof value === "string" ? { cmd: value } : value;
      const source: TaskSource = { file: file.path, path: [section, name], table };
      const before = entries.get(full);
      if (before !== undefined && file.layer !== "local" && !isShared(before, files, file)) {
        const first = before.sources[0];
        diagnostics.push({
          code: "E137",
          severity: "error",
          data: { what: section === "tasks" ? "task" : "template", name: full },
          place: { file: file.path, path: [section, name], target: "header" },
          ...(first === undefined
            ? {}
            : {
                related: [
                  { place: { file: first.file, path: first.path, target: "header" }, message: "first here" },
                ],
              }),
        });
        continue;
      }
      entries.set(full, {
        name: full,
        ...(file.namespace === undefined ? {} : { namespace: file.namespace }),
        sources: before === undefined ? [source] : [...before.sources, source],
      });
    }
  }
  return entries;
}

/** A package may redefine a template of its workspace root. What the root's files have twice is told where they are read as its own. */
function isShared(before: TaskEntry, files: readonly SourceFile[], file: SourceFile): boolean {
  const first = files.find((candidate) => candidate.path === before.sources[0]?.file);
  return file.layer === "root" || first?.layer === "root";
}
