import { CONFIG_NAMES } from "#core/config/config-names";
import { basename, isInside } from "#base/path";
import { affectedBy, watchedBases } from "#core/watch/affected";
import type { AffectedOptions } from "#core/watch/affected";
import type { InstanceId } from "#core/model/ids";
import { IgnoredPaths } from "#engine/watch/ignored-paths";
import { isMeant } from "#core/watch/watch-pattern";
import { readAtOnce } from "#system/fs/read-at-once";
import { MemberPlaces } from "./member-places";
import type { WatchTarget } from "./watch-target";

/** What a changed file means. */
export interface FileMeaning {
  readonly ids: readonly InstanceId[];
  readonly isConfig: boolean;
  readonly isIgnoreFile: boolean;
}

/** Which files and folders of the workspace are of interest, and to what. */
export class WatchFiles {
  readonly #ignored: IgnoredPaths;
  #target: WatchTarget;
  #options: AffectedOptions;
  #bases: readonly string[];
  #places: MemberPlaces;

  constructor(target: WatchTarget, env: Readonly<Record<string, string | undefined>>) {
    this.#ignored = new IgnoredPaths({
      root: target.loaded.workspace.root,
      read: readAtOnce,
      userFiles: userIgnoreFiles(env),
    });
    this.#target = target;
    this.#options = this.#optionsOf(target);
    this.#bases = this.#basesOf(target);
    this.#places = new MemberPlaces(target.loaded.workspace);
  }

  /** From now on for another configuration of the same workspace. */
  use(target: WatchTarget): void {
    this.#target = target;
    this.#options = this.#optionsOf(target);
    this.#bases = this.#basesOf(target);
    this.#places = new MemberPlaces(target.loaded.workspace);
  }

  /** Takes note of a changed file: ignore files are read again when they are next asked for. Gives whether it is one. */
  noteChange(path: string): boolean {
    const isIgnoreFile = this.#ignored.isIgnoreFile(path);
    if (isIgnoreFile) this.#ignored.forget();
    return isIgnoreFile;
  }

  /**
   * Whether what lies in a folder is of interest: it leads to a base or lies in one, and is not ignored or is named; or a
   * package may appear there.
   */
  follows(folder: string): boolean {
    const { root } = this.#target.loaded.workspace;
    if (isMeant(this.#target.settings.ignore, folder)) return false;
    const ignored = folder === root ? undefined : this.#ignored.ignoredAt(folder, true);
    if (ignored === undefined && this.#places.has(folder)) return true;
    return this.#bases.some(
      (base) =>
        (isInside(folder, base) || isInside(base, folder)) &&
        (ignored === undefined || isInside(ignored, base)),
    );
  }

  /** What the change of a file means. */
  meaning(path: string): FileMeaning {
    return {
      ids: affectedBy(path, this.#options),
      isConfig:
        this.#options.configFiles.has(path) ||
        isMeant(this.#target.configGlobs, path) ||
        ((CONFIG_NAMES.includes(basename(path)) || this.#places.isManifest(path)) &&
          this.#ignored.ignoredAt(path, false) === undefined),
      isIgnoreFile: this.#ignored.isIgnoreFile(path),
    };
  }

  /** The longest quiet time that any of the instances asks for. */
  debounceMs(ids: Iterable<InstanceId>): number {
    let longest: number | undefined;
    for (const id of ids) {
      const own = this.#target.watch.specs.get(id)?.debounceMs ?? 0;
      longest = longest === undefined ? own : Math.max(longest, own);
    }
    return longest ?? this.#target.settings.debounceMs;
  }

  #basesOf({ watch, configGlobs }: WatchTarget): readonly string[] {
    return [...watchedBases(watch.specs.values(), this.#options), ...configGlobs.map(({ base }) => base)];
  }

  #optionsOf({ loaded, watch, followed, rules, settings, configFiles }: WatchTarget): AffectedOptions {
    const packages = [...loaded.workspace.packages.values()];
    return {
      plan: watch,
      followed,
      rules,
      ignore: settings.ignore,
      packageDirs: packages.map((pkg) => pkg.dir),
      configFiles,
      manifests: new Set(packages.flatMap((pkg) => pkg.manifests)),
      ignoredAt: (path) => this.#ignored.ignoredAt(path, false),
    };
  }
}

/** Where git looks for what a user ignores everywhere (gitignore(5)), unless its own configuration names another file. */
function userIgnoreFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { XDG_CONFIG_HOME: xdg, HOME: home } = env;
  if (xdg !== undefined && xdg !== "") return [`${xdg}/git/ignore`];
  return home === undefined || home === "" ? [] : [`${home}/.config/git/ignore`];
}
