import { taskReference } from "#core/migrate/task-reference";
import { globMatcher } from "#base/glob";
import { isTable, listAt, textAt, textOrTextsAt } from "#base/value-at";
import { taskName } from "#core/migrate/zr-text";
import type { NxProject, NxTarget, NxWorkspace } from "./nx-workspace";

type Wanted = readonly [project: NxProject, target: string];

/**
 * The tasks that a target waits for, as references from its project. Where a project on the way has no such target, what
 * lies behind it counts, as for nx.
 */
export function nxDependencies(target: NxTarget, workspace: NxWorkspace): readonly string[] {
  const found = new Map<string, Wanted>();
  let isPlain = true;
  const plain = new Set<string>();
  for (const item of listAt(target.table, "dependsOn")) {
    const read = readDependency(item);
    for (const wanted of wantedBy(read, target, workspace))
      found.set(`${wanted[0].name}#${wanted[1]}`, wanted);
    if (read.upward) {
      if (someProjectHas(read.target, workspace)) plain.add(`^${taskName(read.target) ?? ""}`);
    } else if (read.projects === undefined) {
      for (const name of targetsNamed(read.target, target.project)) plain.add(taskName(name) ?? name);
    } else isPlain = false;
  }
  found.delete(`${target.project.name}#${target.name}`);
  const exact = [...found.values()].map(([project, name]) => taskReference(project, name, target.project));
  if (!isPlain) return exact;
  const resolved = new Set(
    [...plain].flatMap((text) =>
      text.startsWith("^")
        ? (workspace.needs.get(target.project.name) ?? []).flatMap((need) => {
            const project = workspace.projects.get(need);
            const name = [...(project?.targets.keys() ?? [])].find((one) => taskName(one) === text.slice(1));
            return project === undefined || name === undefined
              ? []
              : [taskReference(project, name, target.project)];
          })
        : [text],
    ),
  );
  const same = resolved.size === exact.length && exact.every((text) => resolved.has(text));
  return same ? [...plain] : exact;
}

interface ReadDependency {
  readonly target: string;
  /** Of what the project depends on. */
  readonly upward: boolean;
  /** Projects by name or glob; undefined for its own. */
  readonly projects: readonly string[] | undefined;
}

function readDependency(item: unknown): ReadDependency {
  if (typeof item === "string") {
    if (item.startsWith("^")) return { target: item.slice(1), upward: true, projects: undefined };
    return { target: item, upward: false, projects: undefined };
  }
  const target = textAt(item, "target") ?? "";
  const projects = textOrTextsAt(item, "projects");
  if ((isTable(item) && item["dependencies"] === true) || projects.includes("dependencies"))
    return { target, upward: true, projects: undefined };
  return {
    target,
    upward: false,
    projects: projects.length === 0 || projects.includes("self") ? undefined : projects,
  };
}

const someProjectHas = (target: string, { projects }: NxWorkspace): boolean =>
  [...projects.values()].some((project) => project.targets.has(target));

/** Targets of a project by name or by a glob of names. */
function targetsNamed(text: string, project: NxProject): readonly string[] {
  if (project.targets.has(text)) return [text];
  if (!/[*?[{]/.test(text)) return [];
  return [...project.targets.keys()].filter(globMatcher(text));
}

function wantedBy(
  { target: name, upward, projects }: ReadDependency,
  from: NxTarget,
  workspace: NxWorkspace,
): readonly Wanted[] {
  if (upward) return upwards(name, from.project, workspace);
  if (projects !== undefined) {
    const globs = projects.map((text) => globMatcher(text.replace(/^tag:.*/, "")));
    const tags = projects.flatMap((text) => (text.startsWith("tag:") ? [text.slice(4)] : []));
    return [...workspace.projects.values()]
      .filter(
        (project) =>
          globs.some((matches) => matches(project.name)) || tags.some((tag) => project.tags.includes(tag)),
      )
      .flatMap((project) => targetsNamed(name, project).map((target): Wanted => [project, target]));
  }
  const own = targetsNamed(name, from.project).map((target): Wanted => [from.project, target]);
  if (own.length > 0) return own;
  const colon = name.indexOf(":");
  const other = colon > 0 ? workspace.projects.get(name.slice(0, colon)) : undefined;
  return other === undefined
    ? []
    : targetsNamed(name.slice(colon + 1), other).map((target): Wanted => [other, target]);
}

function upwards(name: string, project: NxProject, workspace: NxWorkspace): readonly Wanted[] {
  const found: Wanted[] = [];
  const seen = new Set<string>([project.name]);
  const visit = (of: string): void => {
    for (const need of workspace.needs.get(of) ?? []) {
      if (seen.has(need)) continue;
      seen.add(need);
      const target = workspace.projects.get(need);
      if (target === undefined) continue;
      const names = targetsNamed(name, target);
      if (names.length === 0) visit(need);
      for (const one of names) found.push([target, one]);
    }
  };
  visit(project.name);
  return found;
}
