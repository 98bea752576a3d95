import type { TaskTable } from "#core/config/schema/sections";
import { constantOf } from "#core/migrate/pieces";
import { listAt, tableAt, textAt, textsAt, type SourceTable } from "#core/migrate/source-values";
import { isList, type Lookup } from "./template-values";

/** What a task requires as parameters; those that it sets for itself are none. */
export function parameterKeys(task: SourceTable, lookup: Lookup): TaskTable {
  const items = listAt(task, "requires", "vars");
  const own = tableAt(task, "vars");
  const args = items.flatMap((item) => {
    const name = typeof item === "string" ? item : textAt(item, "name");
    if (name === undefined || !/^[A-Za-z_][\w-]*$/.test(name) || Object.hasOwn(own, name)) return [];
    const global = lookup(name);
    const fallback =
      global === undefined || isList(global) || "kind" in global ? undefined : constantOf(global);
    const choices = textsAt(item, "enum");
    return [
      {
        name,
        ...(fallback === undefined || fallback === "" ? { required: true } : { default: fallback }),
        ...(choices.length === 0 ? {} : { choices }),
        ...(/^[A-Za-z_]\w*$/.test(name) ? { env: name } : {}),
      },
    ];
  });
  return args.length === 0 ? {} : { args };
}
