import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { watchPattern } from "#core/watch/watch-pattern";
import { LinkedPlaces } from "#system/fs/linked-places";
import { OWN_FILES } from "#core/model/cache";
import type { CacheRule } from "#core/model/cache";
import { patternsOf } from "./input-files";
import { OutputPlaces } from "./output-places";

/**
 * Where instances of a run have been at work: what is known from before the run holds for all other places. A place is the
 * same by whatever links it is named.
 */
export class WorkedPlaces {
  readonly #root: string;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #places = new OutputPlaces();
  readonly #links = new LinkedPlaces();
  #isAnywhere = false;

  /** @param root of the workspace, absolute. */
  constructor(root: string, instances: ReadonlyMap<InstanceId, Instance>) {
    this.#root = root;
    this.#instances = instances;
  }

  /** An instance has been run, or its outputs have been made. What declares none may have written anywhere in its package. */
  add({ id, environment: dir }: Instance, { outputs }: CacheRule): void {
    const patterns = patternsOf(outputs.length === 0 ? ["**"] : outputs, { root: this.#root, dir });
    this.#isAnywhere = true;
    this.#places.add(
      id,
      patterns.flatMap((pattern) => this.#links.of(pattern.base).map((base) => ({ ...pattern, base }))),
    );
  }

  /** Whether something that comes before an instance, by any edge, has been at work where its inputs may lie. */
  hold(instance: Instance, { inputs }: CacheRule): boolean {
    if (!this.#isAnywhere) return false;
    const { environment: dir, io } = instance;
    const bases = new Set(io.stdin?.kind === "file" ? [io.stdin.path] : []);
    for (const glob of inputs ?? [OWN_FILES]) {
      const base = glob === OWN_FILES ? dir : watchPattern(glob, { root: this.#root, dir })?.base;
      if (base !== undefined) bases.add(base);
    }
    const near = new Set<InstanceId>();
    for (const base of bases)
      for (const place of this.#links.of(base))
        for (const id of this.#places.near(place).keys()) near.add(id);
    return near.size > 0 && this.#isBehind(instance, near);
  }

  #isBehind(instance: Instance, ids: ReadonlySet<InstanceId>): boolean {
    const seen = new Set<InstanceId>();
    const open = [instance];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const id of [...next.edges.map(({ on }) => on), ...next.calls.flat()]) {
        if (ids.has(id)) return true;
        const before = seen.has(id) ? undefined : this.#instances.get(id);
        seen.add(id);
        if (before !== undefined) open.push(before);
      }
    return false;
  }
}
