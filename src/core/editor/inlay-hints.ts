import type { Span } from "#base/span";
import { relativeTo } from "#base/path";
import { entryAt } from "./editor-model";
import type { EditorModel } from "./editor-model";

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** Keys that are worth a line, and that a task may get from elsewhere. */
const SHOWN = ["cwd", "shell", "timeout", "retry", "cache", "deps", "env_file", "tags"];
const LONGEST = 40;

/** What tasks inherit, behind their headers: `timeout = "5m"` of a template, a group or the defaults. */
export function inlayHints(model: EditorModel, file: string, range: Span): readonly InlayHint[] {
  const text = model.textOf(file);
  const { workspace } = model;
  if (text === undefined || workspace === undefined) return [];
  const found: InlayHint[] = [];
  for (const { header, path } of text.outline.sections) {
    if (header === undefined || path.length !== 2 || path[0] !== "tasks") continue;
    if (header.span.end < range.start || header.span.start > range.end) continue;
    const task = entryAt(workspace, file, path);
    if (task === undefined) continue;
    const { sources } = task.pkg.resolve(task.entry);
    const own = new Set(task.entry.sources);
    const inherited = SHOWN.flatMap((key) => {
      const source = sources.findLast(({ table }) => Object.hasOwn(table, key));
      if (source === undefined || own.has(source)) return [];
      const value = Object.entries(source.table).find(([name]) => name === key)?.[1];
      const written = JSON.stringify(value);
      const short = written.length > LONGEST ? `${written.slice(0, LONGEST)}…` : written;
      return [
        {
          text: `${key} = ${short}`,
          from: `${source.path.join(".")} in ${relativeTo(workspace.root, source.file)}`,
        },
      ];
    });
    if (inherited.length === 0) continue;
    found.push({
      offset: header.span.end,
      label: inherited.map((item) => item.text).join(", "),
      tooltip: inherited.map((item) => `${item.text} from ${item.from}`).join("\n"),
    });
  }
  return found;
}
