import type { Place } from "#base/diagnostic";

/** One package depends on another: on which, in which sense, and where that is written down. */
export interface PackageEdge {
  /** Name of the package that is depended on. */
  readonly on: string;
  /** The manifest's own word: `dependencies`, `devDependencies`, `path`, `replace`; `deps` where zr.toml says it. */
  readonly kind: string;
  readonly place: Place;
}
