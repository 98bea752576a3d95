import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { ConditionSource, Instance, PlanPackage } from "#core/model/plan";

/** Whether a condition holds, or why that can't be told. */
export type Verdict =
  { readonly kind: "holds"; readonly value: boolean } | { readonly kind: "error"; readonly message: string };

/** What a condition may look at besides the world. */
export interface ConditionInput {
  readonly condition: ConditionSource;
  readonly instance: Instance;
  readonly package: PlanPackage;
  readonly env: Readonly<Record<string, string>>;
  /** The last attempt, where there was one. */
  readonly exitCode?: number;
  readonly attempt: number;
}

/** Decides the conditions of one run. Made by whoever starts the run; the executor knows no expressions. */
export interface Conditions {
  readonly decide: (input: ConditionInput) => Promise<Verdict>;
  /** Told of every end, for conditions that look at finished tasks. */
  readonly finished: (
    id: InstanceId,
    outcome: Outcome,
    facts: { readonly durationMs: number; readonly exitCode: number | null },
  ) => void;
}
