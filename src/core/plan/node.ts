import type { Place } from "#base/diagnostic";
import type { EnvLayerName } from "#core/model/environment";
import type { InstanceId } from "#core/model/ids";
import type { Edge } from "#core/model/plan";
import type { Reason, WorkflowEnd } from "#core/model/reason";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { EnvTable } from "#core/config/schema/sections";
import type { Package } from "#core/workspace/workspace";
import type { Interpolation } from "./interpolation";
import type { Combination } from "./matrix";
import type { ParameterValues } from "./parameters";

/**
 * Which part of the plan an instance belongs to. `main` instances run anyway; `after` ones (handlers and what only
 * they need) when a result calls for them, apart for each part of a workflow; those of a call when its step is reached;
 * those of a role anyway, at the end of a workflow.
 */
export type Zone = "main" | "after" | `call:${string}` | `role:${WorkflowEnd}` | `after:${string}`;

/** Whether an instance waits until somebody asks for it. */
export const isHeldZone = (zone: Zone): boolean => zone !== "main" && !zone.startsWith("role:");

/** The name of an instance in its zone. */
export function zonedName(base: string, zone: Zone): string {
  if (zone.startsWith("call:")) return `${base}@${zone.slice("call:".length)}`;
  return isHeldZone(zone) ? `${base}#after` : base;
}

/** An `env` table that somebody gives with a task. */
export interface GivenEnv {
  readonly table: EnvTable;
  readonly file: string;
  readonly path: readonly (string | number)[];
  /** `task-env` where it is not said. */
  readonly layer?: EnvLayerName;
  /** Fills in the references of a value where they are not the task's own. */
  readonly fill?: (text: string, place: Place) => string;
  /** The strings of the task that has written the values, and how messages call the place. */
  readonly writer?: { readonly fill: Interpolation; readonly where: string };
  /** What tells its values from those that others give, as JSON; the table where it is not said. */
  readonly identity?: unknown;
}

/** An instance being planned: what it is, before its commands are worked out. */
export interface PlanNode {
  readonly id: InstanceId;
  readonly zone: Zone;
  readonly pkg: Package;
  readonly task: ResolvedTask;
  /** The name it was found by: for a pattern task what its stars stood for is filled in. */
  readonly name: string;
  readonly match: readonly string[];
  readonly matrix: Combination;
  readonly params: ParameterValues;
  readonly args: readonly string[];
  /** Variables that whoever depends on it, calls it or has it in a stage has given. */
  readonly givenEnv: readonly GivenEnv[];
  readonly reason: Reason;
  /** Set where the step that calls it goes on after a failure. */
  readonly mayFail?: boolean;
  readonly edges: Edge[];
  readonly calls: InstanceId[][];
}
