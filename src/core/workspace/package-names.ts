import { basename, relativeTo } from "#base/path";
import type { SourceFile } from "#core/config/config";
import type { LoadedFiles } from "#core/config/load";

const NO_FILES: readonly SourceFile[] = [];

/** The highest file that says something about the package has the last word, key by key. */
export function aboutPackage(own: readonly SourceFile[]): NonNullable<SourceFile["document"]["package"]> {
  const about: NonNullable<SourceFile["document"]["package"]> = {};
  for (const { document } of own) Object.assign(about, document.package);
  return about;
}

/** The names of all packages by folder: a manifest that lists the others may bear the name of one of them. */
export function packageNames({ root, packages, discovery }: LoadedFiles): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [dir, own] of packages) {
    if (dir === root) continue;
    const name = aboutPackage(own).name ?? discovery?.packages.get(dir)?.name ?? relativeTo(root, dir);
    names.set(dir, name);
    taken.add(name);
  }
  const given = aboutPackage(packages.get(root) ?? NO_FILES).name;
  const inferred = discovery?.packages.get(root)?.name;
  const free = inferred === undefined || taken.has(inferred) ? basename(root) : inferred;
  names.set(root, given ?? free);
  return names;
}
