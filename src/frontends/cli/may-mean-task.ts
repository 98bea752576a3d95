import type { ParsedCommand } from "./command";

/** Commands of zr whose names tasks often have. */
export const SHARED_NAMES: ReadonlySet<string> = new Set(
  "bench ci clean context doctor env fmt generate graph init setup shell upgrade validate watch".split(" "),
);

/** Whether a command line is one that may have been meant for a task: nothing but a name that tasks often have. */
export const mayMeanTask = (name: string, { words, extra, options }: ParsedCommand): boolean =>
  SHARED_NAMES.has(name) && words.length + extra.length === 0 && Object.keys(options).length === 0;
