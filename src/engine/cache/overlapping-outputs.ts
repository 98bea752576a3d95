import { isInside } from "#base/path";
import { GlobIndex } from "#core/cache/glob-index";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import type { WatchPattern } from "#core/watch/watch-pattern";
import type { OutputSharer } from "./cache-store";
import { patternsOf } from "./input-files";

/** Which instances of a run have outputs at the same places, as `allow_overlap` allows. */
export class OverlappingOutputs {
  readonly #root: string;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #patterns = new Map<InstanceId, readonly WatchPattern[]>();
  readonly #isAny: boolean;
  #all: GlobIndex<Instance> | undefined;

  /** @param root of the workspace, absolute. */
  constructor(root: string, instances: ReadonlyMap<InstanceId, Instance>) {
    this.#root = root;
    this.#instances = instances;
    this.#isAny = instances.values().some(({ cache }) => cache?.allowOverlap === true);
  }

  /**
   * Those whose outputs stay where the ones of an instance are put back. What comes before the instance is none of them:
   * what was left of its outputs is in the result.
   *
   * @param isSettled whether an instance has ended: then its result says what it has made.
   */
  with(instance: Instance, isSettled: (id: InstanceId) => boolean): readonly OutputSharer[] {
    const { cache, id } = instance;
    if (!this.#isAny || cache === undefined || cache.outputs.length === 0) return [];
    const own = this.#patternsOf(instance);
    const all = (this.#all ??= this.#indexed());
    const near = [...new Set(own.flatMap((glob) => [...all.overlapping(glob)]))].filter(
      (other) => other.id !== id && (cache.allowOverlap || other.cache?.allowOverlap === true),
    );
    if (near.length === 0) return [];
    const before = this.#before(instance);
    return near
      .filter((other) => !before.has(other.id))
      .map((other) => ({
        task: other.id,
        packageDir: other.environment,
        isCloser: this.#patternsOf(other).some((theirs) => own.some((glob) => isCloser(theirs, glob))),
        ...(isSettled(other.id) ? {} : { mayMake: this.#matcherOf(other) }),
      }));
  }

  /** The cached instances by what they make. */
  #indexed(): GlobIndex<Instance> {
    const all = new GlobIndex<Instance>();
    for (const instance of this.#instances.values())
      if (instance.cache !== undefined)
        for (const glob of this.#patternsOf(instance)) all.add(glob, instance);
    return all;
  }

  #patternsOf({ id, cache, environment }: Instance): readonly WatchPattern[] {
    let patterns = this.#patterns.get(id);
    if (patterns === undefined) {
      const all = patternsOf(cache?.outputs ?? [], { root: this.#root, dir: environment });
      this.#patterns.set(id, (patterns = all.filter(({ excludes }) => !excludes)));
    }
    return patterns;
  }

  #matcherOf(instance: Instance): (path: string) => boolean {
    const patterns = this.#patternsOf(instance);
    return (path) => patterns.some((pattern) => pattern.matches(path));
  }

  #before({ edges, calls }: Instance): ReadonlySet<InstanceId> {
    const seen = new Set<InstanceId>();
    const open = [...edges.map(({ on }) => on), ...calls.flat()];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const before = seen.has(id) ? undefined : this.#instances.get(id);
      seen.add(id);
      if (before !== undefined) open.push(...before.edges.map(({ on }) => on), ...before.calls.flat());
    }
    return seen;
  }
}

const isAll = ({ rest }: WatchPattern): boolean => rest === "" || rest === "**" || rest === "**/*";

/** Whether a glob means some of all that lies in the folder that another one means. */
const isCloser = (theirs: WatchPattern, glob: WatchPattern): boolean =>
  isAll(glob) && isInside(glob.base, theirs.base) && (theirs.base !== glob.base || !isAll(theirs));
