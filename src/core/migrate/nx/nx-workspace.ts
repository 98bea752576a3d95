import type { Diagnostic } from "#base/diagnostic";
import { globMatcher } from "#base/glob";
import { dirname, relativeTo } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { SourceReader } from "#core/migrate/conversion";
import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import { readJsonSource, type JsonSource } from "#core/migrate/json-source";
import {
  readScriptPackages,
  type ScriptPackage,
  type ScriptPackages,
} from "#core/migrate/npm/script-packages";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";

/** A target of a project, with what nx.json says for targets like it. */
export interface NxTarget {
  readonly name: string;
  readonly project: NxProject;
  /** `nx:run-commands`, `@nx/vite:build` …; undefined where only a plugin knows it. */
  readonly executor: string | undefined;
  readonly table: Table;
  readonly place: (...path: readonly (string | number)[]) => SourcePlace;
  readonly comments: readonly string[];
}

export interface NxProject {
  readonly name: string;
  /** Path of its folder from the root; `.` for the root. */
  readonly path: string;
  readonly file: string;
  readonly source: JsonSource;
  /** Its package.json, where it has one. */
  readonly manifest: ScriptPackage | undefined;
  readonly tags: readonly string[];
  readonly namedInputs: Table;
  readonly targets: ReadonlyMap<string, NxTarget>;
}

export interface NxWorkspace {
  readonly config: JsonSource;
  readonly packages: ScriptPackages | undefined;
  readonly projects: ReadonlyMap<string, NxProject>;
  /** Names of the projects that each one depends on. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Whether nx itself has said what depends on what. */
  readonly hasGraph: boolean;
}

/** What nx wrote down when it last looked at the workspace: targets that plugins infer, and what imports what. */
const GRAPH = ".nx/workspace-data/project-graph.json";

interface Draft {
  readonly path: string;
  readonly own: JsonSource | undefined;
  readonly manifest: ScriptPackage | undefined;
}

/** Reads nx.json and all projects. Without nx.json there is a problem: E480, or E481 where it can't be read. */
export async function readNxWorkspace(
  folder: string,
  reader: SourceReader,
  report: ConversionReport,
): Promise<Result<NxWorkspace, readonly Diagnostic[]>> {
  const path = `${folder}/nx.json`;
  const read = await reader.readText(path);
  if (read.kind !== "text")
    return err([{ code: "E480", severity: "error", data: { what: "nx.json", path: folder } }]);
  const config = readJsonSource(read.text, "nx.json");
  if (!config.ok) return err([{ code: "E481", severity: "error", data: { path, reason: config.error } }]);
  const packages = await readScriptPackages(folder, reader, (place, reason) =>
    report.leftOut(place, "", `the file can't be read: ${reason}`),
  );
  const scripts = packages.ok ? packages.value : undefined;
  const drafts = await readDrafts(folder, reader, { scripts, report });
  const graph = await readGraph(folder, reader);
  const projects = new Map<string, NxProject>();
  for (const draft of drafts) {
    const project = makeProject(draft, config.value, graph);
    if (projects.has(project.name))
      report.leftOut({ file: project.file, line: 1 }, project.name, "another project has this name");
    else projects.set(project.name, project);
  }
  return ok({
    config: config.value,
    packages: scripts,
    projects,
    needs: needsOf(projects, { graph, drafts, report }),
    hasGraph: graph !== undefined,
  });
}

async function readDrafts(
  folder: string,
  reader: SourceReader,
  { scripts, report }: { readonly scripts: ScriptPackages | undefined; readonly report: ConversionReport },
): Promise<readonly Draft[]> {
  const drafts = new Map<string, Draft>();
  for (const manifest of scripts === undefined ? [] : [scripts.root, ...scripts.members])
    if (manifest.path !== "." || isTable(manifest.source.value["nx"]))
      drafts.set(manifest.path, { path: manifest.path, own: undefined, manifest });
  for (const file of await reader.glob("**/project.json", folder)) {
    const path = relativeTo(folder, dirname(file));
    if (/(?:^|\/)(?:node_modules|dist|\.nx|\.git|tmp)(?:\/|$)/.test(path)) continue;
    const read = await reader.readText(file);
    if (read.kind !== "text") continue;
    const own = readJsonSource(read.text, relativeTo(folder, file));
    if (!own.ok) {
      report.leftOut({ file: relativeTo(folder, file), line: 1 }, "", `the file can't be read: ${own.error}`);
      continue;
    }
    const manifest = drafts.get(path)?.manifest ?? (path === "." ? scripts?.root : undefined);
    drafts.set(path, { path, own: own.value, manifest });
  }
  return [...drafts.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readGraph(folder: string, reader: SourceReader): Promise<Table | undefined> {
  const read = await reader.readText(`${folder}/${GRAPH}`);
  if (read.kind !== "text") return undefined;
  const source = readJsonSource(read.text, GRAPH);
  return source.ok && isTable(source.value.value["nodes"]) ? source.value.value : undefined;
}

const nameOf = ({ path, own, manifest }: Draft): string =>
  textAt(own?.value, "name") ??
  textAt(manifest?.source.value, "nx", "name") ??
  textAt(manifest?.source.value, "name") ??
  path.slice(path.lastIndexOf("/") + 1);

function makeProject(draft: Draft, config: JsonSource, graph: Table | undefined): NxProject {
  const { path, own, manifest } = draft;
  const inManifest = tableAt(manifest?.source.value, "nx");
  const name = nameOf(draft);
  const source = own ?? manifest?.source ?? config;
  const targets = new Map<string, NxTarget>();
  const project: NxProject = {
    name,
    path,
    file: source.file,
    source,
    manifest,
    tags: [...new Set([...textOrTextsAt(own?.value, "tags"), ...textOrTextsAt(inManifest, "tags")])],
    namedInputs: { ...tableAt(inManifest, "namedInputs"), ...tableAt(own?.value, "namedInputs") },
    targets,
  };
  const inferred =
    valueAt(graph, "nodes", name, "data", "root") === path
      ? tableAt(graph, "nodes", name, "data", "targets")
      : {};
  const included = valueAt(inManifest, "includedScripts");
  const scripts = [...(manifest?.scripts.keys() ?? [])].filter(
    (script) => !Array.isArray(included) || included.includes(script),
  );
  const names = new Set([
    ...Object.keys(tableAt(own?.value, "targets")),
    ...Object.keys(tableAt(inManifest, "targets")),
    ...scripts,
    ...Object.keys(inferred),
  ]);
  for (const target of names) {
    const layers = [
      scripts.includes(target) ? { executor: "nx:run-script", options: { script: target } } : {},
      tableAt(inManifest, "targets", target),
      tableAt(own?.value, "targets", target),
    ];
    const written = layers.reduce((below, above) => over(below, above));
    const known = textAt(written, "executor") !== undefined || textAt(written, "command") !== undefined;
    // What only a plugin knows stands in what nx wrote down, with everything that nx.json says.
    const table = known ? withDefaults(target, written, config) : over(tableAt(inferred, target), written);
    targets.set(target, makeTarget({ target, table, project, draft }));
  }
  return project;
}

function makeTarget({
  target,
  table,
  project,
  draft,
}: {
  readonly target: string;
  readonly table: Table;
  readonly project: NxProject;
  readonly draft: Draft;
}): NxTarget {
  const { own, manifest } = draft;
  const source =
    own !== undefined && Object.hasOwn(tableAt(own.value, "targets"), target)
      ? own
      : (manifest?.source ?? project.source);
  const start: readonly string[] =
    source === own
      ? ["targets", target]
      : Object.hasOwn(tableAt(source.value, "nx", "targets"), target)
        ? ["nx", "targets", target]
        : ["scripts", target];
  return {
    name: target,
    project,
    executor: textAt(table, "command") === undefined ? textAt(table, "executor") : "nx:run-commands",
    table,
    place: (...path) => ({ file: source.file, line: source.line(...start, ...path) }),
    comments: source.comments(...start),
  };
}

/** One target over another: options and configurations key by key, the rest as a whole. */
function over(below: Table, above: Table): Table {
  const options = { ...tableAt(below, "options"), ...tableAt(above, "options") };
  const names = new Set([
    ...Object.keys(tableAt(below, "configurations")),
    ...Object.keys(tableAt(above, "configurations")),
  ]);
  const configurations = Object.fromEntries(
    [...names].map((name) => [
      name,
      { ...tableAt(below, "configurations", name), ...tableAt(above, "configurations", name) },
    ]),
  );
  return {
    ...below,
    ...above,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(names.size === 0 ? {} : { configurations }),
  };
}

/** `targetDefaults` by the executor, else by the target's name, else by a glob of names (nx.dev, "nx.json"). */
function withDefaults(name: string, table: Table, config: JsonSource): Table {
  const all = defaultsOf(config);
  const executor =
    textAt(table, "executor") ?? (textAt(table, "command") === undefined ? "" : "nx:run-commands");
  const globs = [...all.keys()].filter((key) => /[*?[{]/.test(key) && globMatcher(key)(name));
  const found =
    all.get(executor) ?? all.get(name) ?? all.get(globs.toSorted((a, b) => b.length - a.length)[0] ?? "");
  if (found === undefined) return table;
  const wanted =
    textAt(found, "executor") ?? (textAt(found, "command") === undefined ? undefined : "nx:run-commands");
  if (wanted === undefined || wanted === executor) return over(found, table);
  // The options of one executor mean nothing to another.
  const {
    options: _options,
    configurations: _configurations,
    executor: _executor,
    command: _command,
    ...rest
  } = found;
  return over(rest, table);
}

function defaultsOf(config: JsonSource): ReadonlyMap<string, Table> {
  const found = new Map<string, Table>();
  for (const item of listAt(config.value, "targetDefaults")) {
    const key = textAt(item, "executor") ?? textAt(item, "target");
    if (
      key !== undefined &&
      isTable(item) &&
      !["projects", "plugin", "source"].some((filter) => filter in item)
    ) {
      const { target: _, executor: _executor, ...rest } = item;
      found.set(key, rest);
    }
  }
  for (const [key, table] of Object.entries(tableAt(config.value, "targetDefaults")))
    if (isTable(table)) found.set(key, table);
  for (const target of textOrTextsAt(
    config.value,
    "tasksRunnerOptions",
    "default",
    "options",
    "cacheableOperations",
  ))
    found.set(target, { cache: true, ...found.get(target) });
  return found;
}

function needsOf(
  projects: ReadonlyMap<string, NxProject>,
  {
    graph,
    drafts,
    report,
  }: {
    readonly graph: Table | undefined;
    readonly drafts: readonly Draft[];
    readonly report: ConversionReport;
  },
): ReadonlyMap<string, readonly string[]> {
  const byManifest = new Map<string, string>();
  for (const { name, manifest } of projects.values())
    if (manifest !== undefined) byManifest.set(manifest.name, name);
  const needs = new Map<string, readonly string[]>();
  for (const project of projects.values()) {
    const found = new Set((project.manifest?.needs ?? []).flatMap((need) => byManifest.get(need) ?? []));
    for (const edge of listAt(graph, "dependencies", project.name)) {
      const target = textAt(edge, "target");
      if (target !== undefined && projects.has(target)) found.add(target);
    }
    const draft = drafts.find(({ path }) => path === project.path);
    const implicit = [
      ...textOrTextsAt(draft?.own?.value, "implicitDependencies"),
      ...textOrTextsAt(project.manifest?.source.value, "nx", "implicitDependencies"),
    ];
    for (const text of implicit) {
      if (text.startsWith("!")) {
        found.delete(text.slice(1));
        if (project.manifest?.needs.some((need) => byManifest.get(need) === text.slice(1)) === true)
          report.approximated(
            { file: project.file, line: project.source.line("implicitDependencies") },
            text,
            "what package.json names is a dependency all the same",
          );
        continue;
      }
      const matches = globMatcher(text);
      for (const name of projects.keys()) if (matches(name)) found.add(name);
    }
    found.delete(project.name);
    needs.set(project.name, [...found]);
  }
  return needs;
}
