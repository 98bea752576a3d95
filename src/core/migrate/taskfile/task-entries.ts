import { isTable, listAt, type Table, tableAt } from "#base/value-at";
import { taskName } from "#core/migrate/zr-text";
import type { LoadedTaskfile } from "./load-taskfiles";

/** The tasks of a Taskfile: name and table, with short forms written out. */
export function taskEntries({ source, excludes }: LoadedTaskfile): readonly (readonly [string, Table])[] {
  return Object.entries(tableAt(source.value, "tasks")).flatMap(
    ([name, given]): readonly (readonly [string, Table])[] => {
      if (excludes.has(name)) return [];
      if (typeof given === "string") return [[name, { cmds: [given] }]];
      if (Array.isArray(given)) return [[name, { cmds: given }]];
      return isTable(given) ? [[name, given]] : [[name, {}]];
    },
  );
}

/** What a task of a Taskfile calls another by, as the main file calls it. */
export const fullName = (name: string, namespace: string): string =>
  name.startsWith(":") ? name.slice(1) : namespace + name;

/** Names of the parameters that a task requires. */
export const requiredNames = (task: Table): readonly string[] =>
  listAt(task, "requires", "vars").flatMap((item) =>
    typeof item === "string"
      ? [item]
      : isTable(item) && typeof item["name"] === "string"
        ? [item["name"]]
        : [],
  );

/** A name that a pattern task stands for. */
export function patternName(full: string, names: ReadonlyMap<string, string>): string | undefined {
  for (const name of names.keys()) {
    const star = name.indexOf("*");
    if (
      star !== -1 &&
      full.startsWith(name.slice(0, star)) &&
      full.endsWith(name.slice(star + 1)) &&
      full.length >= name.length
    )
      return taskName(full);
  }
  return undefined;
}
