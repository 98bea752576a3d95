import type { Diagnostic } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import { isInside } from "#base/path";
import { taskKeyPlace } from "#core/config/config";
import type { TaskSource } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import type { InstanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import { findTask } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { OWN_FILES } from "#core/model/cache";
import { watchPattern } from "./watch-pattern";
import type { PatternPlace, WatchPattern } from "./watch-pattern";
import type { WatchSettings } from "./watch-settings";

/** What an instance is run again for. */
export interface WatchSpec {
  readonly id: InstanceId;
  /** From `watch`, else `inputs`; undefined: any file of its package that is not ignored. */
  readonly paths: readonly WatchPattern[] | undefined;
  /** There where the files of its package count beside `paths`, by `$default` in `inputs`: what is taken out of them. */
  readonly ownExcept: readonly WatchPattern[] | undefined;
  /** What it goes by without naming it for that: `global_inputs`, its stdin, files of variables. */
  readonly also: readonly WatchPattern[];
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

export interface WatchContext {
  readonly workspace: Workspace;
  readonly settings: WatchSettings;
  /** Globs from the root: what they mean counts for every instance that does not say itself what does. */
  readonly globalInputs: readonly string[];
}

/** Works out what each instance of a plan is run again for. Globs that leave the workspace are E280. */
export function watchPlan(
  plan: Plan,
  { workspace, settings, globalInputs }: WatchContext,
  found: Diagnostic[],
): WatchPlan {
  const byDir = new Map([...workspace.packages.values()].map((pkg) => [pkg.dir, pkg]));
  const specs = new Map<InstanceId, WatchSpec>();
  const outputs: WatchPattern[] = [];
  const seen = new Set<string>();
  const { root } = workspace;
  const shared = globalInputs.flatMap((glob) => watchPattern(glob, { root, dir: root }) ?? []);
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
    const also = [
      ...shared,
      ...readFiles(instance, plan)
        .filter((path) => isInside(root, path))
        .map(exactly),
    ];
    specs.set(instance.id, specOf(instance, table, { globs, settings, packageDir: pkg.dir, also }));
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
      if (key === "inputs" && glob === OWN_FILES) return [];
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
  readonly also: readonly WatchPattern[];
}

function specOf(
  instance: Instance,
  { watch }: TaskTable,
  { globs, settings, packageDir, also }: SpecParts,
): WatchSpec {
  // As the plan has them: with what their references stand for.
  const inputs = (instance.cache ?? instance.declares)?.inputs;
  const table: Partial<Exclude<NonNullable<typeof watch>, readonly string[]>> =
    watch === undefined || isList(watch) ? {} : watch;
  const named =
    watch !== undefined && isList(watch)
      ? globs(watch, "watch")
      : table.paths !== undefined
        ? globs(table.paths, "watch", "paths")
        : undefined;
  const paths = named ?? (inputs === undefined ? undefined : globs(inputs, "inputs"));
  const isHandler = instance.edges.some(({ kind }) => kind !== "dep" && HANDLER_EDGES.has(kind));
  return {
    id: instance.id,
    paths,
    ownExcept:
      named === undefined && inputs?.includes(OWN_FILES) === true
        ? globs(inputs.slice(inputs.lastIndexOf(OWN_FILES) + 1), "inputs").filter(({ excludes }) => excludes)
        : undefined,
    also: named === undefined ? also : [],
    ignore: table.ignore === undefined ? [] : globs(table.ignore, "watch", "ignore"),
    packageDir,
    debounceMs:
      (table.debounce === undefined ? undefined : parseTimer(table.debounce)) ?? settings.debounceMs,
    restart: table.restart ?? false,
    isFollowed: !isHandler && (instance.steps.length > 0 || paths !== undefined),
  };
}

/** In `inputs`: what a task without any has. */

/** Absolute paths of the files that its stdin and its variables come from. */
function readFiles({ io, env, environment }: Instance, { environments }: Plan): readonly string[] {
  const paths = io.stdin?.kind === "file" ? [io.stdin.path] : [];
  for (const { files = [], entries } of [...(environments[environment]?.sources ?? []), ...env]) {
    for (const { path } of files) paths.push(path);
    for (const { value } of entries) if (value.kind === "file") paths.push(value.path);
  }
  return paths;
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
