import { blockingFileSystem } from "#system/runtime-modules";

/** More links than this in a row are a circle, as for the system (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * The paths that decide what a link stands for: every link on its way, in folders too, and the path at the end, or the first
 * that is not there. Each lies in a folder that is there and that no link leads through. Empty on systems with drives.
 *
 * @param path absolute, of a link whose own folder no link leads through
 */
export function wayOfLink(path: string): readonly string[] {
  const way: string[] = [];
  // Drives are another thing.
  if (!path.startsWith("/")) return way;
  const waiting = partsOf(path);
  let folder = "";
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part === "..") {
      folder = folder.slice(0, Math.max(folder.lastIndexOf("/"), 0));
      continue;
    }
    const place = `${folder}/${part}`;
    const found = lookAt(place);
    if (found.kind === "link") {
      way.push(place);
      if (way.length > MOST_LINKS) return way;
      if (found.target.startsWith("/")) folder = "";
      waiting.push(...partsOf(found.target));
    } else if (found.kind === "nothing" || waiting.length === 0) return [...way, place];
    else folder = place;
  }
  return way;
}

/** Parts of a path, the first one last. */
const partsOf = (path: string): string[] =>
  path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .reverse();

type Found = { readonly kind: "nothing" | "other" } | { readonly kind: "link"; readonly target: string };

function lookAt(path: string): Found {
  const { lstatSync, readlinkSync } = blockingFileSystem();
  try {
    return lstatSync(path).isSymbolicLink()
      ? { kind: "link", target: readlinkSync(path) }
      : { kind: "other" };
  } catch {
    return { kind: "nothing" };
  }
}
