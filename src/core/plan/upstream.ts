import type { InstanceId } from "#core/model/ids";
import type { Edge, Instance } from "#core/model/plan";
import type { Reason } from "#core/model/reason";
import { parseReference } from "#core/workspace/references";

/** An instance as far as the question goes what has ended before it. */
export interface Linked extends Pick<Instance, "name" | "package" | "matrix"> {
  readonly id: InstanceId;
  readonly edges: readonly Edge[];
  readonly reason: Reason;
}

/** For each instance of a plan those that are sure to have ended when it starts, and the names it may call them by. */
export class Upstream<T extends Linked> {
  readonly #byId: ReadonlyMap<InstanceId, T>;
  /** Ended before the plan began. */
  readonly #earlier: readonly T[];
  readonly #before = new Map<InstanceId, readonly T[]>();

  constructor(instances: Iterable<T>, earlier: readonly T[] = []) {
    this.#byId = new Map(Array.from(instances, (instance) => [instance.id, instance]));
    this.#earlier = earlier;
  }

  /** What has ended when the instance starts; of a task that never ends only what that needs. */
  before(id: InstanceId): readonly T[] {
    let before = this.#before.get(id);
    if (before === undefined) this.#before.set(id, (before = [...this.#walk(id), ...this.#earlier]));
    return before;
  }

  /**
   * What the instance means by a name: a task of its own package, an id, `pkg:task`, else a task of this name in any
   * package. Brackets pick among combinations of a matrix. Several where the name fits several.
   */
  find(id: InstanceId, name: string): readonly T[] {
    const before = this.before(id);
    const parsed = parseReference(name);
    const picks = Object.entries(parsed.pick);
    const picked =
      picks.length === 0
        ? before
        : before.filter((other) => picks.every(([key, value]) => other.matrix[key] === value));
    const owner = this.#byId.get(id)?.package;
    const wanted = parsed.name.startsWith("//:") ? parsed.name.slice(2) : parsed.name;
    for (const fits of [
      (other: T) => other.package === owner && other.name === wanted,
      (other: T) => other.id === name,
      (other: T) => `${other.package}:${other.name}` === wanted,
      (other: T) => other.name === wanted,
    ]) {
      const found = picked.filter(fits);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The names by which an instance may call what comes before it. */
  names(id: InstanceId): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { id: other, name, package: pkg } of this.before(id))
      names
        .add(other)
        .add(name)
        .add(pkg === "" ? `//:${name}` : `${pkg}:${name}`);
    return names;
  }

  #walk(id: InstanceId): readonly T[] {
    const found: T[] = [];
    const seen = new Set<InstanceId>([id]);
    const queue = [id];
    for (const at of queue) {
      const instance = this.#byId.get(at);
      if (instance === undefined) continue;
      // What a step calls starts when the caller has, and that waited for its own dependencies.
      const caller = this.#callerOf(instance);
      if (caller !== undefined && !seen.has(caller)) {
        seen.add(caller);
        queue.push(caller);
      }
      for (const { on, kind } of instance.edges) {
        if (seen.has(on)) continue;
        seen.add(on);
        queue.push(on);
        const other = this.#byId.get(on);
        if (other !== undefined && kind !== "ready") found.push(other);
      }
    }
    return found;
  }

  /** The instance whose step runs this one, alone or as something that a called one needs. */
  #callerOf(instance: T): InstanceId | undefined {
    const seen = new Set<InstanceId>();
    for (let at: T | undefined = instance; at !== undefined && !seen.has(at.id);) {
      seen.add(at.id);
      const { reason } = at;
      if (reason.kind === "call") return reason.of;
      if (!("of" in reason)) return undefined;
      at = this.#byId.get(reason.of);
    }
    return undefined;
  }
}
