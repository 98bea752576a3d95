import type { Span } from "#base/span";
import { taskId, originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { durationText } from "./describe";

/** Something that can be done with the task whose header stands at a place. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  readonly command: "run" | "debug" | "show";
  /** Of the task, for a command line. */
  readonly task: string;
  /** Folder from which the task is known by that name. */
  readonly dir: string;
}

/** `Run`, `Debug` and how long it takes, above each task of a document. */
export function lenses(model: EditorModel, file: string): readonly Lens[] {
  const text = model.textOf(file);
  const [origin] = originsOf(model.workspace, file);
  const tasks = text?.find(["tasks"]);
  if (tasks === undefined || origin === undefined || model.workspace === undefined) return [];
  const { pkg, namespace } = origin;
  const dir = model.workspace.root;
  const found: Lens[] = [];
  for (const [name, entry] of tasks.children) {
    const span = entry.header ?? entry.key;
    const full = namespace === undefined ? String(name) : `${namespace}:${name}`;
    if (span === undefined || full.includes("*") || !pkg.config.tasks.has(full)) continue;
    const task = taskId(pkg, full);
    const last = model.lastRun(task);
    found.push(
      { span, title: "Run", command: "run", task, dir },
      { span, title: "Debug", command: "debug", task, dir },
    );
    if (last !== undefined)
      found.push({
        span,
        title: `Last ${durationText(last.ms)} ${last.isGood ? "✓" : "✗"}`,
        command: "show",
        task,
        dir,
      });
  }
  return found;
}
