import type { TaskTable } from "#core/config/schema/sections";
import type { ConvertedTask } from "./conversion";
import { shellWord } from "#base/shell-word";

export type Step = NonNullable<TaskTable["cmds"]>[number];

/** A task of one reading of a file, not yet merged with what other readings have made of it. */
export interface MadeTask {
  readonly task: ConvertedTask;
  /** What the other tool calls it. */
  readonly target: string;
  readonly line: number;
  readonly isWhole: boolean;
}

/** A command that fails where something is missing, so that the rest is not run by mistake. */
export const refusal = ({ file, line }: { readonly file: string; readonly line: number }): string =>
  `echo ${shellWord(`${MISSING}${file}:${line}`)} >&2; exit 1`;

/** Whether a command is one of those. */
export const isRefusal = (command: string): boolean => command.startsWith(`echo '${MISSING}`);

/** What such a command says first; with its blanks it is always quoted. */
const MISSING = "not converted: ";
