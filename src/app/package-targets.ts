import type { Diagnostic } from "#base/diagnostic";
import type { TargetRequest } from "#core/plan/request";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { splitTargets } from "./targets";

/** The tasks of a request in some of the packages. */
export interface PackageTargets {
  readonly targets: readonly TargetRequest[];
  readonly problems: readonly Diagnostic[];
  /** Tasks that no package has at all. */
  readonly unknown: readonly string[];
  /** Tasks that some package has, but none of these. */
  readonly elsewhere: readonly string[];
}

/** What `TASK…` means in some packages: the task of that name in each of them that has it. `pkg:task` is only that one. */
export function packageTargets(
  words: readonly string[],
  workspace: Workspace,
  packages: readonly Package[],
): PackageTargets {
  const { targets: asked, problems } = splitTargets(words, workspace);
  const selected = new Set(packages);
  const targets: TargetRequest[] = [];
  const unknown: string[] = [];
  const elsewhere: string[] = [];
  for (const target of asked) {
    const { name } = parseReference(target.ref);
    const meant = tasksNamed(workspace, name);
    const here = meant.filter(({ pkg }) => selected.has(pkg));
    if (meant.length === 0) unknown.push(target.ref);
    else if (here.length === 0) elsewhere.push(target.ref);
    const picks = target.ref.slice(name.length);
    for (const { ref } of here) targets.push({ ...target, ref: ref + picks });
  }
  return { targets, problems, unknown, elsewhere };
}

interface NamedTask {
  readonly pkg: Package;
  readonly ref: string;
}

/** The tasks that a word means: of every package that has one of this name, else those that it names in full. */
function tasksNamed(workspace: Workspace, name: string): readonly NamedTask[] {
  const refOf = (pkg: Package, task: string): string => `${pkg.prefix === "" ? "//" : pkg.prefix}:${task}`;
  const everywhere = [...workspace.packages.values()].flatMap((pkg): readonly NamedTask[] =>
    findTask(pkg, name) === undefined ? [] : [{ pkg, ref: refOf(pkg, name) }],
  );
  if (everywhere.length > 0) return everywhere;
  return resolveReference(workspace, { pkg: workspace.current }, name).map(({ pkg, entry, match }) => ({
    pkg,
    ref: match.length > 0 ? name : refOf(pkg, entry.name),
  }));
}
