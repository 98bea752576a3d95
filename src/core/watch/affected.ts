import { isInside } from "#base/path";
import type { InstanceId } from "#core/model/ids";
import { isMeant, isNamed } from "./watch-pattern";
import type { WatchPattern } from "./watch-pattern";
import type { WatchRule } from "./watch-settings";
import type { WatchPlan, WatchSpec } from "./watch-spec";

/** Rules that are active, each with the instances that its tasks mean. */
export interface ActiveRule {
  readonly pattern: WatchRule["pattern"];
  readonly ids: readonly InstanceId[];
}

export interface AffectedOptions {
  readonly plan: WatchPlan;
  /** Instances that are followed for their own files; the others are there for rules alone. */
  readonly followed: ReadonlySet<InstanceId>;
  readonly rules: readonly ActiveRule[];
  readonly ignore: readonly WatchPattern[];
  /** Folders of all packages: a file belongs to the deepest that it lies in. */
  readonly packageDirs: readonly string[];
  /** Files of the configuration, which are not sources of a package unless they are manifests. */
  readonly configFiles: ReadonlySet<string>;
  readonly manifests: ReadonlySet<string>;
  /** The topmost ignored folder above a path, or the path itself where it is ignored; undefined where it is not. */
  readonly ignoredAt: (path: string) => string | undefined;
}

/** The instances that a change of a file affects by itself, dependents not among them. */
export function affectedBy(path: string, options: AffectedOptions): readonly InstanceId[] {
  const { plan, rules, ignore, followed } = options;
  if (isMeant(ignore, path) || isMeant(plan.outputs, path)) return [];
  const ignored = options.ignoredAt(path);
  const isTaken = (patterns: readonly WatchPattern[]): boolean =>
    ignored === undefined ? isMeant(patterns, path) : isNamed(patterns, path, ignored);
  const ids = new Set<InstanceId>();
  const isSource = !options.configFiles.has(path) || options.manifests.has(path);
  const owner = ignored === undefined && isSource ? packageOf(path, options) : undefined;
  for (const spec of plan.specs.values()) {
    if (!spec.isFollowed || !followed.has(spec.id) || isMeant(spec.ignore, path)) continue;
    if (isTaken(spec.also) || (hasOwn(spec, path) && spec.packageDir === owner)) ids.add(spec.id);
    else if (spec.paths !== undefined && isTaken(spec.paths)) ids.add(spec.id);
  }
  for (const rule of rules) if (isTaken([rule.pattern])) for (const id of rule.ids) ids.add(id);
  return [...ids];
}

/** Whether a file counts for an instance if it is one of its package. */
const hasOwn = ({ paths, ownExcept }: WatchSpec, path: string): boolean =>
  paths === undefined || ownExcept?.some(({ matches }) => matches(path)) === false;

/** The deepest package folder that a path lies in. */
function packageOf(path: string, { packageDirs }: AffectedOptions): string | undefined {
  let deepest: string | undefined;
  for (const dir of packageDirs)
    if (isInside(dir, path) && (deepest === undefined || dir.length > deepest.length)) deepest = dir;
  return deepest;
}

/** Folders and files that have to be followed: what lies below them is of interest. */
export function watchedBases(
  specs: Iterable<WatchSpec>,
  { followed, rules, configFiles }: Pick<AffectedOptions, "followed" | "rules" | "configFiles">,
): readonly string[] {
  const bases = new Set<string>(configFiles);
  for (const spec of specs) {
    if (!spec.isFollowed || !followed.has(spec.id)) continue;
    if (spec.paths === undefined || spec.ownExcept !== undefined) bases.add(spec.packageDir);
    for (const { excludes, base } of [...(spec.paths ?? []), ...spec.also]) if (!excludes) bases.add(base);
  }
  for (const rule of rules) bases.add(rule.pattern.base);
  // A base below another one adds nothing, unless the way to it is ignored: it is kept, there are few.
  return [...bases];
}
