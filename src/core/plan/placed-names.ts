import type { Place } from "#base/diagnostic";
import { taskKeyPlace } from "#core/config/config";
import type { PlanNode } from "./node";

/** A reference as written, and where. */
export interface PlacedName {
  readonly name: string;
  readonly place: Place;
}

/** The names in a key that has one or several, each with its place. */
export function placedNames(
  { task }: PlanNode,
  key: "wait_for" | "finally" | "on_success" | "on_failure",
  value: string | readonly string[],
): readonly PlacedName[] {
  if (typeof value === "string") return [{ name: value, place: taskKeyPlace(task.sources, key) }];
  return value.map((name, index) => ({ name, place: taskKeyPlace(task.sources, key, index) }));
}
