import type { KeyPath } from "#base/diagnostic";
import type { TaskEntry } from "#core/config/config";
import type { Origin } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { TextModel } from "./text-model";

/** How an instance of a task last ended, and how long it took. */
export interface LastRun {
  readonly isGood: boolean;
  readonly ms: number;
}

/** What an editor's answers are made of: the texts as they are now and what they mean together. */
export interface EditorModel {
  /** Undefined for a file that belongs to no configuration. */
  readonly workspace: Workspace | undefined;
  /** The current text of a file; undefined where it can't be read. */
  readonly textOf: (path: string) => TextModel | undefined;
  /** Names of variables of the environment. */
  readonly envNames: readonly string[];
  /** Names of language providers, for `infer`. */
  readonly languages: readonly string[];
  /** Names of tools, for `[tools]`. */
  readonly tools: readonly string[];
  /** By the id of the task. */
  readonly lastRun: (id: string) => LastRun | undefined;
}

const owners = new WeakMap<Workspace, ReadonlyMap<string, readonly Origin[]>>();

/** The packages whose own configuration a file is part of. */
export function originsOf(workspace: Workspace | undefined, file: string): readonly Origin[] {
  if (workspace === undefined) return [];
  let known = owners.get(workspace);
  if (known === undefined) {
    known = collectOwners(workspace);
    owners.set(workspace, known);
  }
  return known.get(file) ?? [];
}

/** The files of a workspace that are its packages' own, in the order of the packages. */
export function ownFiles(workspace: Workspace): Iterable<string> {
  originsOf(workspace, "");
  return owners.get(workspace)?.keys() ?? [];
}

function collectOwners(workspace: Workspace): ReadonlyMap<string, readonly Origin[]> {
  const found = new Map<string, Origin[]>();
  for (const pkg of workspace.packages.values()) {
    for (const { path, layer, namespace } of pkg.config.files) {
      if (layer === "root" || layer === "user") continue;
      const origin = { pkg, ...(namespace === undefined ? {} : { namespace }) };
      const list = found.get(path);
      if (list === undefined) found.set(path, [origin]);
      else list.push(origin);
    }
  }
  return found;
}

/** The task or template that a path of a file defines, and its package. */
export function entryAt(
  workspace: Workspace | undefined,
  file: string,
  path: KeyPath,
): { readonly pkg: Package; readonly entry: TaskEntry } | undefined {
  const [section, name] = path;
  if ((section !== "tasks" && section !== "templates") || typeof name !== "string") return undefined;
  for (const { pkg, namespace } of originsOf(workspace, file)) {
    const full = namespace === undefined ? name : `${namespace}:${name}`;
    const entry = pkg.config[section].get(full);
    if (entry !== undefined) return { pkg, entry };
  }
  return undefined;
}

/** What a task is called from anywhere. */
export const taskId = (pkg: Package, name: string): string =>
  pkg.prefix === "" ? name : `${pkg.prefix}:${name}`;
