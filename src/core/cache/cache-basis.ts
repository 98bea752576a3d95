import type { Workspace } from "#core/workspace/workspace";
import { cacheSettings, globalInputs } from "./cache-settings";
import type { CacheSettings } from "./cache-settings";
import { declaredOutputs } from "./declared-outputs";

/** What the keys and the cache of a run go by, besides its plan. */
export interface CacheBasis {
  readonly settings: () => Promise<CacheSettings>;
  /** Globs from the root that are part of every key. */
  readonly globalInputs: () => readonly string[];
  /** Absolute paths of the folders of all packages. */
  readonly packageDirs: () => readonly string[];
  /** Globs of all that the tasks of a package declare to make, by the folder of the package. */
  readonly outputsOf: (dir: string) => readonly string[];
}

/** Looks into the workspace only when it is asked: most runs have nothing to do with a cache. */
export function cacheBasis(workspace: Workspace): CacheBasis {
  const outputs = new Map<string, readonly string[]>();
  const declaredIn = (dir: string): readonly string[] =>
    [...workspace.packages.values()].filter((pkg) => pkg.dir === dir).flatMap(declaredOutputs);
  return {
    settings: () => Promise.resolve(cacheSettings(workspace)),
    globalInputs: () => globalInputs(workspace),
    packageDirs: () => [...workspace.packages.values()].map(({ dir }) => dir),
    outputsOf: (dir) => {
      let found = outputs.get(dir);
      if (found === undefined) outputs.set(dir, (found = declaredIn(dir)));
      return found;
    },
  };
}
