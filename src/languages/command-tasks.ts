import type { InferredTask } from "./language-provider";
import { formatProblem } from "#core/config/formats";

/** The tasks of a manifest, each a name, what it does, and its command; names that zr does not take are left out. */
export const commandTasks = (
  file: string,
  tasks: readonly (readonly [name: string, description: string, cmd: readonly string[]])[],
): readonly InferredTask[] =>
  tasks.flatMap(([name, description, cmd]): readonly InferredTask[] =>
    formatProblem("task-name", name) === undefined
      ? [{ name, table: { ...(description === "" ? {} : { description }), cmd: [...cmd] }, place: { file } }]
      : [],
  );
