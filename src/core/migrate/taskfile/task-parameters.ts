import type { TaskTable } from "#core/config/schema/sections";
import { constantOf } from "#core/migrate/pieces";
import { listAt, type Table, tableAt, textAt, textOrTextsAt } from "#base/value-at";
import { isList } from "./template-value";
import { type Lookup } from "./template-filler";

/** What a task requires as parameters; those that it sets for itself are none. */
export function parameterKeys(task: Table, lookup: Lookup): TaskTable {
  const items = listAt(task, "requires", "vars");
  const own = tableAt(task, "vars");
  const args = items.flatMap((item) => {
    const name = typeof item === "string" ? item : textAt(item, "name");
    if (name === undefined || !/^[A-Za-z_][\w-]*$/.test(name) || Object.hasOwn(own, name)) return [];
    const global = lookup(name);
    const fallback =
      global === undefined || isList(global) || "kind" in global ? undefined : constantOf(global);
    const choices = textOrTextsAt(item, "enum");
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
