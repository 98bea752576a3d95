import type { Diagnostic, Place } from "#base/diagnostic";
import { withoutMirrored } from "#base/without-mirrored";
import { taskKeyPlace } from "#core/config/config";
import type { TaskEntry } from "#core/config/config";
import type { Instance } from "#core/model/plan";
import { watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { findTask } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { GlobIndex } from "./glob-index";

/** One output of a task of some package. */
interface DeclaredOutput {
  readonly pkg: Package;
  readonly entry: TaskEntry;
  readonly pattern: WatchPattern;
  readonly place: Place;
}

/**
 * E311 for outputs anywhere in the workspace, which begin with `//`, where a task of another package writes there too.
 * Outputs of others in which something is filled in are left out: what they come to is only known of planned tasks.
 */
export function checkRootOutputs(
  instances: readonly Instance[],
  workspace: Workspace,
): readonly Diagnostic[] {
  const { root } = workspace;
  const found: Diagnostic[] = [];
  const byDir = new Map([...workspace.packages.values()].map((pkg) => [pkg.dir, pkg]));
  let all: OutputIndex | undefined;
  const seen = new Set<string>();
  for (const { cache, environment, name, task } of instances) {
    const pkg = byDir.get(environment);
    if (cache === undefined || cache.allowOverlap || pkg === undefined || seen.has(task)) continue;
    const globs = cache.outputs.map((glob, index) => ({ glob, index }));
    const ofRoot = globs.filter(({ glob }) => glob.startsWith("//"));
    const entry = ofRoot.length === 0 ? undefined : findTask(pkg, name)?.entry;
    if (entry === undefined) continue;
    seen.add(task);
    all ??= outputIndex(workspace);
    for (const { glob, index } of ofRoot) {
      const pattern = watchPattern(glob, { root, dir: environment });
      const other = pattern === undefined ? undefined : all.overlapping(pattern, pkg);
      if (other === undefined) continue;
      const data = {
        task: labelOf(pkg, entry),
        other: labelOf(other.pkg, other.entry),
        glob,
        theirs: other.pattern.text,
      };
      const place = taskKeyPlace(pkg.resolve(entry).sources, "outputs", index);
      const related = [{ place: other.place, message: "and here" }];
      found.push({ code: "E311", severity: "error", data, place, related });
      break;
    }
  }
  return withoutMirrored(found);
}

const labelOf = ({ prefix }: Package, { name }: TaskEntry): string =>
  prefix === "" ? name : `${prefix}:${name}`;

interface OutputIndex {
  /** An output of another package that may be the same file. */
  readonly overlapping: (pattern: WatchPattern, own: Package) => DeclaredOutput | undefined;
}

/** All outputs of packages. */
function outputIndex(workspace: Workspace): OutputIndex {
  const all = new GlobIndex<DeclaredOutput>();
  for (const output of comparableOutputs(workspace)) all.add(output.pattern, output);
  return {
    overlapping: (pattern, own) => {
      for (const output of all.overlapping(pattern)) if (output.pkg !== own) return output;
      return undefined;
    },
  };
}

/** Of all packages, without those that may overlap, take away, or are only known when a task is planned. */
function* comparableOutputs({ packages, root }: Workspace): Iterable<DeclaredOutput> {
  for (const pkg of packages.values())
    for (const entry of pkg.config.tasks.values()) {
      const { table, sources } = pkg.resolve(entry);
      if (table.outputs === undefined || table.allow_overlap === true) continue;
      for (const [index, glob] of table.outputs.entries()) {
        const pattern = glob.includes("${") ? undefined : watchPattern(glob, { root, dir: pkg.dir });
        if (pattern === undefined || pattern.excludes) continue;
        yield { pkg, entry, pattern, place: taskKeyPlace(sources, "outputs", index) };
      }
    }
}
