import type { InstanceId } from "#core/model/ids";
import type { Edge } from "#core/model/plan";
import type { Reason } from "#core/model/reason";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { EnvTable } from "#core/config/schema/sections";
import type { Package } from "#core/workspace/workspace";
import type { Combination } from "./matrix";
import type { ParameterValues } from "./parameters";

/**
 * Which part of the plan an instance belongs to. `main` instances run anyway; `after` ones (handlers and what only
 * they need) when a result calls for them; those of a call when its step is reached.
 */
export type Zone = "main" | "after" | `call:${string}`;

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
  /** Variables that whoever depends on it or calls it has given. */
  readonly givenEnv: readonly {
    readonly table: EnvTable;
    readonly file: string;
    readonly path: readonly (string | number)[];
  }[];
  readonly reason: Reason;
  readonly edges: Edge[];
  readonly calls: InstanceId[][];
}
