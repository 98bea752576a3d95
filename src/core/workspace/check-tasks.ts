import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import { taskKeyPlace, taskPlace } from "#core/config/config";
import type { TaskEntry } from "#core/config/config";
import { extendsAny, extendsOf, findParent } from "#core/config/resolve-task";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { TaskTable } from "#core/config/schema/sections";
import { checkParameters } from "./check-parameters";
import { checkProfileTasks } from "./check-profile-tasks";
import { mayBeEmpty, parseReference, resolveReference, suggestTasks } from "./references";
import type { Origin, Target } from "./references";
import { TaskGraph } from "./task-graph";
import { linkPlace, namesOthers, taskLinks } from "./task-links";
import type { LinkRole, TaskLink } from "./task-links";
import type { Package, Workspace } from "./workspace";

/** What a link is called in a message. */
const ROLE_NAMES: Readonly<Record<LinkRole, string>> = {
  deps: "dependency",
  deps_serial: "dependency",
  pipeline: "dependency",
  wait_for: "'wait_for'",
  finally: "'finally'",
  on_success: "'on_success'",
  on_failure: "'on_failure'",
  cmds: "step",
};

/** Holds every task of the workspace against the others: names that lead nowhere, circles, tasks that mean nothing. */
export function checkTasks(workspace: Workspace): Diagnostic[] {
  const found: Diagnostic[] = [];
  const graph = new TaskGraph(workspace);
  for (const pkg of workspace.packages.values()) {
    checkExtends(pkg, found);
    checkAliases(pkg, found);
    for (const entry of pkg.config.tasks.values()) {
      const task = pkg.resolve(entry);
      checkShape(task, found);
      if (task.table.args !== undefined) checkParameters(task, found);
      checkLinks({ workspace, pkg, task, graph, found });
    }
  }
  checkProfileTasks(workspace, found);
  for (const circle of graph.circles()) found.push(circle);
  return found;
}

function checkShape({ entry, table, sources }: ResolvedTask, found: Diagnostic[]): void {
  const first =
    table.cmd !== undefined
      ? "cmd"
      : table.cmds !== undefined
        ? "cmds"
        : table.script !== undefined
          ? "script"
          : undefined;
  const second =
    first !== "script" && table.script !== undefined
      ? "script"
      : first === "cmd" && table.cmds !== undefined
        ? "cmds"
        : undefined;
  if (second !== undefined && first !== undefined) {
    found.push({
      code: "E120",
      severity: "error",
      data: { task: entry.name, first, second },
      place: { ...taskKeyPlace(sources, second), target: "key" },
    });
  }
  if (table.pipeline !== undefined && (table.deps_serial !== undefined || first !== undefined)) {
    const other = first ?? "deps_serial";
    found.push({
      code: "E120",
      severity: "error",
      data: { task: entry.name, first: other, second: "pipeline" },
      place: { ...taskKeyPlace(sources, "pipeline"), target: "key" },
    });
  }
  if (table.cmds !== undefined) checkSteps(entry, table.cmds, { sources, found });
  const hasSteps = first !== "cmds" || (table.cmds !== undefined && table.cmds.length > 0);
  if (first !== undefined && hasSteps) return;
  const hasDeps = [table.deps, table.deps_serial, table.pipeline].some(
    (list) => list !== undefined && list.length > 0,
  );
  if (!hasDeps) {
    found.push({ code: "E119", severity: "error", data: { task: entry.name }, place: taskPlace(entry) });
  }
}

interface StepCheck {
  readonly sources: ResolvedTask["sources"];
  readonly found: Diagnostic[];
}

/** Each step runs a command or calls a task; a key of the one means nothing for the other. */
function checkSteps(
  entry: TaskEntry,
  steps: NonNullable<TaskTable["cmds"]>,
  { sources, found }: StepCheck,
): void {
  for (const [index, step] of steps.entries()) {
    if (typeof step === "string") continue;
    for (const key of step.task === undefined ? (["args", "env"] as const) : (["cmd"] as const)) {
      if (step[key] === undefined) continue;
      const what = step.task === undefined ? "a step that runs a command" : "a step that runs a task";
      found.push({
        code: "E110",
        severity: "error",
        data: { key, where: `${what} of task '${entry.name}'` },
        place: { ...taskKeyPlace(sources, "cmds", index, key), target: "key" },
      });
    }
    if (step.task === undefined && step.cmd === undefined) {
      found.push({
        code: "E118",
        severity: "error",
        data: { key: "cmd", where: `a step of task '${entry.name}'` },
        place: taskKeyPlace(sources, "cmds", index),
      });
    }
  }
}

interface LinkCheck {
  readonly workspace: Workspace;
  readonly pkg: Package;
  readonly task: ResolvedTask;
  readonly graph: TaskGraph;
  readonly found: Diagnostic[];
}

function checkLinks(check: LinkCheck): void {
  const { pkg, task, graph } = check;
  const { entry, table } = task;
  const plain = plainDeps(pkg, task);
  if (plain !== undefined) {
    const from = graph.add(pkg, task);
    for (const dep of plain) {
      const other = pkg.resolve(dep);
      graph.connect(from, graph.add(pkg, other));
      if (isEndless(other.table)) checkLink(check, linkTo(table, dep.name));
    }
    return;
  }
  const links = taskLinks(table);
  if (links.length === 0) return;
  const from = graph.add(pkg, task);
  const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
  for (const link of links) {
    for (const target of checkLink(check, link, origin))
      graph.connect(from, graph.add(target.pkg, target.pkg.resolve(target.entry)));
  }
}

/** The tasks that a task needs, where all that it names is tasks of its own package by their names. */
function plainDeps(pkg: Package, { entry, table }: ResolvedTask): readonly TaskEntry[] | undefined {
  const { deps } = table;
  if (deps === undefined || entry.namespace !== undefined || namesOthers(table)) return undefined;
  const found: TaskEntry[] = [];
  for (const dep of deps) {
    const other = typeof dep === "string" ? pkg.config.tasks.get(dep) : undefined;
    if (other === undefined || other.name.includes("*")) return undefined;
    found.push(other);
  }
  return found;
}

const linkTo = (table: TaskTable, name: string): TaskLink | undefined =>
  taskLinks(table).find((link) => link.name === name);

/** Never ends, and nobody can tell when it is up. */
const isEndless = ({ persistent, ready }: TaskTable): boolean => persistent === true && ready === undefined;

/** Where a link leads; what is wrong with it is told. */
function checkLink(
  { workspace, pkg, task, found }: LinkCheck,
  link: TaskLink | undefined,
  origin: Origin = { pkg },
): readonly Target[] {
  if (link === undefined || link.name.startsWith("service:")) return [];
  const { entry, sources } = task;
  const { name } = parseReference(link.name);
  // A pattern's links may hold what its stars stood for; they are followed when it is planned.
  if (entry.name.includes("*") && name.includes("${match.")) return [];
  const targets = resolveReference(workspace, origin, name);
  if (targets.length === 0 && !link.optional && !mayBeEmpty(workspace, name)) {
    const suggestions = suggestTasks(workspace, origin, name);
    found.push({
      code: "E130",
      severity: "error",
      data: { role: ROLE_NAMES[link.role], name: link.name, task: entry.name, known: knownTasks(pkg) },
      place: linkPlace(sources, link),
      suggestions,
    });
  }
  const isWaited = link.role === "deps" || link.role === "deps_serial" || link.role === "pipeline";
  for (const target of isWaited ? targets : []) {
    if (!isEndless(target.pkg.resolve(target.entry).table)) continue;
    found.push({
      code: "E138",
      severity: "error",
      data: { task: entry.name, name: link.name },
      place: linkPlace(sources, link),
      hint: `ready = { tcp = "localhost:8080" } of '${link.name}' says when it is up, so that it can be waited for`,
    });
  }
  return targets;
}

const knownTasks = (pkg: Package): string[] =>
  [...pkg.config.tasks.keys()].filter((name) => !name.startsWith("_")).slice(0, 12);

function checkExtends(pkg: Package, found: Diagnostic[]): void {
  const { config } = pkg;
  for (const entries of [config.tasks, config.templates])
    for (const entry of entries.values()) if (extendsAny(entry)) checkParents(pkg, entry, found);
}

function checkParents(pkg: Package, entry: TaskEntry, found: Diagnostic[]): void {
  const { config } = pkg;
  for (const [index, name] of extendsOf(entry).entries()) {
    if (findParent(config, entry, name) !== undefined) continue;
    const value = entry.sources.findLast((source) => source.table.extends !== undefined)?.table.extends;
    const place = taskKeyPlace(entry.sources, "extends", ...(typeof value === "string" ? [] : [index]));
    const what = `${entry.sources[0]?.path[0] === "templates" ? "template" : "task"} '${entry.name}'`;
    if (name === entry.name) {
      found.push({
        code: "E134",
        severity: "error",
        data: { kind: what.startsWith("template") ? "templates" : "tasks", cycle: `${name} → ${name}` },
        place,
      });
      continue;
    }
    const suggestions = suggest(
      name,
      [...config.templates.keys(), ...config.tasks.keys()].filter((other) => other !== entry.name),
    );
    found.push({ code: "E133", severity: "error", data: { name, what }, place, suggestions });
  }
  const cycle = extendsCycle(pkg, entry);
  if (cycle !== undefined) {
    const kind = cycle.every((name) => config.templates.has(name)) ? "templates" : "tasks";
    found.push({
      code: "E134",
      severity: "error",
      data: { kind, cycle: cycle.join(" → ") },
      place: taskKeyPlace(entry.sources, "extends"),
    });
  }
}

/** A way from the entry through what it extends back to itself, told by the alphabetically first of the circle only. */
function extendsCycle(pkg: Package, start: TaskEntry): string[] | undefined {
  const seen = new Set<TaskEntry>();
  const walk = (entry: TaskEntry, path: readonly string[]): string[] | undefined => {
    for (const name of extendsOf(entry)) {
      const parent = findParent(pkg.config, entry, name);
      if (parent === start) return [...path, start.name];
      if (parent === undefined || seen.has(parent)) continue;
      seen.add(parent);
      const cycle = walk(parent, [...path, parent.name]);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  };
  const cycle = walk(start, [start.name]);
  return cycle !== undefined && cycle.every((name) => start.name <= name) ? cycle : undefined;
}

function checkAliases(pkg: Package, found: Diagnostic[]): void {
  const owners = new Map<string, string>();
  for (const entry of pkg.config.tasks.values()) {
    for (const source of entry.sources) {
      if (source.table.aliases === undefined) continue;
      for (const [index, name] of source.table.aliases.entries()) {
        const first = owners.get(name) ?? (pkg.config.tasks.has(name) ? name : undefined);
        if (first !== undefined && first !== entry.name) {
          found.push({
            code: "E143",
            severity: "error",
            data: { name, first, second: entry.name },
            place: { file: source.file, path: [...source.path, "aliases", index] },
          });
        }
        owners.set(name, entry.name);
      }
    }
  }
}
