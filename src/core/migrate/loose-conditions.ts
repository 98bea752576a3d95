import type { TaskTable } from "#core/config/schema/sections";
import type { ReportItem } from "./conversion";
import type { LooseCondition } from "./explore-worlds";
import { refusal, type MadeTask, type Step } from "./made-task";
import { negated } from "./when-in";
import type { AskedPlace, Fact } from "./worlds";

/** Tasks that are as where nothing is set, by the conditions that they would be others with. */
export type FixedTasks = ReadonlyMap<string, readonly LooseCondition[]>;

/** The task, which fails first where one of the conditions is not as it is where nothing is set. */
export function guarded(made: MadeTask, loose: readonly LooseCondition[], file: string): MadeTask {
  const guards = [
    ...new Map(
      loose.flatMap(({ fact, departs }) =>
        departs === undefined
          ? []
          : [
              [
                departs,
                { cmd: refusal(placesOf(fact)[0] ?? { file, line: made.line }), if: departs },
              ] as const,
            ],
      ),
    ).values(),
  ];
  const { cmd, cmds = [], script, ...table } = made.task.table;
  if (guards.length === 0) return made;
  if (script !== undefined || typeof cmd === "object")
    return {
      ...made,
      isWhole: false,
      task: { ...made.task, table: { ...table, cmd: refusal({ file, line: made.line }) } },
    };
  const own: readonly Step[] = cmd === undefined || cmd === ":" ? cmds : [cmd];
  const { keyComments: _comments, ...task } = made.task;
  return { ...made, task: { ...task, table: { ...table, cmds: [...guards, ...own] } } };
}

/**
 * Whether an expression does not depend on one of the conditions and on something else too: of such combinations not
 * enough were seen to tell.
 */
export function isAlone(condition: string, loose: readonly LooseCondition[]): boolean {
  return loose.every(({ fact }) => {
    const [one, other] = [fact.expression, negated(fact.expression)];
    return (
      condition === one || condition === other || !(condition.includes(one) || condition.includes(other))
    );
  });
}

/** Whether that is so for everything of a task. */
export function areAlone(table: TaskTable, loose: readonly LooseCondition[]): boolean {
  const items = [...(table.cmds ?? []), ...(table.deps ?? []), ...(table.deps_serial ?? [])];
  const conditions = items.flatMap((item) => (typeof item === "object" ? [item.if ?? ""] : []));
  return [...conditions, table.condition ?? "", table.confirm_if ?? ""].every((one) => isAlone(one, loose));
}

/** What the user has to know of conditions that were not combined with all others, each with its places. */
export function looseConditionsReport(
  loose: readonly LooseCondition[],
  fixed: FixedTasks,
): readonly ReportItem[] {
  const places = new Map<
    string,
    { readonly place: AskedPlace; readonly expressions: Set<string>; isSeen: boolean }
  >();
  for (const { fact, isSeen } of loose)
    for (const place of placesOf(fact)) {
      const key = JSON.stringify(place);
      const found = places.get(key) ?? { place, expressions: new Set(), isSeen };
      found.isSeen &&= isSeen;
      found.expressions.add(fact.expression);
      places.set(key, found);
    }
  return [...places.values()].map(({ place: { file, line, text }, expressions, isSeen }): ReportItem => {
    const tasks = [...fixed].flatMap(([task, conditions]) =>
      conditions.some(({ fact }) => expressions.has(fact.expression)) ? [task] : [],
    );
    return {
      file,
      line,
      severity: isSeen ? "approximated" : "left-out",
      what: text.replace(/^\S+:\d+ /, ""),
      why: isSeen
        ? whyOf(tasks)
        : "there are too many conditions: what this one changes was not looked at, and all is as where nothing is set",
    };
  });
}

const placesOf = ({ places = [] }: Fact): readonly AskedPlace[] => places;

function whyOf(tasks: readonly string[]): string {
  const many = "too many conditions have to do with each other";
  const [first = "", second = ""] = tasks;
  if (tasks.length === 0)
    return `${many}: this one is looked at with each other one, but not in all combinations`;
  const names =
    tasks.length === 1
      ? first
      : tasks.length === 2
        ? `${first} and ${second}`
        : `${first}, ${second} and ${tasks.length - 2} more`;
  return `${many}: ${names} ${tasks.length === 1 ? "is" : "are"} as where nothing is set, and ${tasks.length === 1 ? "fails" : "fail"} where this one is otherwise`;
}
