import type { Diagnostic } from "#base/diagnostic";
import { filesByPackage, spreadChanges } from "#core/affected/affected-packages";
import type { ChangeReason, SpreadOptions } from "#core/affected/affected-packages";
import { isMeant, watchPattern } from "#core/watch/watch-pattern";
import type { TargetRequest } from "#core/plan/request";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Target } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { affectedIn, changedIn } from "./affected";
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
  const scope = changeScope(workspace);
  const wholePackages = options.taskInputs ? undefined : await affectedIn(scope, found, options);
  const changed = options.taskInputs ? await changedIn(scope, found) : undefined;
  const packages = new Map(wholePackages);
  const targets: TargetRequest[] = [];
  const unknown: TargetRequest[] = [];
  for (const target of asked) {
    const { name } = parseReference(target.ref);
    const meant = tasksNamed(workspace, name);
    if (meant.length === 0) unknown.push(target);
    const affected =
      wholePackages ?? byInputs({ workspace, found, changed: changed ?? new Map(), tasks: meant }, options);
    for (const [pkg, reason] of affected) if (!packages.has(pkg)) packages.set(pkg, reason);
    const picks = target.ref.slice(name.length);
    for (const { pkg, ref } of meant)
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

interface InputQuestion {
  readonly workspace: Workspace;
  readonly found: FoundChanges;
  readonly changed: ReadonlyMap<string, ChangeReason>;
  readonly tasks: readonly NamedTask[];
}

function byInputs(
  { workspace, found, changed, tasks }: InputQuestion,
  options: SpreadOptions,
): AffectedPackages {
  const packages = [...workspace.packages.values()];
  const owned = filesByPackage(packages, found.files);
  const own = new Map<string, ChangeReason>();
  const byName = new Map(tasks.map((task) => [task.pkg.name, task]));
  for (const pkg of packages) {
    const reason = changed.get(pkg.name);
    const task = byName.get(pkg.name);
    const inputs = task === undefined ? undefined : pkg.resolve(task.entry).table.inputs;
    if (reason !== undefined && (reason.kind !== "files" || inputs === undefined)) own.set(pkg.name, reason);
    else if (inputs !== undefined) {
      const files = inputFiles(inputs, { pkg, workspace, found, owned: owned.get(pkg.name) ?? [] });
      if (files.length > 0) own.set(pkg.name, { kind: "files", files });
    }
  }
  return spreadChanges(packages, own, options);
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
