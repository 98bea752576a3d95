import type { Place } from "#base/diagnostic";
import { parseDuration } from "#base/duration";
import type { SourceFile } from "#core/config/config";
import { SETUP_STEPS } from "#core/config/schema/onboard";
import type { ServicesTable, SetupTable, StepTable } from "#core/config/schema/onboard";

/** What `[setup]` says of one step. */
export interface StepOptions {
  readonly optional: boolean;
  /** Milliseconds. */
  readonly timeoutMs?: number;
  readonly condition?: { readonly source: string; readonly place: Place };
  /** Globs of files that decide whether it has to be done again; undefined: each time. */
  readonly inputs?: readonly string[];
  /** Paths of what it leaves: it has to be done again where one of them is gone. */
  readonly outputs?: readonly string[];
}

export type BuiltinStep = (typeof SETUP_STEPS)[number];

/** One step as it was asked for. */
export type SetupStep = { readonly id: string; readonly place: Place; readonly options: StepOptions } & (
  | {
      readonly kind: BuiltinStep;
      /** Instead of what zr does by itself. */
      readonly cmd?: string;
      /** Names of checks that services have to pass. */
      readonly wait?: readonly string[];
    }
  | { readonly kind: "task"; readonly task: string }
  | { readonly kind: "command"; readonly cmd: string }
);

/** What `[setup.deps]` says of one folder. */
export interface DepsEntry {
  /** As written, relative to the root. */
  readonly path: string;
  readonly place: Place;
  /** False: nothing is installed there. Undefined: as the language does it. */
  readonly cmd: string | false | undefined;
  readonly options: StepOptions;
}

/** A git hook and the lines that it runs. */
export interface HookEntry {
  readonly name: string;
  readonly place: Place;
  readonly lines: readonly string[];
  /** Those of the lines that run a task: its name, and where it stands. */
  readonly tasks: readonly { readonly name: string; readonly place: Place }[];
}

export interface SetupSettings {
  readonly steps: readonly SetupStep[];
  readonly deps: readonly DepsEntry[];
  readonly hooks: readonly HookEntry[];
  readonly next: readonly string[];
}

/** One `[setup]` with the file that it stands in. */
interface Part {
  readonly file: string;
  readonly table: SetupTable;
}

/**
 * What the files of the workspace root say under `[setup]`; a later file wins key by key. Without any, the usual steps,
 * each of which does nothing where there is nothing to do.
 */
export function setupSettings(files: readonly SourceFile[]): SetupSettings {
  const parts = files.flatMap(({ path, document }): Part[] =>
    document.setup === undefined ? [] : [{ file: path, table: document.setup }],
  );
  return {
    steps: stepsOf(parts),
    deps: depsOf(parts),
    hooks: hooksOf(parts),
    next: parts.findLast(({ table }) => table.next !== undefined)?.table.next ?? [],
  };
}

function stepsOf(parts: readonly Part[]): readonly SetupStep[] {
  const said = parts.findLast(({ table }) => table.steps !== undefined);
  const listed = said?.table.steps ?? SETUP_STEPS;
  const seen = new Map<string, number>();
  return listed.flatMap((entry, index): SetupStep[] => {
    const place: Place =
      said === undefined ? { file: "" } : { file: said.file, path: ["setup", "steps", index] };
    if (typeof entry === "string") return seen.has(entry) ? [] : [builtin(entry, { parts, place, seen })];
    const { run, cmd, name } = entry;
    const base = name ?? run ?? cmd ?? "";
    const again = (seen.get(base) ?? 0) + 1;
    seen.set(base, again);
    const id = again === 1 ? base : `${base} (${again})`;
    const options = optionsOf(entry, place);
    if (run !== undefined) return [{ kind: "task", id, place, task: run, options }];
    return cmd === undefined ? [] : [{ kind: "command", id, place, cmd, options }];
  });
}

function builtin(
  kind: BuiltinStep,
  {
    parts,
    place,
    seen,
  }: { readonly parts: readonly Part[]; readonly place: Place; readonly seen: Map<string, number> },
): SetupStep {
  seen.set(kind, 1);
  // `[setup.deps]` speaks of folders: the step itself has no options.
  if (kind === "deps") return { kind, id: kind, place, options: { optional: false } };
  const part = parts.findLast(({ table }) => table[kind] !== undefined);
  const table: ServicesTable = part?.table[kind] ?? {};
  const own: Place = part === undefined ? place : { file: part.file, path: ["setup", kind] };
  return {
    kind,
    id: kind,
    place: own,
    options: optionsOf(table, own),
    ...(table.cmd === undefined ? {} : { cmd: table.cmd }),
    ...(table.wait === undefined ? {} : { wait: table.wait }),
  };
}

function optionsOf(
  {
    optional,
    condition,
    inputs,
    outputs,
    timeout,
  }: Pick<StepTable, "optional" | "condition" | "inputs" | "outputs" | "timeout">,
  place: Place,
): StepOptions {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  return {
    optional: optional ?? false,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(condition === undefined
      ? {}
      : {
          condition: { source: condition, place: { ...place, path: [...(place.path ?? []), "condition"] } },
        }),
  };
}

function depsOf(parts: readonly Part[]): readonly DepsEntry[] {
  const entries = new Map<string, DepsEntry>();
  for (const { file, table } of parts)
    for (const [path, value] of Object.entries(table.deps ?? {})) {
      const place: Place = { file, path: ["setup", "deps", path], target: "key" };
      const given = typeof value === "object" ? value : {};
      const cmd = typeof value === "object" ? value.cmd : value;
      entries.set(path, {
        path,
        place,
        cmd,
        options: optionsOf(given, { file, path: ["setup", "deps", path] }),
      });
    }
  return [...entries.values()];
}

type HookStep = string | { readonly run?: string; readonly cmd?: string };

function hooksOf(parts: readonly Part[]): readonly HookEntry[] {
  const hooks = new Map<string, HookEntry>();
  for (const { file, table } of parts)
    for (const [name, value] of Object.entries(table.hooks ?? {})) {
      const steps = Array.isArray(value) ? value : [value];
      const path = ["setup", "hooks", name];
      const tasks = steps.flatMap((step: HookStep, index) => {
        if (typeof step === "string" || step.cmd !== undefined || step.run === undefined) return [];
        const at = [...path, ...(Array.isArray(value) ? [index] : []), "run"];
        return [{ name: step.run, place: { file, path: at, target: "value" } satisfies Place }];
      });
      const lines = steps.flatMap((step: HookStep) =>
        typeof step === "string"
          ? [step]
          : (step.cmd ?? (step.run === undefined ? [] : [`zr run ${step.run}`])),
      );
      const place: Place = { file, path, target: "key" };
      hooks.set(name, { name, place, lines, tasks });
    }
  return [...hooks.values()];
}
