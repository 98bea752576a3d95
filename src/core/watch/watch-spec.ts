import type { Diagnostic } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import { taskKeyPlace } from "#core/config/config";
import type { TaskSource } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import type { InstanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import { findTask } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { watchPattern } from "./watch-pattern";
import type { PatternPlace, WatchPattern } from "./watch-pattern";
import type { WatchSettings } from "./watch-settings";

/** What an instance is run again for. */
export interface WatchSpec {
  readonly id: InstanceId;
  /** From `watch`, else `inputs`; undefined: any file of its package that is not ignored. */
  readonly paths: readonly WatchPattern[] | undefined;
  readonly ignore: readonly WatchPattern[];
  readonly packageDir: string;
  readonly debounceMs: number;
  /** Stopped and started again when it is affected while it runs. */
  readonly restart: boolean;
  /** Whether a change can affect it by itself: not a group, not a handler. */
  readonly isFollowed: boolean;
}

/** What is to be followed for a plan. */
export interface WatchPlan {
  readonly specs: ReadonlyMap<InstanceId, WatchSpec>;
  /** Files that the instances themselves write, as far as they declare it. */
  readonly outputs: readonly WatchPattern[];
}

/** Works out what each instance of a plan is run again for. Globs that leave the workspace are E280. */
export function watchPlan(
  plan: Plan,
  { workspace, settings }: { readonly workspace: Workspace; readonly settings: WatchSettings },
  found: Diagnostic[],
): WatchPlan {
  const byDir = new Map([...workspace.packages.values()].map((pkg) => [pkg.dir, pkg]));
  const specs = new Map<InstanceId, WatchSpec>();
  const outputs: WatchPattern[] = [];
  const seen = new Set<string>();
  for (const instance of plan.instances) {
    const pkg = byDir.get(instance.environment);
    const target = pkg === undefined ? undefined : findTask(pkg, instance.name);
    if (pkg === undefined || target === undefined) continue;
    const { table, sources } = pkg.resolve(target.entry);
    // Several instances of one task would tell the same problem several times.
    const report = seen.has(instance.task) ? [] : found;
    seen.add(instance.task);
    const from = { root: workspace.root, dir: pkg.dir };
    const globs = globReader({ task: target.entry.name, sources, from }, report);
    specs.set(instance.id, specOf(instance, table, { globs, settings, packageDir: pkg.dir }));
    outputs.push(...outputsOf(instance, table, globs));
  }
  return { specs, outputs };
}

type GlobReader = (globs: readonly string[], key: string, inner?: string) => readonly WatchPattern[];

interface GlobOrigin {
  readonly task: string;
  readonly sources: readonly TaskSource[];
  readonly from: PatternPlace;
}

function globReader({ task, sources, from }: GlobOrigin, found: Diagnostic[]): GlobReader {
  return (globs, key, inner) =>
    globs.flatMap((glob, index) => {
      const pattern = watchPattern(glob, from);
      if (pattern !== undefined) return [pattern];
      const place = taskKeyPlace(sources, key, ...(inner === undefined ? [index] : [inner, index]));
      found.push({ code: "E280", severity: "error", data: { glob, where: `task '${task}'` }, place });
      return [];
    });
}

interface SpecParts {
  readonly packageDir: string;
  readonly globs: GlobReader;
  readonly settings: WatchSettings;
}

function specOf(
  instance: Instance,
  { watch, inputs }: TaskTable,
  { globs, settings, packageDir }: SpecParts,
): WatchSpec {
  const table: Partial<Exclude<NonNullable<typeof watch>, readonly string[]>> =
    watch === undefined || isList(watch) ? {} : watch;
  const paths =
    watch !== undefined && isList(watch)
      ? globs(watch, "watch")
      : table.paths !== undefined
        ? globs(table.paths, "watch", "paths")
        : inputs === undefined
          ? undefined
          : globs(inputs, "inputs");
  const isHandler = instance.edges.some(({ kind }) => kind !== "dep" && HANDLER_EDGES.has(kind));
  return {
    id: instance.id,
    paths,
    ignore: table.ignore === undefined ? [] : globs(table.ignore, "watch", "ignore"),
    packageDir,
    debounceMs:
      (table.debounce === undefined ? undefined : parseTimer(table.debounce)) ?? settings.debounceMs,
    restart: table.restart ?? false,
    isFollowed: !isHandler && (instance.steps.length > 0 || paths !== undefined),
  };
}

const HANDLER_EDGES: ReadonlySet<string> = new Set(["finally", "success", "failure"]);

/** A union of a list and a table: the language does not tell read-only lists from tables by itself. */
const isList = <T>(value: readonly string[] | T): value is readonly string[] => Array.isArray(value);

function outputsOf(instance: Instance, { outputs, artifacts }: TaskTable, globs: GlobReader): WatchPattern[] {
  const files = [instance.io.stdout, instance.io.stderr].flatMap((redirect): WatchPattern[] =>
    redirect?.kind === "file" ? [exactly(redirect.path)] : [],
  );
  const kept =
    artifacts === undefined
      ? []
      : isList(artifacts)
        ? globs(artifacts, "artifacts")
        : globs(artifacts.paths ?? [], "artifacts", "paths");
  return [...(outputs === undefined ? [] : globs(outputs, "outputs")), ...kept, ...files];
}

const exactly = (path: string): WatchPattern => ({
  text: path,
  excludes: false,
  base: path,
  rest: "",
  matches: (other) => other === path,
});
