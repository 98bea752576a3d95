import type { KeyPath } from "#base/diagnostic";
import type { PackageConfig, SourceFile } from "./config";
import type { HooksTable } from "./schema/sections";

export const HOOK_NAMES = ["before_run", "after_run", "before_task", "after_task"] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** One command or task of `[hooks]`. */
export interface HookEntry {
  readonly file: string;
  /** The entry's own place: `hooks.before_run`, or `hooks.before_run.0` in a list. */
  readonly path: KeyPath;
  /** Written as a text, not as a table. */
  readonly isText: boolean;
  readonly namespace?: string;
  readonly run?: string;
  readonly cmd?: string;
}

type Hooks = Readonly<Record<HookName, readonly HookEntry[]>>;

/**
 * What a package's own files say about hooks; the workspace root's belong to the root. A list replaces that of the file
 * below it as a whole; the profile's lists stand over those of all files.
 */
export function hooksOf(config: PackageConfig): Hooks {
  const own = config.files.filter(({ layer }) => layer !== "root" && layer !== "user");
  const hooks: Record<HookName, readonly HookEntry[]> = {
    before_run: [],
    after_run: [],
    before_task: [],
    after_task: [],
  };
  const take = (file: SourceFile, table: HooksTable | undefined, path: KeyPath): void => {
    for (const name of HOOK_NAMES) {
      const value = table?.[name];
      if (value !== undefined) hooks[name] = entriesOf(value, file, [...path, name]);
    }
  };
  for (const file of own) take(file, file.document.hooks, ["hooks"]);
  for (const profile of profileNames(config))
    for (const file of own)
      take(file, file.document.profiles?.[profile]?.hooks, ["profiles", profile, "hooks"]);
  return hooks;
}

function entriesOf(
  value: NonNullable<HooksTable[HookName]>,
  { path: file, namespace }: SourceFile,
  path: KeyPath,
): readonly HookEntry[] {
  const isOne = typeof value === "string" || !isList(value);
  const values = isOne ? [value] : value;
  return values.map((entry, index) => ({
    file,
    path: isOne ? path : [...path, index],
    ...(namespace === undefined ? {} : { namespace }),
    ...(typeof entry === "string" ? { isText: true, cmd: entry } : { isText: false, ...entry }),
  }));
}

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

/** The profile and those it extends, lowest first; a circle ends where it closes. */
function profileNames({ files, profile }: PackageConfig): readonly string[] {
  const names: string[] = [];
  for (let next = profile; next !== undefined && !names.includes(next);) {
    names.unshift(next);
    const current: string = next;
    next = files
      .map(({ document }) => document.profiles?.[current]?.extends)
      .findLast((name) => name !== undefined);
  }
  return names;
}
