import type { Workspace } from "#core/workspace/workspace";
import type { CompletionItem } from "./completion-item";
import { MOST_ITEMS } from "./completion-item";
import { originsOf, taskId } from "./editor-model";
import type { EditorModel } from "./editor-model";
import type { TextModel } from "./text-model";
import type { ValuePlace } from "./value-place";

/** References to tasks: those of the package, `^name`, `pkg:name`, `//:name`, `*:name` and `tag:x#name`. */
export function completeTasks(model: EditorModel, text: TextModel, place: ValuePlace): CompletionItem[] {
  const { workspace } = model;
  if (workspace === undefined) return [];
  const list = new TaskList(place);
  const { path } = place;
  const own = path[0] === "tasks" && typeof path[1] === "string" ? path[1] : undefined;
  const origins = originsOf(workspace, text.path);
  for (const { pkg } of origins)
    for (const entry of pkg.config.tasks.values())
      if (entry.name !== own)
        list.add(entry.name, {
          rank: 0,
          id: taskId(pkg, entry.name),
          detail: pkg.resolve(entry).table.description,
        });
  const isRoot = origins.every(({ pkg }) => pkg.prefix === "");
  if (workspace.packages.size > 1) addGroups(list, workspace, isRoot);
  for (const pkg of workspace.packages.values()) {
    if (pkg.prefix === "") continue;
    for (const name of pkg.config.tasks.keys())
      list.add(taskId(pkg, name), { rank: 2, id: taskId(pkg, name) });
  }
  return list.items();
}

/** Forms that mean the tasks of other packages by one name. */
function addGroups(list: TaskList, workspace: Workspace, isRoot: boolean): void {
  const all = [...workspace.packages.values()];
  const names = new Set(all.flatMap(({ config }) => [...config.tasks.keys()]));
  if (!isRoot) {
    for (const name of names)
      list.add(`^${name}`, { rank: 1, detail: "of the packages that this one depends on" });
    for (const name of workspace.rootPackage.config.tasks.keys())
      list.add(`//:${name}`, { rank: 2, id: name, detail: "of the root" });
  }
  if (list.typed === "" || list.typed.startsWith("*"))
    for (const name of names) list.add(`*:${name}`, { rank: 3, detail: "of every package" });
  const hasTag = list.typed.startsWith("tag:");
  for (const tag of new Set(all.flatMap((pkg) => pkg.tags))) {
    if (hasTag) for (const name of names) list.add(`tag:${tag}#${name}`, { rank: 3 });
    else list.add(`tag:${tag}#`, { rank: 3, detail: "of every package with the tag" });
  }
}

interface TaskProposal {
  readonly rank: number;
  readonly id?: string;
  readonly detail?: string | undefined;
}

/** Proposals by their labels; the first of a label counts, and pattern tasks are none. */
class TaskList {
  /** What is written already. */
  readonly typed: string;
  readonly #place: ValuePlace;
  readonly #items = new Map<string, CompletionItem>();

  constructor(place: ValuePlace) {
    this.#place = place;
    this.typed = place.inString ? place.prefix : "";
  }

  add(label: string, { rank, id = "", detail }: TaskProposal): void {
    const { span, inString } = this.#place;
    if (this.#items.has(label) || /[^*]\*|\*[^:]/.test(label)) return;
    if (this.#items.size >= MOST_ITEMS && !label.includes(this.typed)) return;
    this.#items.set(label, {
      label,
      kind: "task",
      ...(detail === undefined ? {} : { detail }),
      insert: inString ? label : JSON.stringify(label),
      span,
      rank,
      about: { kind: "task", id },
    });
  }

  items = (): CompletionItem[] => [...this.#items.values()];
}
