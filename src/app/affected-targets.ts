import type { Diagnostic } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { filesByPackage, spreadChanges } from "#core/affected/affected-packages";
import type {
  AffectedReason,
  ChangeablePackage,
  ChangeReason,
  SpreadOptions,
} from "#core/affected/affected-packages";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { TaskTable } from "#core/config/schema/sections";
import { sharedEnvironmentFiles, taskReadFiles } from "#core/plan/environment-files";
import { isMeant, watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import type { TargetRequest } from "#core/plan/request";
import { neededTasks } from "#core/workspace/needed-tasks";
import type { NeededTask, TaskNeeds } from "#core/workspace/needed-tasks";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Target } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { OWN_FILES } from "#core/model/cache";
import { changedIn } from "./affected";
import { changeScope, ownConfigFiles } from "./change-scope";
import type { AffectedPackages, FoundChanges } from "./affected";
import { patternCauses } from "./pattern-causes";
import type { ReferringTask } from "./pattern-causes";
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
  if (asked.length === 0) take(await byTasks({ ...question, tasks: [] }, options));
  const targets: TargetRequest[] = [];
  const unknown: TargetRequest[] = [];
  for (const target of asked) {
    const { name } = parseReference(target.ref);
    const tasks = tasksNamed(workspace, name);
    if (tasks.length === 0) unknown.push(target);
    const affected = await byTasks({ ...question, tasks }, options);
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
async function byTasks(question: TaskQuestion, options: TargetOptions): Promise<AffectedPackages> {
  const { workspace, found, changed, tasks } = question;
  const packages = [...workspace.packages.values()];
  const needs = neededTasks(workspace, tasks);
  const changeOf = await changeFinder(question, needs);
  const causes = new Map([
    ...ownInputs(question, { needs, changeOf }),
    // Of a task with inputs elsewhere the package is changed by these too.
    ...(options.taskInputs ? [] : changed),
  ]);
  for (const { name, pkg, task } of needs.tasks) {
    const reason = doesAnything(task.table) ? changeOf(pkg, task) : undefined;
    if (reason !== undefined) causes.set(name, reason);
  }
  for (const [name, reason] of patternCauses(workspace, found.files, referring(tasks, needs)))
    if (!causes.has(name)) causes.set(name, reason);
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

/** All tasks that are asked for, by their packages, and those that they need. */
const referring = (tasks: readonly NamedTask[], needs: TaskNeeds): readonly ReferringTask[] => [
  ...tasks.map(({ pkg, entry }) => ({ name: pkg.name, table: pkg.resolve(entry).table })),
  ...needs.tasks.map(({ name, task }) => ({ name, table: task.table })),
];

const doesAnything = ({ cmd, cmds, script }: TaskTable): boolean => (cmd ?? cmds ?? script) !== undefined;

/** Why a task of a package is changed itself: by its own `inputs`, else as its package is. */
type ChangeFinder = (pkg: Package, task: ResolvedTask) => ChangeReason | undefined;

async function changeFinder(question: TaskQuestion, needs: TaskNeeds): Promise<ChangeFinder> {
  const { workspace, changed } = question;
  const { root } = workspace;
  const files = await withFilesBehindLinks(question, needs);
  const owned = filesByPackage(workspace.packages.values(), files);
  return (pkg, task) => {
    const { inputs } = task.table;
    const reason = changed.get(pkg.name);
    if (reason !== undefined && (inputs === undefined || reason.kind !== "files")) return reason;
    const own = inputs === undefined && isCached(task.table) ? (owned.get(pkg.name) ?? []) : [];
    // Left are lock files that give the package nothing else: for its tasks they are inputs like others.
    if (own.length > 0) return { kind: "files", files: own };
    const read = new Set(taskReadFiles(task, { dir: pkg.dir, root }));
    const isMeantBy = inputs === undefined ? undefined : inputTest(inputs, { pkg, workspace, owned });
    const found = files.filter((file) => read.has(`${root}/${file}`) || isMeantBy?.(file) === true);
    return found.length === 0 ? undefined : { kind: "files", files: found };
  };
}

const isCached = (table: TaskTable): boolean =>
  doesAnything(table) && table.cache !== undefined && table.cache !== false;

/** The changed files, with what they are called behind links that the inputs of tasks begin behind. */
async function withFilesBehindLinks(
  { workspace: { root }, found, tasks }: TaskQuestion,
  needs: TaskNeeds,
): Promise<readonly string[]> {
  if (found.files.length === 0) return found.files;
  const bases = new Set<string>();
  const take = (pkg: Package, { table }: ResolvedTask): void => {
    for (const { base, excludes } of inputPatterns(table.inputs ?? [], { pkg, root }))
      if (!excludes) bases.add(relativeTo(root, base));
  };
  for (const { pkg, entry } of tasks) take(pkg, pkg.resolve(entry));
  for (const { pkg, task } of needs.tasks) take(pkg, task);
  const behind = bases.size === 0 ? [] : await found.behind(bases);
  return behind.length === 0 ? found.files : [...new Set([...found.files, ...behind])].sort();
}

/** Packages in which the inputs of a task have changed, or of one that it needs there; without a task, any file. */
function ownInputs(
  { workspace, changed, tasks }: TaskQuestion,
  { needs, changeOf }: { readonly needs: TaskNeeds; readonly changeOf: ChangeFinder },
): ReadonlyMap<string, ChangeReason> {
  const byName = new Map(needs.tasks.map((task) => [task.name, task]));
  const asked = new Map(
    tasks.map(({ pkg, entry }) => {
      const first = needs.byPackage.get(pkg.name) ?? [];
      return [pkg, [pkg.resolve(entry), ...neededThere(pkg, first, byName)]];
    }),
  );
  const causes = new Map<string, ChangeReason>();
  for (const pkg of workspace.packages.values()) {
    const own = asked.get(pkg);
    const reason =
      own === undefined
        ? changed.get(pkg.name)
        : own.map((task) => changeOf(pkg, task)).find((one) => one !== undefined);
    if (reason !== undefined) causes.set(pkg.name, reason);
  }
  return causes;
}

/** The tasks of a package among those that it needs first or at any distance: what others need of it is no part of it. */
function neededThere(
  pkg: Package,
  first: readonly string[],
  byName: ReadonlyMap<string, NeededTask>,
): readonly ResolvedTask[] {
  const seen = new Set(first);
  const found: ResolvedTask[] = [];
  // A set is gone through to what comes to it on the way.
  for (const name of seen) {
    const needed = byName.get(name);
    if (needed === undefined) continue;
    for (const next of needed.needs) seen.add(next);
    if (needed.pkg === pkg && doesAnything(needed.task.table)) found.push(needed.task);
  }
  return found;
}

interface InputPlace {
  readonly pkg: Package;
  readonly workspace: Workspace;
  /** The changed files that are each package's own. */
  readonly owned: ReadonlyMap<string, readonly string[]>;
}

/**
 * Whether a list of globs means a changed file; `$default` stands for the package's own. What says how its tasks are run
 * is meant in any case.
 */
function inputTest(
  inputs: readonly string[],
  { pkg, workspace, owned }: InputPlace,
): (file: string) => boolean {
  const { root } = workspace;
  const patterns = inputPatterns(inputs, { pkg, root });
  const byDefault = new Set(inputs.includes(OWN_FILES) ? owned.get(pkg.name) : []);
  const configs = new Set([...ownConfigFiles(pkg, workspace), ...sharedEnvironmentFiles(pkg, root)]);
  // The last that matches decides: what stands before `$default` takes nothing out of it.
  const after = inputPatterns(inputs.slice(inputs.lastIndexOf(OWN_FILES) + 1), { pkg, root });
  const excluding = after.filter(({ excludes }) => excludes);
  return (file) => {
    const path = `${root}/${file}`;
    if (configs.has(path)) return true;
    if (byDefault.has(file) && !excluding.some(({ matches }) => matches(path))) return true;
    return isMeant(patterns, path);
  };
}

const inputPatterns = (
  inputs: readonly string[],
  { pkg, root }: { readonly pkg: Package; readonly root: string },
): readonly WatchPattern[] =>
  inputs.flatMap((glob) => {
    const known = withoutReferences(glob, pkg.config.vars);
    return known === undefined ? [] : (watchPattern(known, { root, dir: pkg.dir }) ?? []);
  });

/**
 * What a glob may mean whatever its references stand for, which is known of `[vars]` alone: all below what stands before
 * the first; undefined for `!`.
 */
function withoutReferences(glob: string, vars: Package["config"]["vars"]): string | undefined {
  const filled = glob.replaceAll(/\$\{vars\.([\w-]+)\}/g, (text, name: string) => {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    return typeof value === "string" ? value : text;
  });
  const at = filled.indexOf("${");
  if (at === -1) return filled;
  if (filled.startsWith("!")) return undefined;
  // What it begins with may be any folder of the workspace.
  return at === 0 ? "//**" : `${filled.slice(0, filled.lastIndexOf("/", at) + 1)}**`;
}
