import type { Diagnostic, Place } from "#base/diagnostic";
import { isInside } from "#base/path";
import { taskKeyPlace } from "#core/config/config";
import type { TaskSource } from "#core/config/config";
import type { Instance, Plan } from "#core/model/plan";
import { watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { findTask } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { OWN_FILES } from "#core/model/cache";
import { checkRootOutputs } from "./check-root-outputs";
import { withoutValues } from "./declared-outputs";
import { GlobIndex } from "./glob-index";

/** Outputs of one task. */
interface Outputs {
  readonly task: string;
  readonly globs: readonly OutputGlob[];
  readonly allowsOverlap: boolean;
  readonly place: (index: number) => Place;
}

interface OutputGlob {
  readonly text: string;
  readonly base: string;
  readonly rest: string;
}

/** Problems of the inputs and outputs of a plan's cached tasks: E310, E311. */
export function checkCachedFiles(plan: Plan, workspace: Workspace): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const byDir = new Map([...workspace.packages.values()].map((pkg) => [pkg.dir, pkg]));
  const others = new Map<Package, PackageOutputs>();
  const seen = new Set<string>();
  for (const instance of plan.instances) {
    const pkg = byDir.get(instance.environment);
    const target = pkg === undefined ? undefined : findTask(pkg, instance.name);
    if (instance.cache === undefined || pkg === undefined || target === undefined) continue;
    const { sources } = pkg.resolve(target.entry);
    const { root } = workspace;
    found.push(...checkPlaces(instance, { root, sources, name: target.entry.name }));
    // What several instances of one task write is told once.
    if (instance.cache.outputs.length === 0 || seen.has(instance.task)) continue;
    seen.add(instance.task);
    let all = others.get(pkg);
    if (all === undefined) others.set(pkg, (all = outputsOfPackage(pkg, root)));
    found.push(...overlaps(target.entry.name, all));
  }
  return [...found, ...ownOverlaps(plan, workspace.root), ...checkRootOutputs(plan.instances, workspace)];
}

/** Instances of one task, as of a matrix, that would write the same files. */
function ownOverlaps({ instances }: Plan, root: string): Diagnostic[] {
  const byTask = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { cache, task } = instance;
    if (cache === undefined || cache.outputs.length === 0 || cache.allowOverlap) continue;
    const same = byTask.get(task);
    if (same === undefined) byTask.set(task, [instance]);
    else same.push(instance);
  }
  return [...byTask.values()].flatMap((same) => overlapAmong(same, root));
}

function overlapAmong(same: readonly Instance[], root: string): Diagnostic[] {
  const seen = new GlobIndex<{ readonly id: string; readonly pattern: WatchPattern }>();
  for (const { id, cache, environment, place } of same) {
    const patterns = (cache?.outputs ?? []).flatMap((glob) => {
      const pattern = watchPattern(glob, { root, dir: environment });
      return pattern === undefined || pattern.excludes ? [] : [pattern];
    });
    for (const pattern of patterns) {
      const [other] = seen.overlapping(pattern);
      if (other === undefined) continue;
      const data = { task: id, other: other.id, glob: pattern.text, theirs: other.pattern.text };
      return [{ code: "E311", severity: "error", data, place }];
    }
    for (const pattern of patterns) seen.add(pattern, { id, pattern });
  }
  return [];
}

interface TaskFacts {
  readonly root: string;
  readonly sources: readonly TaskSource[];
  readonly name: string;
}

function checkPlaces({ cache, environment }: Instance, { root, sources, name }: TaskFacts): Diagnostic[] {
  const found: Diagnostic[] = [];
  const tell = (key: "inputs" | "outputs" | "depfile", at: readonly [number, string], why: string): void => {
    const [index, glob] = at;
    const place = key === "depfile" ? taskKeyPlace(sources, key) : taskKeyPlace(sources, key, index);
    found.push({ code: "E310", severity: "error", data: { glob, key, task: name, why }, place });
  };
  const from = { root, dir: environment };
  for (const [index, glob] of (cache?.inputs ?? []).entries())
    if (glob !== OWN_FILES && watchPattern(glob, from) === undefined)
      tell("inputs", [index, glob], "leaves the workspace");
  for (const [index, glob] of (cache?.outputs ?? []).entries()) {
    const key = glob === cache?.depfile ? "depfile" : "outputs";
    const pattern = watchPattern(glob, from);
    if (pattern === undefined) tell(key, [index, glob], "leaves the workspace");
    else if (!isFromRoot(glob) && !isInside(environment, pattern.base))
      tell(key, [index, glob], "leaves the package; begin it with // to mean the workspace");
    else if (isEverything(pattern.rest) && isInside(pattern.base, environment))
      tell(key, [index, glob], "is the whole package, its sources too");
  }
  return found;
}

const isFromRoot = (glob: string): boolean => glob.startsWith("//") || glob.startsWith("!//");
const isEverything = (rest: string): boolean => rest === "" || rest === "**" || rest === "**/*";

/** What the tasks of a package declare to make. */
interface PackageOutputs {
  readonly byTask: ReadonlyMap<string, Outputs>;
  /** Of those tasks whose outputs may not overlap with others, with the place of the glob among them. */
  readonly exclusive: GlobIndex<readonly [Outputs, number]>;
}

function outputsOfPackage(pkg: Package, root: string): PackageOutputs {
  const byTask = new Map<string, Outputs>();
  const exclusive: PackageOutputs["exclusive"] = new GlobIndex();
  for (const entry of pkg.config.tasks.values()) {
    const { table, sources } = pkg.resolve(entry);
    if (table.outputs === undefined || table.outputs.length === 0) continue;
    const globs = table.outputs.flatMap((text) => {
      const pattern = watchPattern(withoutValues(text), { root, dir: pkg.dir });
      return pattern === undefined || pattern.excludes
        ? []
        : [{ text, base: pattern.base, rest: pattern.rest }];
    });
    const outputs: Outputs = {
      task: entry.name,
      globs,
      allowsOverlap: table.allow_overlap ?? false,
      place: (index) => taskKeyPlace(sources, "outputs", index),
    };
    byTask.set(entry.name, outputs);
    if (outputs.allowsOverlap) continue;
    for (const [index, glob] of globs.entries()) exclusive.add(glob, [outputs, index]);
  }
  return { byTask, exclusive };
}

/** Tells of each other task once, by the first of the globs that overlap. */
function overlaps(task: string, { byTask, exclusive }: PackageOutputs): Diagnostic[] {
  const own = byTask.get(task);
  if (own === undefined || own.allowsOverlap) return [];
  const found = new Map<Outputs, Diagnostic>();
  for (const [index, glob] of own.globs.entries())
    for (const [other, theirs] of exclusive.overlapping(glob)) {
      const their = other.globs[theirs];
      if (other === own || their === undefined || found.has(other)) continue;
      found.set(other, {
        code: "E311",
        severity: "error",
        data: { task, other: other.task, glob: glob.text, theirs: their.text },
        place: own.place(index),
        related: [{ place: other.place(theirs), message: "and here" }],
      });
    }
  return [...found.values()];
}
