import type { Makefile } from "./makefile";

/** A call of a task, with the variables that it is given. */
interface TaskCall {
  readonly task: string;
  readonly env?: Record<string, string>;
}

/** Whether a command runs make. */
export const callsMake = (command: string): boolean => /(?:^|[\s;&|(])make\b/.test(command);

/**
 * `$(MAKE) a b` as calls of tasks; undefined where it asks for anything else.
 *
 * @param names the names of tasks by those of their targets.
 */
export function taskCalls(
  command: string,
  names: ReadonlyMap<string, string>,
  variables: Makefile["variables"],
): readonly TaskCall[] | undefined {
  const match = /^make((?:\s+(?:-s|--silent|--quiet|--no-print-directory))*)((?:\s+[\w./:=-]+)+)$/.exec(
    command,
  );
  const words = (match?.[2] ?? "").trim().split(/\s+/);
  const given = words.filter((word) => /^[A-Za-z_]\w*=/.test(word));
  const tasks = words.filter((word) => !given.includes(word)).map((word) => names.get(word));
  const areFree = given.every((word) => {
    const variable = variables.get(word.slice(0, word.indexOf("=")));
    return variable === undefined || variable.flavor === "optional";
  });
  if (match === null || tasks.length === 0 || tasks.includes(undefined) || !areFree) return undefined;
  const env = Object.fromEntries(
    given.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
  return tasks.flatMap((task) => (task === undefined ? [] : [given.length === 0 ? { task } : { task, env }]));
}
