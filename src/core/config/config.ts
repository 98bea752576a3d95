import type { KeyPath, Place } from "#base/diagnostic";
import type { ConfigDocument, GlobalTable, TaskTable } from "./schema/sections";
import type { WorkflowTable } from "./schema/workflow";

/** Which layer of the configuration a file belongs to, lowest first. */
export type FileLayer = "user" | "root" | "include" | "package" | "local";

/** One configuration file as it was read: checked values and where they came from. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  readonly layer: FileLayer;
  readonly document: ConfigDocument;
  /** Prefix that an `include` gave to the tasks of this file. */
  readonly namespace?: string;
}

/** One place in which a task's keys stand; a later one in the list wins key by key. */
export interface TaskSource {
  readonly file: string;
  readonly path: KeyPath;
  readonly table: TaskTable;
}

/** A task as its files define it, before `extends`, groups, defaults and profile. */
export interface TaskEntry {
  readonly name: string;
  readonly namespace?: string;
  /** Lowest first; the last one is the highest layer. */
  readonly sources: readonly TaskSource[];
  /** Name of the manifest that the task follows from; there where no configuration defines it. */
  readonly inferredFrom?: string;
}

/** A workflow as its files define it. */
export interface WorkflowEntry {
  readonly name: string;
  /** Namespace of the file it stands in; its references resolve there first. */
  readonly namespace?: string;
  /** The highest file that defines it, whose keys have come over those of the others. */
  readonly file: string;
  readonly path: KeyPath;
  readonly table: WorkflowTable;
}

/** The configuration of one package: its own files over what the workspace root gives to all. */
export interface PackageConfig {
  /** Folder of the package, absolute. */
  readonly dir: string;
  /** Lowest first. The workspace root's file is among them where the package is a member. */
  readonly files: readonly SourceFile[];
  readonly global: GlobalTable;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly tasks: ReadonlyMap<string, TaskEntry>;
  readonly workflows: ReadonlyMap<string, WorkflowEntry>;
  /** Task templates of `[templates]`, by name. */
  readonly templates: ReadonlyMap<string, TaskEntry>;
  readonly profile?: string;
}

/** The place of a task's header. */
export function taskPlace(entry: TaskEntry): Place {
  const source = entry.sources[0];
  return source === undefined ? { file: "" } : { file: source.file, path: source.path, target: "header" };
}

/** The place of one key of a task: in the highest source that sets it. */
export function taskKeyPlace(
  sources: readonly TaskSource[],
  key: string,
  ...rest: readonly (string | number)[]
): Place {
  const source = sources.findLast((candidate) => Object.hasOwn(candidate.table, key)) ?? sources.at(-1);
  if (source === undefined) return { file: "" };
  return { file: source.file, path: [...source.path, key, ...rest] };
}
