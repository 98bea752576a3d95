import type { Diagnostic } from "#base/diagnostic";
import type { ResolvedTask } from "#core/config/resolve-task";
import { taskKeyPlace } from "#core/config/config";

/** Parameters of a task that have the name of another: E137. */
export function checkParameters({ table, sources }: ResolvedTask, found: Diagnostic[]): void {
  const names = new Map<string, number>();
  for (const [index, { name = "" }] of (table.args ?? []).entries()) {
    const first = names.get(name);
    if (first === undefined) {
      names.set(name, index);
      continue;
    }
    found.push({
      code: "E137",
      severity: "error",
      data: { what: "parameter", name },
      place: taskKeyPlace(sources, "args", index, "name"),
      related: [{ place: taskKeyPlace(sources, "args", first, "name"), message: "first defined here" }],
    });
  }
}
