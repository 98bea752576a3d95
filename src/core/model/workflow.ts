import type { Place } from "#base/diagnostic";
import type { EnvSource } from "./environment";
import type { InstanceId } from "./ids";
import type { ConditionSource, Plan } from "./plan";
import type { WorkflowEnd } from "./reason";

/**
 * What running a workflow means: one plan of everything that any of its stages may run, and how that is divided among
 * them. Plain data; making it touches nothing.
 */
export interface WorkflowPlan {
  readonly v: 1;
  readonly name: string;
  readonly plan: Plan;
  readonly stages: readonly WorkflowStage[];
  /** In the order in which they are run. */
  readonly ends: readonly WorkflowEndPlan[];
  /** Values of its inputs. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Key into `Plan.packages` and `Plan.environments`: the package it belongs to. */
  readonly package: string;
  /** Its own layers over the environment of its package. */
  readonly env: readonly EnvSource[];
  readonly place: Place;
  readonly timeoutMs?: number;
  /** The most retries of all its tasks together. */
  readonly retryBudget?: number;
  readonly concurrency?: WorkflowConcurrency;
}

export interface WorkflowConcurrency {
  readonly group: string;
  readonly cancelInProgress: boolean;
}

/** One stage: it runs its tasks and what they need, as far as no earlier stage has run it. */
export interface WorkflowStage {
  readonly name: string;
  readonly requested: readonly InstanceId[];
  readonly condition?: ConditionSource;
  /** Where the stage says so itself. */
  readonly failFast?: boolean;
  /** The question to ask first. */
  readonly approval?: string;
  readonly timeoutMs?: number;
  /** Further attempts of each instance that has no retry policy of its own. */
  readonly retries: number;
  readonly allowFailure: boolean;
}

export interface WorkflowEndPlan {
  readonly role: WorkflowEnd;
  readonly requested: readonly InstanceId[];
  /** Also where the workflow was interrupted or ran out of time. */
  readonly always: boolean;
}
