import type { Diagnostic } from "#base/diagnostic";
import { parseReference, resolveReference, suggestTasks } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { WatchRule } from "./watch-settings";

/** The package that a rule's tasks are read from. */
export const packageOfRule = ({ fromRoot }: WatchRule, workspace: Workspace): Package =>
  fromRoot ? workspace.rootPackage : workspace.current;

/** Tasks of `[watch.rules]` that there are none of: E281. */
export function checkRules(rules: readonly WatchRule[], workspace: Workspace, found: Diagnostic[]): void {
  for (const rule of rules) {
    const origin = { pkg: packageOfRule(rule, workspace) };
    const { place, tasks } = rule;
    for (const [index, task] of tasks.entries()) {
      if (resolveReference(workspace, origin, parseReference(task).name).length > 0) continue;
      found.push({
        code: "E281",
        severity: "error",
        data: { name: task },
        // One alone may stand there without a list around it.
        place: tasks.length === 1 ? place : { ...place, path: [...(place.path ?? []), index] },
        suggestions: suggestTasks(workspace, origin, task),
      });
    }
  }
}
