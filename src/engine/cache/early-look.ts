import { followedEntry } from "#system/fs/followed-entry";
import { FOLLOWED } from "./read-facts";
import type { ReadFacts } from "./read-facts";

/** After so many milliseconds a run is long enough for someone to put other files in the place of those that were read. */
const SOON_MS = 25;

/**
 * A look at what a plan was read from, soon after it was. What is put there later by a folder or a link that leads to it
 * may be older than the run, so its times tell nothing.
 */
export class EarlyLook {
  readonly #timer: ReturnType<typeof setTimeout>;
  #inodes: ReadonlyMap<string, number | undefined> | undefined;

  constructor(paths: ReadonlySet<string>) {
    this.#timer = setTimeout(() => {
      this.#inodes = new Map([...paths].map((path) => [path, followedEntry(path)?.inode]));
    }, SOON_MS);
    this.#timer.unref();
  }

  /**
   * Ends the look. Whether facts are about the same files and folders, as far as they are about them; true where the run was
   * over before it.
   */
  isOfSame({ index }: ReadFacts): boolean {
    clearTimeout(this.#timer);
    for (const [path, inode] of this.#inodes ?? []) {
      const fact = index.get(FOLLOWED + path) ?? index.get(path);
      if (fact !== undefined && fact.inode !== (inode ?? 0)) return false;
    }
    return true;
  }
}
