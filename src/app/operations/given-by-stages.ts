import type { Diagnostic } from "#base/diagnostic";
import type { TaskEntry } from "#core/config/config";
import { parseReference, resolveReference } from "#core/workspace/references";
import { allWorkflows, declaredStages } from "#core/workspace/workflows";
import type { Workspace } from "#core/workspace/workspace";

/** Problems of tasks by themselves that are none in the workflow that runs them, where they are judged. */
export class GivenByStages {
  readonly #keys: ReadonlyMap<TaskEntry, ReadonlySet<string>>;
  readonly #seen = new Set<string>();

  constructor(workspace: Workspace) {
    this.#keys = stageKeys(workspace);
  }

  /** The problems that remain of a task's own, or of those met later in plans that have it among others. */
  without(problems: readonly Diagnostic[], entry?: TaskEntry): readonly Diagnostic[] {
    const keys = entry === undefined ? undefined : this.#keys.get(entry);
    return problems.filter((problem) => {
      const { code, data, place } = problem;
      const facts = JSON.stringify([code, data, place]);
      if (isGivenByStage(problem, keys)) this.#seen.add(facts);
      return !this.#seen.has(facts);
    });
  }
}

/** Matrix keys that tasks get from the `for_each` of the stages that name them: `item`, or the axis. */
function stageKeys(workspace: Workspace): ReadonlyMap<TaskEntry, ReadonlySet<string>> {
  const found = new Map<TaskEntry, Set<string>>();
  for (const { pkg, entry } of allWorkflows(workspace)) {
    const { namespace } = entry;
    const origin = { pkg, ...(namespace === undefined ? {} : { namespace }) };
    for (const { for_each: forEach, calls } of declaredStages(entry)) {
      if (forEach === undefined) continue;
      const key = typeof forEach === "string" ? forEach.replace(/^matrix\./, "") : "item";
      for (const { ref } of calls)
        for (const target of resolveReference(workspace, origin, parseReference(ref).name))
          found.set(target.entry, (found.get(target.entry) ?? new Set()).add(key));
    }
  }
  return found;
}

/** Whether a task lacks, by itself, only a key that a stage gives it. */
function isGivenByStage({ code, data }: Diagnostic, keys: ReadonlySet<string> | undefined): boolean {
  if (keys === undefined || code !== "E172") return false;
  const key = /^\$\{matrix\.(.*)\}$/s.exec(String(data["name"]))?.[1];
  return key !== undefined && keys.has(key);
}
