import { dirname, resolveFrom } from "#base/path";
import { blockingFileSystem } from "#system/runtime-modules";

/** So many links one behind the other lead nowhere, as for the system (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * The places that a path leads to. Each is looked at once, links as they are then, and nothing of it is noted in a read
 * trace.
 */
export class LinkedPlaces {
  readonly #known = new Map<string, readonly string[]>();

  /** A path by all names that it has on the way through links, itself first and the one without links last. */
  of(path: string): readonly string[] {
    return this.#of(path, MOST_LINKS);
  }

  #of(path: string, links: number): readonly string[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const parent = dirname(path);
    if (parent === path) return [path];
    const name = path.slice(parent.length);
    const names = this.#of(parent, links).map((place) => (parent.endsWith("/") ? path : place + name));
    const real = names.at(-1) ?? path;
    const target = links > 0 ? targetOf(real) : undefined;
    const further = target === undefined ? [] : this.#of(resolveFrom(dirname(real), target), links - 1);
    const places = [...new Set([...names, ...further])];
    this.#known.set(path, places);
    return places;
  }
}

function targetOf(path: string): string | undefined {
  const { lstatSync, readlinkSync } = blockingFileSystem();
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? readlinkSync(path).replaceAll("\\", "/") : undefined;
  } catch {
    return undefined;
  }
}
