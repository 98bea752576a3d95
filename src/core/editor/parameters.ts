import type { KeyPath } from "#base/diagnostic";
import type { TaskTable } from "#core/config/schema/sections";
import { parseReference, resolveReference } from "#core/workspace/references";
import { originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import type { TextModel } from "./text-model";

type Parameter = NonNullable<TaskTable["args"]>[number];

/** The declared parameters of the task that a call gives `args` to; `path` leads to those. */
export function calledParameters(model: EditorModel, text: TextModel, path: KeyPath): readonly Parameter[] {
  const at = path.lastIndexOf("args");
  const value = text.find([...path.slice(0, at), "task"])?.value;
  if (at === -1 || value?.kind !== "string" || model.workspace === undefined) return [];
  const { workspace } = model;
  const { name } = parseReference(value.value);
  return originsOf(workspace, text.path).flatMap((origin) =>
    resolveReference(workspace, origin, name)
      .slice(0, 1)
      .flatMap(({ pkg, entry }) => pkg.resolve(entry).table.args ?? []),
  );
}
