import { ancestors } from "#base/path";
import { globsOverlap } from "./glob-overlap";
import type { GlobPlace } from "./glob-overlap";

/** Globs by the folders that they begin in, so that one is compared only with those near it. */
export class GlobIndex<T> {
  readonly #at = new Map<string, Entry<T>[]>();
  readonly #below = new Map<string, Entry<T>[]>();
  #size = 0;

  add(glob: GlobPlace, value: T): void {
    const base = baseOf(glob);
    const entry: Entry<T> = { glob, value, order: this.#size };
    this.#size += 1;
    put(this.#at, base, entry);
    for (const folder of ancestors(base)) put(this.#below, folder, entry);
  }

  /** What was added with a glob that may mean the same path as another one, in the order in which it was added. */
  *overlapping(glob: GlobPlace): Iterable<T> {
    const base = baseOf(glob);
    const [, ...above] = ancestors(base);
    const near = [this.#below.get(base) ?? [], ...above.map((folder) => this.#at.get(folder) ?? [])].flat();
    near.sort((a, b) => a.order - b.order);
    for (const entry of near) if (globsOverlap(entry.glob, glob)) yield entry.value;
  }
}

interface Entry<T> {
  readonly glob: GlobPlace;
  readonly value: T;
  readonly order: number;
}

/** What goes up behind a wildcard may lie anywhere. */
const baseOf = ({ base, rest }: GlobPlace): string => (rest.includes("..") ? "/" : base);

function put<T>(map: Map<string, Entry<T>[]>, folder: string, entry: Entry<T>): void {
  const list = map.get(folder);
  if (list === undefined) map.set(folder, [entry]);
  else list.push(entry);
}
