import type { Diagnostic, Place } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import { profileChain } from "#core/config/package-config";
import type { ConfigDocument } from "#core/config/schema/sections";
import type { Workspace } from "#core/workspace/workspace";
import { watchPattern } from "./watch-pattern";
import type { WatchPattern } from "./watch-pattern";

type WatchTable = NonNullable<ConfigDocument["watch"]>;

/** `[watch]` as all files and the profile together say it. */
export interface WatchSettings {
  readonly debounceMs: number;
  readonly ignore: readonly WatchPattern[];
  /** Milliseconds between two looks; undefined: be told by the system. */
  readonly pollMs: number | undefined;
  readonly clear: boolean;
  readonly rules: readonly WatchRule[];
}

/** What is run when a file that matches changes. */
export interface WatchRule {
  readonly pattern: WatchPattern;
  readonly tasks: readonly string[];
  /** Whether glob and tasks are read from the workspace root instead of the current package. */
  readonly fromRoot: boolean;
  readonly place: Place;
}

const DEFAULT_DEBOUNCE_MS = 100;
export const DEFAULT_POLL_MS = 1000;

/** Reads `[watch]` of the package in whose folder the command was given. Globs that leave the workspace are E280. */
export function watchSettings(workspace: Workspace, found: Diagnostic[]): WatchSettings {
  const { config, dir } = workspace.current;
  const rules = new Map<string, WatchRule>();
  const ignore: WatchPattern[] = [];
  const merged: { -readonly [K in keyof WatchTable]: WatchTable[K] } = {};
  const take = (
    table: WatchTable,
    fromRoot: boolean,
    at: { file: string; path: readonly string[] },
  ): void => {
    const from = fromRoot ? workspace.root : dir;
    Object.assign(merged, table);
    const read = (glob: string, ...rest: readonly (string | number)[]): WatchPattern | undefined => {
      const pattern = watchPattern(glob, { root: workspace.root, dir: from });
      if (pattern === undefined)
        found.push({
          code: "E280",
          severity: "error",
          data: { glob, where: "[watch]" },
          place: { file: at.file, path: [...at.path, ...rest] },
        });
      return pattern;
    };
    for (const [index, glob] of (table.ignore ?? []).entries()) {
      const pattern = read(glob, "ignore", index);
      if (pattern !== undefined) ignore.push(pattern);
    }
    for (const [glob, tasks] of Object.entries(table.rules ?? {})) {
      const pattern = read(glob, "rules", glob);
      if (pattern !== undefined)
        rules.set(`${from}\0${glob}`, {
          pattern,
          tasks: typeof tasks === "string" ? [tasks] : tasks,
          fromRoot,
          place: { file: at.file, path: [...at.path, "rules", glob] },
        });
    }
  };
  for (const file of config.files) {
    if (file.document.watch !== undefined)
      take(file.document.watch, file.layer === "root", { file: file.path, path: ["watch"] });
  }
  const profileFile = config.files.findLast((file) => file.document.profiles !== undefined)?.path ?? "";
  for (const layer of profileChain(config.files, config.profile))
    if (layer.watch !== undefined)
      take(layer.watch, false, { file: profileFile, path: ["profiles", config.profile ?? "", "watch"] });
  return {
    debounceMs:
      (merged.debounce === undefined ? undefined : parseTimer(merged.debounce)) ?? DEFAULT_DEBOUNCE_MS,
    ignore,
    pollMs: pollInterval(merged.poll),
    clear: merged.clear ?? false,
    rules: [...rules.values()],
  };
}

/** Undefined where nothing is to be polled. */
function pollInterval(value: boolean | string | undefined): number | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return DEFAULT_POLL_MS;
  return Math.max(1, parseTimer(value) ?? DEFAULT_POLL_MS);
}
