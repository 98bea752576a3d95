import { isInside, resolveFrom } from "#base/path";

/** Which files some commands have read and written, in the order in which they did. Paths are absolute. */
export class TouchedFiles {
  readonly #reads = new Set<string>();
  readonly #writes = new Set<string>();
  readonly #keep: (path: string) => string | undefined;

  /** @param keep the name to keep a path by; undefined where it is of no interest */
  constructor(keep: (path: string) => string | undefined) {
    this.#keep = keep;
  }

  /** Read before anything of them was written. */
  get reads(): ReadonlySet<string> {
    return this.#reads;
  }

  get writes(): ReadonlySet<string> {
    return this.#writes;
  }

  read(path: string): void {
    const name = this.#keep(path);
    if (name !== undefined && !this.#writes.has(name)) this.#reads.add(name);
  }

  write(path: string): void {
    const name = this.#keep(path);
    if (name !== undefined) this.#writes.add(name);
  }

  /** A file has become another one, or a folder has with all that was written into it. */
  move(from: string, to: string): void {
    const name = this.#keep(from);
    if (name !== undefined && !this.#writes.delete(name)) {
      const inside = [...this.#writes].filter((path) => isInside(name, path));
      if (inside.length === 0) this.#reads.add(name);
      for (const path of inside) {
        this.#writes.delete(path);
        this.write(resolveFrom(to, path.slice(name.length + 1)));
      }
    }
    this.write(to);
  }
}
