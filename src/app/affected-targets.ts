import type { Diagnostic } from "#base/diagnostic";
import { filesByPackage, spreadChanges } from "#core/affected/affected-packages";
import type {
  AffectedReason,
  ChangeablePackage,
  ChangeReason,
  SpreadOptions,
} from "#core/affected/affected-packages";
import type { TaskTable } from "#core/config/schema/sections";
import { isMeant, watchPattern } from "#core/watch/watch-pattern";
import type { TargetRequest } from "#core/plan/request";
import { neededTasks } from "#core/workspace/needed-tasks";
import type { TaskNeeds } from "#core/workspace/needed-tasks";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Target } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { changedIn } from "./affected";
import { changeScope, ownConfigFiles } from "./change-scope";
import type { AffectedPackages, FoundChanges } from "./affected";
import { splitTargets } from "./targets";

/** The tasks of a request in the packages that a change affects. */
export interface AffectedTargets {
  readonly targets: readonly TargetRequest[];
  /** The affected packages; of several tasks that ask for their own inputs, those of any. */
  readonly packages: AffectedPackages;
  readonly problems: readonly Diagnostic[];
  /** Words that are no task of any package; whoever plans them finds out why. */
  readonly unknown: readonly TargetRequest[];
}

export interface TargetOptions extends SpreadOptions {
  /** A package is changed where the task's own `inputs` are, instead of any of its files. */
  readonly taskInputs: boolean;
}

/** What `TASK…` means in affected packages: each task of this name in each of them. `pkg:task` is only that one. */
export async function affectedTargets(
  words: readonly string[],
  { workspace, found }: { readonly workspace: Workspace; readonly found: FoundChanges },
  options: TargetOptions,
): Promise<AffectedTargets> {
  const { targets: asked, problems } = splitTargets(words, workspace);
  const changed = await changedIn(changeScope(workspace), found);
  const question = { workspace, found, changed };
  const packages = new Map<string, AffectedReason>();
  const take = (affected: AffectedPackages): void => {
    for (const [pkg, reason] of affected) if (!packages.has(pkg)) packages.set(pkg, reason);
  };
  // Without a task there is none that could need another.
  if (asked.length === 0) take(byTasks({ ...question, tasks: [] }, options));
  const targets: TargetRequest[] = [];
  const unknown: TargetRequest[] = [];
  for (const target of asked) {
    const { name } = parseReference(target.ref);
    const tasks = tasksNamed(workspace, name);
    if (tasks.length === 0) unknown.push(target);
    const affected = byTasks({ ...question, tasks }, options);
    take(affected);
    const picks = target.ref.slice(name.length);
    for (const { pkg, ref } of tasks)
      if (affected.has(pkg.name)) targets.push({ ...target, ref: ref + picks });
  }
  return { targets, packages, problems, unknown };
}

interface NamedTask extends Pick<Target, "pkg" | "entry"> {
  readonly ref: string;
}

/** The tasks that a word means: of every package that has one of this name, else the one that it names in full. */
function tasksNamed(workspace: Workspace, name: string): readonly NamedTask[] {
  const everywhere = [...workspace.packages.values()].flatMap((pkg) => {
    const target = findTask(pkg, name);
    return target === undefined ? [] : [{ pkg, entry: target.entry, ref: `${pkg.prefix || "//"}:${name}` }];
  });
  if (everywhere.length > 0) return everywhere;
  return resolveReference(workspace, { pkg: workspace.current }, name).map(({ pkg, entry }) => ({
    pkg,
    entry,
    ref: name,
  }));
}

interface TaskQuestion {
  readonly workspace: Workspace;
  readonly found: FoundChanges;
  /** The packages with files of their own that have changed, or for another reason. */
  readonly changed: ReadonlyMap<string, ChangeReason>;
  /** Those that a word means. */
  readonly tasks: readonly NamedTask[];
}

/**
 * The packages that a change affects as far as tasks are concerned: what those need in other packages counts as what
 * packages need does, each by its own `inputs` where it has any.
 */
function byTasks(question: TaskQuestion, options: TargetOptions): AffectedPackages {
  const { workspace, changed, tasks } = question;
  const packages = [...workspace.packages.values()];
  const needs = neededTasks(workspace, tasks);
  const changeOf = changeFinder(question);
  const causes = new Map(options.taskInputs ? ownInputs(question, { needs, changeOf }) : changed);
  for (const { name, pkg, table } of needs.tasks) {
    const reason = doesAnything(table) ? changeOf(pkg, table) : undefined;
    if (reason !== undefined) causes.set(name, reason);
  }
  const withTasks: readonly ChangeablePackage[] = [
    ...packages.map(({ name, path, deps }) => ({
      name,
      path,
      deps: [...deps, ...(needs.byPackage.get(name) ?? [])],
    })),
    ...needs.tasks.map((task) => ({
      name: task.name,
      path: task.pkg.path,
      deps: [...task.needs, ...task.pkg.deps],
    })),
  ];
  const reached = spreadChanges(withTasks, causes, { ...options, dependencies: false });
  const affected = new Map([...reached].filter(([name]) => workspace.packages.has(name)));
  if (!options.dependencies) return affected;
  return spreadChanges(packages, affected, { dependents: false, excludeSelf: false, dependencies: true });
}

const doesAnything = ({ cmd, cmds, script }: TaskTable): boolean => (cmd ?? cmds ?? script) !== undefined;

/** Why a task of a package is changed itself: by its own `inputs`, else as its package is. */
type ChangeFinder = (pkg: Package, table: TaskTable) => ChangeReason | undefined;

function changeFinder({ workspace, found, changed }: TaskQuestion): ChangeFinder {
  const owned = filesByPackage(workspace.packages.values(), found.files);
  return (pkg, { inputs }) => {
    const reason = changed.get(pkg.name);
    if (inputs === undefined || (reason !== undefined && reason.kind !== "files")) return reason;
    const files = inputFiles(inputs, { pkg, workspace, found, owned: owned.get(pkg.name) ?? [] });
    return files.length === 0 ? undefined : { kind: "files", files };
  };
}

/** Packages in which the inputs of a task have changed, or of one that it needs there; without a task, any file. */
function ownInputs(
  { workspace, changed, tasks }: TaskQuestion,
  { needs, changeOf }: { readonly needs: TaskNeeds; readonly changeOf: ChangeFinder },
): ReadonlyMap<string, ChangeReason> {
  const asked = new Map(tasks.map(({ pkg, entry }) => [pkg, [pkg.resolve(entry).table]]));
  for (const { pkg, table } of needs.tasks) if (doesAnything(table)) asked.get(pkg)?.push(table);
  const own = new Map<string, ChangeReason>();
  for (const pkg of workspace.packages.values()) {
    const tables = asked.get(pkg);
    const reason =
      tables === undefined
        ? changed.get(pkg.name)
        : tables.map((table) => changeOf(pkg, table)).find((one) => one !== undefined);
    if (reason !== undefined) own.set(pkg.name, reason);
  }
  return own;
}

interface InputPlace {
  readonly pkg: Package;
  readonly workspace: Workspace;
  readonly found: FoundChanges;
  /** Changed files that are the package's own. */
  readonly owned: readonly string[];
}

/**
 * The changed files that a list of globs means; `$default` stands for the package's own. What says how its tasks are run
 * is meant in any case.
 */
function inputFiles(
  inputs: readonly string[],
  { pkg, workspace, found, owned }: InputPlace,
): readonly string[] {
  const patterns = inputs.flatMap((glob) => watchPattern(glob, { root: workspace.root, dir: pkg.dir }) ?? []);
  const byDefault = new Set(inputs.includes("$default") ? owned : []);
  const configs = ownConfigFiles(pkg, workspace);
  const excluding = patterns.filter(({ excludes }) => excludes);
  return found.files.filter((file) => {
    const path = `${workspace.root}/${file}`;
    if (configs.includes(path)) return true;
    if (byDefault.has(file)) return !excluding.some(({ matches }) => matches(path));
    return isMeant(patterns, path);
  });
}
