import { count, flag, listOf, mapOf, oneOf, text } from "./schema";

/** Operations that only look. */
export const READS = { readOnly: true, destructive: false, idempotent: true, openWorld: false } as const;

/** Arguments that several operations have, each described once. */
export const TASK = text("Task, `package:task` in another package.");
export const PACKAGE = text("Package name.");
export const RUN = text("Run id, its beginning, `last` (default), or -2 for the one before the last.");
const GOES_ON = "From a former answer: goes on where it ended.";
export const CURSOR = { ...text(GOES_ON), pattern: "^\\d{1,9}$" };
export const LOG_CURSOR = { ...text(GOES_ON), pattern: "^[ab]\\d{1,15}$" };
export const VERBOSE = flag("Everything instead of the short form.");
export const ARGS = listOf(text(), "Arguments, as after the task on a command line.");
export const PARAMS = mapOf(true, "Values of the task's declared parameters, by name.");
export const limit = (usual: number, most: number) => ({
  ...count(`At most so many; usually ${usual}.`, most),
  minimum: 1,
});

/** Fields of answers that several operations have. */
export const TOTAL = count("Of all pages.");
export const NEXT = text("Pass as `cursor` for more.");
export const TRUNCATED = flag("Something was left out to keep the answer short.");
export const STATUS = oneOf(["success", "failed", "timed_out", "interrupted", "running"]);
