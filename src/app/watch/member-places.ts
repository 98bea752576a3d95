import { globMatcher } from "#base/glob";
import { basename, dirname, isInside, relativeTo } from "#base/path";
import { watchPattern } from "#core/watch/watch-pattern";
import type { Workspace } from "#core/workspace/workspace";

/** Where packages of a workspace may appear. */
export class MemberPlaces {
  readonly #globs: readonly ((folder: string) => boolean)[];
  /** Folders that packages lie in. */
  readonly #parents: ReadonlySet<string>;
  /** Names of files by which folders are packages, beside those of zr. */
  readonly #manifests: ReadonlySet<string>;

  constructor({ root, rootPackage, packages }: Workspace) {
    const members = rootPackage.config.files.flatMap(({ document }) => document.workspace?.members ?? []);
    this.#globs = members.flatMap((glob) => leadsTo(glob, root));
    const inner = [...packages.values()].filter((pkg) => pkg !== rootPackage);
    this.#parents = new Set(inner.map((pkg) => dirname(pkg.dir)));
    this.#manifests = new Set([...packages.values()].flatMap(({ manifests }) => manifests.map(basename)));
  }

  /** Whether a folder may become a package or leads to such: one that the globs mean, or beside a package. */
  has(folder: string): boolean {
    return (
      this.#parents.has(folder) ||
      this.#parents.has(dirname(folder)) ||
      this.#globs.some((leads) => leads(folder))
    );
  }

  /** Whether a file may make its folder a package. */
  isManifest(path: string): boolean {
    return this.#manifests.has(basename(path)) && this.has(dirname(path));
  }
}

/** For a glob of folders, whether one is meant by it or lies above what is. */
function leadsTo(glob: string, root: string): readonly ((folder: string) => boolean)[] {
  const pattern = watchPattern(glob, { root, dir: root });
  if (pattern === undefined || pattern.excludes) return [];
  const { base, rest } = pattern;
  const parts = rest === "" ? [] : rest.split("/");
  const deep = parts.indexOf("**");
  const above = parts.map((_, index) => globMatcher(parts.slice(0, index + 1).join("/")));
  return [
    (folder) => {
      if (isInside(folder, base)) return true;
      if (!isInside(base, folder)) return false;
      const inner = relativeTo(base, folder);
      const depth = inner.split("/").length;
      if (deep !== -1 && depth > deep)
        return deep === 0 || above[deep - 1]?.(firstParts(inner, deep)) === true;
      return above[depth - 1]?.(inner) === true;
    },
  ];
}

const firstParts = (path: string, count: number): string => path.split("/").slice(0, count).join("/");
