import type { Diagnostic } from "#base/diagnostic";
import { originsOf } from "#core/editor/editor-model";
import { typedStrings } from "#core/editor/typed-strings";
import type { FolderModel } from "./folder-model";
import type { TextStore } from "./text-store";

/** Below a folder that is named: a glob that begins with a star may have to be looked for everywhere. */
const ROOTED = /^[\w@.-]+(?:\/|$)/;

/** Inputs of tasks for which there is no file, of the documents that are open. What tasks make may not be there yet. */
export async function globHints(model: FolderModel, store: TextStore): Promise<readonly Diagnostic[]> {
  const { workspace } = model;
  if (workspace === undefined) return [];
  const made = new Set(
    [...workspace.packages.values()].flatMap(({ config }) =>
      [...config.tasks.values()].flatMap(({ sources }) =>
        sources.flatMap(({ table }) => (table.outputs ?? []).map(firstFolder)),
      ),
    ),
  );
  const found: Diagnostic[] = [];
  for (const file of store.openPaths()) {
    const text = store.textOf(file);
    const [origin] = originsOf(workspace, file);
    if (text === undefined || origin === undefined) continue;
    for (const { node, path } of typedStrings(text)) {
      const pattern = node.value;
      if (path[0] !== "tasks" || path[2] !== "inputs" || !ROOTED.test(pattern) || pattern.startsWith(".."))
        continue;
      if (made.has(firstFolder(pattern)) || (await store.hasMatch(pattern, origin.pkg.dir))) continue;
      found.push({ code: "E442", severity: "warning", data: { pattern }, place: { file, path } });
    }
  }
  return found;
}

const firstFolder = (pattern: string): string => pattern.replace(/^\.\//, "").split("/")[0] ?? "";
