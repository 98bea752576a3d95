import type { MadeTask, Step } from "#core/migrate/made-task";
import { refusal } from "#core/migrate/made-task";
import { shellWord } from "#base/shell-word";
import { literalText } from "#core/migrate/zr-text";
import type { Makefile } from "./makefile";

/** How names begin under which errors are merged; no target can have one. */
const ERROR = "$(error) ";

export const isErrorTask = (name: string): boolean => name.startsWith(ERROR);

/** What a reading that ends at `$(error …)` does for any target, as a task; none where it does not end. */
export function errorTask({ errors }: Makefile): readonly MadeTask[] {
  const [first] = errors;
  if (first === undefined) return [];
  const cmd = literalText(`echo ${shellWord(first.message)} >&2; exit 1`);
  return [
    {
      task: { name: `${ERROR}${first.file}:${first.line}`, table: { cmd } },
      target: `$(error ${first.message})`,
      line: first.line,
      isWhole: true,
    },
  ];
}

/** The tasks, each of which stops first where make would stop before it runs anything. */
export function withErrors(tasks: readonly MadeTask[], file: string): readonly MadeTask[] {
  const errors = tasks.filter(({ task }) => isErrorTask(task.name));
  const others = tasks.filter((made) => !errors.includes(made));
  if (errors.length === 0) return others;
  const unknown = errors.find(({ isWhole, task }) => !isWhole && task.table.condition === undefined);
  const steps = errors.flatMap(stepsOf);
  return others.map((made) =>
    stopped(made, steps, {
      isWhole: unknown === undefined,
      file,
      line: unknown?.line ?? errors[0]?.line ?? 1,
    }),
  );
}

function stepsOf({ task }: MadeTask): readonly Step[] {
  const { condition, cmd, cmds = [] } = task.table;
  return (typeof cmd === "string" ? [cmd] : cmds).map((step): Step => {
    if (condition === undefined) return step;
    if (typeof step === "string") return { cmd: step, if: condition };
    return { ...step, if: step.if === undefined ? condition : `(${condition}) && (${step.if})` };
  });
}

function stopped(
  made: MadeTask,
  steps: readonly Step[],
  { isWhole, file, line }: { readonly isWhole: boolean; readonly file: string; readonly line: number },
): MadeTask {
  const { cmd, cmds = [], script, ...table } = made.task.table;
  // When it stops is not known, so that it does not run at all.
  if (!isWhole || script !== undefined || typeof cmd === "object")
    return {
      ...made,
      isWhole: false,
      task: { ...made.task, table: { ...table, cmd: refusal({ file, line }) } },
    };
  const own: readonly Step[] = cmd === undefined || cmd === ":" ? cmds : [cmd];
  const keyComments = shifted(made.task.keyComments, steps.length);
  return {
    ...made,
    task: {
      ...made.task,
      table: { ...table, cmds: [...steps, ...own] },
      ...(keyComments === undefined ? {} : { keyComments }),
    },
  };
}

/** Comments of steps, which stand further down now. */
function shifted(comments: MadeTask["task"]["keyComments"], count: number): MadeTask["task"]["keyComments"] {
  if (comments === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(comments).map(([key, lines]) => {
      if (key === "cmd") return [`cmds.${count}`, lines];
      const index = /^cmds\.(\d+)$/.exec(key)?.[1];
      return [index === undefined ? key : `cmds.${Number(index) + count}`, lines];
    }),
  );
}
