import { ancestors } from "#base/path";
import type { InstanceId } from "#core/model/ids";
import type { WatchPattern } from "#core/watch/watch-pattern";

/** Patterns of outputs by the instances that make them. */
export type PatternsByInstance = ReadonlyMap<InstanceId, readonly WatchPattern[]>;

const NONE: PatternsByInstance = new Map();

/** Finds the instances whose outputs lie in a folder, or in whose outputs a folder lies, without going through all. */
export class OutputPlaces {
  /** By the folders that patterns begin in. */
  readonly #at = new Map<string, Map<InstanceId, WatchPattern[]>>();
  /** By those folders and all above them. */
  readonly #below = new Map<string, Map<InstanceId, WatchPattern[]>>();

  add(id: InstanceId, patterns: readonly WatchPattern[]): void {
    for (const pattern of patterns) {
      put(this.#at, pattern.base, { id, pattern });
      for (const folder of ancestors(pattern.base)) put(this.#below, folder, { id, pattern });
    }
  }

  /** Those that begin in the folder, below it, or above it. */
  near(folder: string): PatternsByInstance {
    const [, ...above] = ancestors(folder);
    const below = this.#below.get(folder) ?? NONE;
    const around = above.flatMap((one) => this.#at.get(one) ?? []);
    if (around.length === 0) return below;
    const all = new Map<InstanceId, readonly WatchPattern[]>();
    for (const found of [...around, below])
      for (const [id, patterns] of found) all.set(id, [...(all.get(id) ?? []), ...patterns]);
    return all;
  }
}

function put(
  index: Map<string, Map<InstanceId, WatchPattern[]>>,
  folder: string,
  { id, pattern }: { readonly id: InstanceId; readonly pattern: WatchPattern },
): void {
  let byInstance = index.get(folder);
  if (byInstance === undefined) index.set(folder, (byInstance = new Map()));
  const patterns = byInstance.get(id);
  if (patterns === undefined) byInstance.set(id, [pattern]);
  else patterns.push(pattern);
}
