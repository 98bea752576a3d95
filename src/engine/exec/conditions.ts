import type { Result } from "#base/result";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { ConditionSource, GitField, Instance, Plan, PlanPackage } from "#core/model/plan";
import type { SharedOutputs } from "./shared-outputs";

/** Whether a condition holds, or why that can't be told. */
export type Verdict =
  { readonly kind: "holds"; readonly value: boolean } | { readonly kind: "error"; readonly message: string };

/** What a condition may look at besides the world. */
export interface ConditionInput {
  readonly condition: ConditionSource;
  readonly instance: Instance;
  /** The plan that the instance is part of. */
  readonly plan: Plan;
  readonly package: PlanPackage;
  readonly env: Readonly<Record<string, string>>;
  /** Of the task's last command; null where a signal ended it. */
  readonly exitCode?: number | null;
  readonly attempt: number;
  readonly outputs: SharedOutputs;
}

/** Decides the conditions of one run. Made by whoever starts the run; the executor knows no expressions. */
export interface Conditions {
  readonly decide: (input: ConditionInput) => Promise<Verdict>;
  /**
   * A fact about the repository, read once a run; null where there is none (no tag on the commit, no repository). The
   * error is text for people.
   */
  readonly git: (field: GitField) => Promise<Result<string | boolean | null, string>>;
  /** Told of every end, for conditions that look at finished tasks. */
  readonly finished: (
    id: InstanceId,
    outcome: Outcome,
    facts: {
      readonly durationMs: number;
      readonly exitCode: number | null;
      /** How many were started. */
      readonly attempts?: number;
      readonly allowFailure?: boolean;
    },
  ) => void;
}
