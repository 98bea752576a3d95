import type { Diagnostic } from "#base/diagnostic";
import { taskKeyPlace } from "#core/config/config";
import type { Field } from "#core/config/schema/kinds";
import { taskTable } from "#core/config/schema/task";
import type { PlanNode } from "./node";

/** Keys of a planned task that this version knows but can't act on: using them is refused, never ignored. */
export function checkAvailable(node: PlanNode): Diagnostic[] {
  const { table, sources, entry } = node.task;
  const found: Diagnostic[] = [];
  const fields: Readonly<Record<string, Field>> = taskTable.fields;
  for (const key of Object.keys(table)) {
    const feature = fields[key]?.later;
    if (feature === undefined || isOff(Reflect.get(table, key))) continue;
    found.push({
      code: "E166",
      severity: "error",
      data: { key, where: `task '${entry.name}'`, feature },
      place: { ...taskKeyPlace(sources, key), target: "key" },
    });
  }
  const place = table.run_on === undefined ? undefined : laterPlace(table.run_on);
  if (place !== undefined) {
    const data = { key: "run_on", where: `task '${entry.name}'`, feature: place };
    found.push({ code: "E166", severity: "error", data, place: taskKeyPlace(sources, "run_on") });
  }
  return found;
}

/** The feature that would run a task in such a place. */
function laterPlace(runOn: string): string | undefined {
  if (runOn.startsWith("service:")) return "services";
  return runOn.startsWith("container:") ? "containers" : undefined;
}

/** A key set to what happens anyway asks for nothing. */
const isOff = (value: unknown): boolean => value === false || value === "host";
