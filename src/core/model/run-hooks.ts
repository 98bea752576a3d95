import type { Instance, Plan, PlanPackage, SharedEnvironment, Step } from "./plan";

/** A command that runs before or after each attempt at a task. */
export interface TaskHookCommand {
  /** Whose folder, shell and environment the command has. */
  readonly instance: Instance;
  readonly step: Exclude<Step, { readonly kind: "call" }>;
}

/** What runs around the tasks of a package. */
export interface TaskHooks {
  readonly before: readonly TaskHookCommand[];
  readonly after: readonly TaskHookCommand[];
}

/** What runs around a plan and around its instances. Plans of hooks have no hooks themselves. */
export interface RunHooks {
  readonly beforeRun?: Plan;
  readonly afterRun?: Plan;
  /** By `Instance.environment`. */
  readonly tasks: ReadonlyMap<string, TaskHooks>;
  /** Of the packages that hooks belong to, which the plan itself may not have. */
  readonly environments: Readonly<Record<string, SharedEnvironment>>;
  readonly packages: Readonly<Record<string, PlanPackage>>;
}
