declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `package:task`, or `task` alone in the root package. One per task definition. */
export type TaskId = Branded<"TaskId">;

/**
 * A task id with its matrix combination and, where the same task is asked for with other arguments, a number:
 * `app:test[os=linux]`, `deploy#2`. Unique in a plan and the same in every run of the same request.
 */
export type InstanceId = Branded<"InstanceId">;

/** Sortable by time of start: `20261121-093012-4f2a`. */
export type RunId = Branded<"RunId">;

export const taskId = (packagePrefix: string, task: string): TaskId =>
  // The maker of the brand.
  (packagePrefix === "" ? task : `${packagePrefix}:${task}`) as TaskId;

export const instanceId = (text: string): InstanceId => text as InstanceId;

export const runId = (text: string): RunId => text as RunId;
