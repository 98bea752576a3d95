import type { Diagnostic } from "#base/diagnostic";
import { ownFiles } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { nameUses } from "./name-uses";

/** Names that are defined and that nothing uses: variables and templates. */
export function editorHints(model: EditorModel): readonly Diagnostic[] {
  const { workspace } = model;
  if (workspace === undefined) return [];
  const files = [...ownFiles(workspace)];
  const defined: { readonly file: string; readonly kind: "var" | "template"; readonly name: string }[] = [];
  for (const file of files) {
    const root = model.textOf(file)?.root;
    for (const name of root?.children.get("vars")?.children.keys() ?? [])
      defined.push({ file, kind: "var", name: String(name) });
    for (const name of root?.children.get("templates")?.children.keys() ?? [])
      defined.push({ file, kind: "template", name: String(name) });
  }
  if (defined.length === 0) return [];
  const used = new Set<string>();
  for (const file of files) {
    const text = model.textOf(file);
    if (text === undefined) continue;
    for (const { kind, name } of nameUses(text))
      used.add(`${kind}\0${name.slice(name.lastIndexOf(":") + 1)}`);
  }
  return defined
    .filter(({ kind, name }) => !used.has(`${kind}\0${name}`))
    .map(({ file, kind, name }) => ({
      code: kind === "var" ? "E440" : "E441",
      severity: "warning",
      data: { name },
      place: { file, path: [kind === "var" ? "vars" : "templates", name], target: "key" },
    }));
}
