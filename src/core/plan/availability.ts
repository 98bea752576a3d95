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
  const { resources } = table;
  for (const key of ["max_cpu", "max_memory"] as const) {
    if (resources?.[key] === undefined) continue;
    const place = taskKeyPlace(sources, "resources", key);
    found.push({
      code: "E166",
      severity: "error",
      data: { key: `resources.${key}`, where: `task '${entry.name}'`, feature: "resource limits" },
      place,
    });
  }
  return found;
}

/** A key set to what happens anyway asks for nothing. */
const isOff = (value: unknown): boolean => value === false || value === "host";
