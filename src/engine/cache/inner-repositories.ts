import { ancestors, dirname, isInside } from "#base/path";
import { fileEntry } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";

/** A line of `.gitmodules` that says where a submodule lies (gitmodules(5)). */
const PLACE = /^\s*path\s*=\s*"?([^"\n]*?)"?\s*$/gm;

/**
 * Absolute paths below a folder of which git names no files, though they are folders: checked-out submodules, and what
 * packages lie in or behind without being a plain folder, such as a repository of its own or a link.
 */
export function innerRepositories(folder: string, packageDirs: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const dir of packageDirs)
    for (let place = dir; place !== folder && isInside(folder, place) && !found.has(place);) {
      found.add(place);
      place = dirname(place);
    }
  const top = ancestors(folder).find((above) => fileEntry(`${above}/.git`) !== undefined);
  if (top === undefined) return found;
  for (const [, path = ""] of (readAtOnce(`${top}/.gitmodules`) ?? "").matchAll(PLACE)) {
    const place = `${top}/${path}`;
    if (isInside(folder, place) && fileEntry(`${place}/.git`) !== undefined) found.add(place);
  }
  return found;
}
