import { isTable } from "#base/value-at";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { Package, Workspace } from "#core/workspace/workspace";
import { keyToToml, setValue } from "#core/config/toml/edit";
import { readValues } from "#core/config/toml/read-values";
import { removeKey } from "#core/config/toml/remove";

export interface PrunedConfig {
  /** Undefined where the file is copied as it is. */
  readonly text: string | undefined;
  readonly notes: readonly string[];
}

/**
 * The root's zr.toml for a copy with fewer packages: its members are those, and what names others is left out. All else,
 * comments too, stays as it is.
 */
export function pruneConfig(
  text: string,
  { workspace, members }: { readonly workspace: Workspace; readonly members: readonly Package[] },
): PrunedConfig {
  const read = readValues(text);
  if (!read.ok || !isTable(read.value)) return { text: undefined, notes: [] };
  const names = new Set(members.map(({ name }) => name));
  const document = read.value;
  const { workspace: table } = document;
  const draft = new Draft(text);
  if (isTable(table)) {
    const paths = members.filter(({ path }) => path !== ".").map(({ path }) => path);
    if (table["members"] !== undefined) draft.set(["workspace", "members"], paths);
    const { dependencies } = table;
    for (const [from, to] of isTable(dependencies) ? Object.entries(dependencies) : []) {
      if (!names.has(from)) draft.remove(["workspace", "dependencies", from]);
      else if (Array.isArray(to) && to.some((name) => !names.has(name)))
        draft.set(
          ["workspace", "dependencies", from],
          to.filter((name) => names.has(name)),
        );
    }
  }
  const lost = lostTasks(workspace, names);
  const gone = { tasks: [...lost], workflows: [] as string[] };
  const { tasks, workflows } = document;
  if (isTable(workflows))
    gone.workflows = Object.keys(workflows).filter((name) =>
      namesLost(workflows[name], { workspace, names, lost }),
    );
  const own = isTable(tasks) ? gone.tasks.filter((name) => Object.hasOwn(tasks, name)) : [];
  for (const name of own) draft.remove(["tasks", name]);
  for (const name of gone.workflows) draft.remove(["workflows", name]);
  const notes: string[] = [];
  if (own.length > 0)
    notes.push(`tasks of the root that need other packages are left out: ${own.join(", ")}`);
  if (gone.workflows.length > 0)
    notes.push(`workflows that need other packages are left out: ${gone.workflows.join(", ")}`);
  if (draft.failed.length > 0)
    notes.push(`zr.toml of the copy still has ${draft.failed.join(", ")}, which could not be taken out`);
  return { text: draft.text, notes };
}

/** A text that is changed step by step; a step that would change anything else is not made. */
class Draft {
  text: string;
  readonly failed: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  set(path: readonly string[], list: readonly unknown[]): void {
    const edited = setValue(this.text, path, JSON.stringify(list));
    if (edited.ok) this.text = edited.value;
    else this.failed.push(path.join("."));
  }

  remove(path: readonly string[]): void {
    const removed = removeKey(this.text, path);
    const text = removed.ok && removed.value !== undefined ? removed.value : withoutTables(this.text, path);
    if (isOnlyWithout(this.text, text, path)) this.text = text;
    else this.failed.push(path.join("."));
  }
}

/** A text without the tables whose headers begin with a path. */
function withoutTables(text: string, path: readonly string[]): string {
  const head = path.map(keyToToml).join(".");
  const kept: string[] = [];
  let isGone = false;
  for (const line of text.split("\n")) {
    const header = /^\s*\[\[?\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) isGone = header === head || header.startsWith(`${head}.`);
    if (!isGone) kept.push(line);
  }
  return kept.join("\n");
}

/** Whether a text says what another says, but for what stands at a path. */
function isOnlyWithout(before: string, after: string, path: readonly string[]): boolean {
  const [old, now] = [readValues(before), readValues(after)];
  if (!old.ok || !now.ok) return false;
  const cut = (value: unknown): string => JSON.stringify(withoutAt(value, path));
  return cut(old.value) === JSON.stringify(now.value) || cut(old.value) === cut(now.value);
}

function withoutAt(value: unknown, [key = "", ...rest]: readonly string[]): unknown {
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (name !== key) return [[name, item]];
      if (rest.length === 0) return [];
      const inner = withoutAt(item, rest);
      // A table that held nothing else has gone with it.
      return isTable(inner) && Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );
}

/** The root's tasks that lead to a package that is gone, by however many others. */
function lostTasks(workspace: Workspace, names: ReadonlySet<string>): ReadonlySet<string> {
  const { rootPackage } = workspace;
  const lost = new Set<string>();
  for (let before = -1; before < lost.size;) {
    before = lost.size;
    for (const entry of rootPackage.config.tasks.values()) {
      const origin = {
        pkg: rootPackage,
        ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }),
      };
      const isLost = taskLinks(rootPackage.resolve(entry).table).some(({ name, optional }) => {
        if (optional || /^(?:\^|\*:|tag:)/.test(name)) return false;
        return resolveReference(workspace, origin, parseReference(name).name).some(
          ({ pkg, entry: other }) =>
            !names.has(pkg.name) || (pkg === rootPackage && lost.has(other.name) && other !== entry),
        );
      });
      if (isLost) lost.add(entry.name);
    }
  }
  return lost;
}

interface LostScope {
  readonly workspace: Workspace;
  readonly names: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/** Whether any text in a workflow is the name of a task that is gone. */
function namesLost(value: unknown, scope: LostScope): boolean {
  const { workspace, names, lost } = scope;
  if (typeof value === "string") {
    const { name } = parseReference(value);
    return resolveReference(workspace, { pkg: workspace.rootPackage }, name).some(
      ({ pkg, entry }) => !names.has(pkg.name) || (pkg === workspace.rootPackage && lost.has(entry.name)),
    );
  }
  if (Array.isArray(value)) return value.some((item) => namesLost(item, scope));
  return isTable(value) && Object.values(value).some((item) => namesLost(item, scope));
}
